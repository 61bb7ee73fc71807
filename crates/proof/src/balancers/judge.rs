//! Holds what the library says of a balancer against where requests go.

use std::collections::BTreeSet;

use ecs_deploy::names::{Color, ListenerArn, RulesDigest, TargetGroupArn};
use ecs_deploy::traffic::{Advice, Reach, RuleArn, Scope, Traffic, TrafficRefusal};
use ecs_deploy_sandbox::model::elb::RequestHead;
use fastrand::Rng;

use super::advice::{follow, set_priorities};
use super::draw::Balancer;
use super::names::{self, Group};
use super::requests::requests;
use super::site::{Answer, Seen, Site};
use super::{Kind, Outcome, table};

/// Judges one balancer.
pub(super) struct Judge<'a> {
    balancer: &'a Balancer,
    requests: Vec<RequestHead>,
    outcome: Outcome,
}

/// What is left alone: by the config, or for one run.
struct Named {
    scope: Scope,
    digest: Option<RulesDigest>,
    rules: BTreeSet<RuleArn>,
}

impl Named {
    fn by_config(scope: Scope) -> Self {
        Self { rules: scope.accepted_rules.clone(), scope, digest: None }
    }

    fn holds(&self, listener: &ListenerArn, rule: &RuleArn) -> bool {
        self.scope.test_listener.as_ref() == Some(listener) || self.rules.contains(rule)
    }
}

/// What becomes of all requests, by listener.
type All = Vec<Vec<Seen>>;

impl<'a> Judge<'a> {
    pub(super) fn new(balancer: &'a Balancer, rng: &mut Rng) -> Self {
        Self { balancer, requests: requests(rng, balancer), outcome: Outcome::default() }
    }

    pub(super) async fn judge(mut self) -> Outcome {
        self.outcome.requests = self.requests.len() as u64;
        let site = Site::build(self.balancer).await;
        let before = site.ask(&self.requests).await;
        let named = Named::by_config(self.balancer.scope());
        let Some(traffic) = self.read(&site, &named).await else { return self.outcome };
        if let Some(again) = self.read(&site, &named).await
            && again.digest() != traffic.digest()
        {
            self.violated("the same rules have two digests");
        }
        self.reach(&traffic, &named, &before);
        match traffic.check() {
            Ok(live) => {
                self.came_by(&Kind::of_accepted(&traffic));
                self.moves(&site, &named, live, &before).await;
            }
            Err(refusal) => {
                self.came_by(&Kind::of_refused(&traffic, &refusal));
                self.advice(&refusal, &before).await;
                self.for_one_run(&site, &traffic, &refusal, named, &before).await;
            }
        }
        self.outcome
    }

    async fn read(&mut self, site: &Site, named: &Named) -> Option<Traffic> {
        match site.read(&named.scope, named.digest.as_ref()).await {
            Ok(traffic) => Some(traffic),
            Err(error) => {
                self.violated(&format!("what the balancer answers can't be read: {error}"));
                None
            }
        }
    }

    /// Whatever group a request ends at, the library must not take for idle.
    fn reach(&mut self, traffic: &Traffic, named: &Named, seen: &All) {
        for group in Group::ALL {
            let told = traffic.reach(&arn(group));
            for (place, request, seen) in each(seen) {
                let is_named = named.holds(&names::listener(place), &seen.rule);
                let is_right = match told {
                    Reach::Live | Reach::Reachable => true,
                    Reach::AcceptedOnly => is_named,
                    Reach::Unlisted | Reach::Idle => false,
                };
                if seen.answers.contains(&Answer::Group(group)) && !is_right {
                    let what = format!("{} is reached, and told to be {told:?}", group.name());
                    return self.violated_by(&what, place, request, seen);
                }
            }
        }
    }

    /// What is not named goes to the live color alone; an exchange of all pairs gives it to the other
    /// color and changes nothing else, and the next one brings everything back.
    async fn moves(&mut self, site: &Site, named: &Named, live: Color, before: &All) {
        self.all_go_to(live, named, before);
        self.shift(site, named, live.other()).await;
        let after = site.ask(&self.requests).await;
        self.moved(named, live, before, &after);
        self.shift(site, named, live).await;
        let back = site.ask(&self.requests).await;
        for ((place, request, was), (_, _, is)) in each(before).zip(each(&back)) {
            if was.answers != is.answers {
                let what = format!("it was not brought back to {:?}", was.answers);
                return self.violated_by(&what, place, request, is);
            }
        }
    }

    fn all_go_to(&mut self, live: Color, named: &Named, seen: &All) {
        let only = BTreeSet::from([Answer::Group(Group::Of(live))]);
        for (place, request, seen) in each(seen) {
            let is_color = |answer: &Answer| matches!(answer, Answer::Group(Group::Of(_)));
            let is_named = named.holds(&names::listener(place), &seen.rule);
            if seen.answers.iter().any(is_color) && !is_named && seen.answers != only {
                let what = format!("the library reports {live} as live");
                return self.violated_by(&what, place, request, seen);
            }
        }
    }

    /// Exchanges the pairs of all listeners, and reads again.
    async fn shift(&mut self, site: &Site, named: &Named, to: Color) {
        let Some(traffic) = self.read(site, named).await else { return };
        for priorities in traffic.priorities_for(to) {
            if let Err(refused) = set_priorities(site, &priorities) {
                self.violated(&format!("the pairs can't be exchanged: {refused}"));
            }
        }
        let Some(traffic) = self.read(site, named).await else { return };
        match traffic.check() {
            Ok(live) if live == to => {}
            Ok(_) => self.violated(&format!("after the exchange {to} is not live")),
            Err(refusal) => self.violated(&format!("after the exchange to {to}: {refusal}")),
        }
    }

    fn moved(&mut self, named: &Named, from: Color, before: &All, after: &All) {
        let answer = |color| BTreeSet::from([Answer::Group(Group::Of(color))]);
        for ((place, request, was), (_, _, is)) in each(before).zip(each(after)) {
            let is_named = named.holds(&names::listener(place), &was.rule);
            let is_moved = was.answers == answer(from) && !is_named;
            self.outcome.moved += u64::from(is_moved);
            let expected = if is_moved { answer(from.other()) } else { was.answers.clone() };
            if is.answers != expected {
                let what = format!("after the exchange it should end at {expected:?}");
                return self.violated_by(&what, place, request, is);
            }
        }
    }

    /// Following the advice leads to a state that is accepted, whichever is chosen.
    async fn advice(&mut self, refusal: &TrafficRefusal, before: &All) {
        let problems = &refusal.problems;
        if problems.iter().any(|it| it.to_move.is_empty() && it.to_accept.is_empty()) {
            return;
        }
        let moving = problems.iter().flat_map(|it| first(&it.to_move, &it.to_accept));
        self.follow(&moving.collect::<Vec<_>>(), before).await;
        let accepting = problems.iter().flat_map(|it| first(&it.to_accept, &it.to_move));
        self.follow(&accepting.collect::<Vec<_>>(), before).await;
    }

    async fn follow(&mut self, all: &[&Advice], before: &All) {
        let (site, mut scope) = (Site::build(self.balancer).await, self.balancer.scope());
        let told = || all.iter().map(|it| format!("\n  {it}")).collect::<String>();
        for advice in all {
            if let Err(refused) = follow(advice, &site, &mut scope) {
                return self.violated(&format!("{advice} is refused: {refused}\nof{}", told()));
            }
        }
        let named = Named::by_config(scope);
        let Some(traffic) = self.read(&site, &named).await else { return };
        let after = site.ask(&self.requests).await;
        match traffic.check() {
            Ok(live) => self.all_go_to(live, &named, &after),
            Err(refusal) => self.violated(&format!("advice leads to: {refusal}\nby{}", told())),
        }
        if all.iter().all(|advice| matches!(advice, Advice::AcceptRule(_))) && after != *before {
            self.violated("to accept rules changes where requests go");
        }
    }

    /// What can be accepted for one run is left alone, and the rest is moved.
    async fn for_one_run(
        &mut self,
        site: &Site,
        traffic: &Traffic,
        refusal: &TrafficRefusal,
        mut named: Named,
        before: &All,
    ) {
        named.digest.clone_from(&refusal.accept);
        if named.digest.is_none() {
            return;
        }
        named.rules.extend(traffic.open().map(|open| open.rule.arn.clone()));
        let Some(traffic) = self.read(site, &named).await else { return };
        self.reach(&traffic, &named, before);
        match traffic.check() {
            Ok(live) => {
                self.came_by(&[Kind::ByDigest]);
                self.moves(site, &named, live, before).await;
            }
            Err(refusal) => self.violated(&format!("the digest does not accept: {refusal}")),
        }
    }

    fn came_by(&mut self, kinds: &[Kind]) {
        let mut counted: Vec<Kind> = Vec::new();
        for kind in kinds {
            if !counted.contains(kind) {
                counted.push(*kind);
                self.outcome.kinds.count(&kind.to_string());
            }
        }
    }

    fn violated_by(&mut self, what: &str, place: usize, request: usize, seen: &Seen) {
        let head = table::request(&self.requests[request]);
        let listener = names::listener(place);
        let Seen { rule, answers } = seen;
        self.violated(&format!("{what}\n  {head}\n  on {listener}\n  {rule}: {answers:?}"));
    }

    fn violated(&mut self, what: &str) {
        let table = table::of(self.balancer);
        self.outcome.violations.push(format!("{what}\n{table}"));
    }
}

/// One advice or the other, where there is none.
fn first<'a>(one: &'a [Advice], other: &'a [Advice]) -> &'a [Advice] {
    if one.is_empty() { other } else { one }
}

/// Each listener's place, each request's, and what became of it there.
fn each(all: &All) -> impl Iterator<Item = (usize, usize, &Seen)> {
    all.iter().enumerate().flat_map(|(place, on)| {
        on.iter().enumerate().map(move |(request, seen)| (place, request, seen))
    })
}

fn arn(group: Group) -> TargetGroupArn {
    group.arn().parse().expect("a target group")
}
