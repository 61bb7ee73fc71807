//! One listener: its pairs, and the slots beside them.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Cover, ListenerRules, OpenReason, OpenRule, Pair, PairedRule, Rule, RuleArn, Scope};
use crate::names::{ByColor, Color, ListenerArn, TargetGroupArn};

/// The rules of one listener, sorted out.
#[derive(Debug, Clone)]
pub(super) struct ListenerTraffic {
    pub(super) arn: ListenerArn,
    pub(super) endpoint: Option<String>,
    /// Whether its pairs are exchanged.
    is_moved: bool,
    /// In the order in which they are asked.
    rules: Vec<Rule>,
    /// For each rule the first earlier one that takes all of its requests.
    covers: Vec<Option<usize>>,
    pub(super) accepted: BTreeSet<RuleArn>,
    pub(super) pairs: Vec<Pair>,
    pub(super) open: Vec<OpenRule>,
}

/// The places of a pair's rules, the live one first.
type Places = (usize, usize);

impl ListenerTraffic {
    pub(super) fn read(seen: ListenerRules, scope: &Scope) -> Self {
        let ListenerRules { listener: arn, endpoint, rules } = seen;
        let is_accepted = |rule: &&Rule| scope.accepts(&arn, &rule.arn);
        let accepted = rules.iter().filter(is_accepted).map(|rule| rule.arn.clone()).collect();
        let is_moved = scope.listeners.contains(&arn);
        let (covers, pairs, open) = (Vec::new(), Vec::new(), Vec::new());
        Self { arn, endpoint, is_moved, rules, covers, accepted, pairs, open }
            .sorted_out(&scope.groups)
    }

    /// The listener without some of its rules.
    pub(super) fn without(
        &self,
        gone: &BTreeSet<RuleArn>,
        groups: &ByColor<TargetGroupArn>,
    ) -> Self {
        let stays = |rule: &&Rule| !gone.contains(&rule.arn);
        let rules = self.rules.iter().filter(stays).cloned().collect();
        Self { rules, ..self.clone() }.sorted_out(groups)
    }

    /// The listener as one whose pairs are exchanged.
    pub(super) fn moved(&self, groups: &ByColor<TargetGroupArn>) -> Self {
        Self { is_moved: true, ..self.clone() }.sorted_out(groups)
    }

    fn sorted_out(mut self, groups: &ByColor<TargetGroupArn>) -> Self {
        self.rules.sort_by(by_place);
        self.covers = (0..self.rules.len()).map(|place| cover(&self.rules, place)).collect();
        let places = if self.is_moved { self.pair_up(groups) } else { Vec::new() };
        let pairs = places.iter().map(|pair| self.pair(*pair, &places, groups)).collect();
        let open = (0..self.rules.len())
            .filter(|place| !places.iter().any(|pair| pair.0 == *place || pair.1 == *place))
            .filter_map(|place| self.open_rule(place, &places, groups))
            .collect();
        Self { pairs, open, ..self }
    }

    pub(super) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Counts the open rules among those that are accepted.
    pub(super) fn accept_open(&mut self) {
        self.accepted.extend(self.open.drain(..).map(|open| open.rule.arn));
    }

    /// Whether a request may reach what a rule does.
    pub(super) fn is_reachable(&self, place: usize) -> bool {
        self.covers[place].is_none()
    }

    /// The color whose group alone a rule forwards to, where it can be moved.
    fn movable(&self, place: usize, groups: &ByColor<TargetGroupArn>) -> Option<Color> {
        let rule = &self.rules[place];
        rule.number().filter(|_| !self.accepted.contains(&rule.arn))?;
        let group = rule.only_group()?;
        groups.find(|own| own == group)
    }

    /// Pairs each rule of a color with the next rule of the other color that is like it.
    fn pair_up(&self, groups: &ByColor<TargetGroupArn>) -> Vec<Places> {
        let mut pairs: Vec<Places> = Vec::new();
        for live in 0..self.rules.len() {
            let is_taken =
                |place: usize| pairs.iter().any(|pair| pair.0 == place || pair.1 == place);
            let Some(color) = self.movable(live, groups).filter(|_| !is_taken(live)) else {
                continue;
            };
            let is_partner = |idle: &usize| {
                !is_taken(*idle)
                    && self.movable(*idle, groups) == Some(color.other())
                    && self.rules[live].is_like(&self.rules[*idle])
            };
            if let Some(idle) = (live + 1..self.rules.len()).find(is_partner) {
                pairs.push((live, idle));
            }
        }
        pairs
    }

    fn pair(&self, (live, idle): Places, all: &[Places], groups: &ByColor<TargetGroupArn>) -> Pair {
        let rules = ByColor::from_fn(|color| {
            let place = if self.movable(live, groups) == Some(color) { live } else { idle };
            let rule = &self.rules[place];
            PairedRule { arn: rule.arn.clone(), priority: rule.number().unwrap_or_default() }
        });
        let cover = self.covers[live].map(|by| self.cover_of(by, all));
        Pair { listener: self.arn.clone(), rules, cover }
    }

    fn cover_of(&self, by: usize, pairs: &[Places]) -> Cover {
        let rule = &self.rules[by];
        match rule.responds() {
            _ if pairs.iter().any(|pair| pair.0 == by) => Cover::Pair,
            true => Cover::Response(rule.arn.clone()),
            false => Cover::Forward(rule.arn.clone()),
        }
    }

    /// A rule that is in no pair, if its requests reach a color.
    fn open_rule(
        &self,
        place: usize,
        pairs: &[Places],
        groups: &ByColor<TargetGroupArn>,
    ) -> Option<OpenRule> {
        let rule = &self.rules[place];
        let colors = colors(rule, groups);
        if colors.is_empty() || !self.is_reachable(place) || self.accepted.contains(&rule.arn) {
            return None;
        }
        let reason = if rule.forward().is_none() {
            OpenReason::UnknownAction
        } else if !self.is_moved {
            OpenReason::OtherListener
        } else if rule.number().is_none() {
            OpenReason::Default
        } else if rule.only_group().is_none() {
            OpenReason::Several
        } else {
            OpenReason::NoPartner(self.nearest(place, pairs, groups))
        };
        Some(OpenRule { listener: self.arn.clone(), rule: rule.clone(), colors, reason })
    }

    /// The rule of the other color that differs in the least, of those that are in no pair.
    fn nearest(
        &self,
        place: usize,
        pairs: &[Places],
        groups: &ByColor<TargetGroupArn>,
    ) -> Option<(RuleArn, Vec<&'static str>)> {
        let other = self.movable(place, groups)?.other();
        let is_free = |at: &usize| {
            self.movable(*at, groups) == Some(other)
                && !pairs.iter().any(|pair| pair.0 == *at || pair.1 == *at)
        };
        let differences = |at: usize| {
            let differences = self.rules[place].differences(&self.rules[at]).collect::<Vec<_>>();
            (self.rules[at].arn.clone(), differences)
        };
        (0..self.rules.len())
            .filter(is_free)
            .map(differences)
            // Those that are equal stand in the wrong order, which is no difference to tell.
            .filter(|(_, differences)| !differences.is_empty())
            .min_by_key(|(_, differences)| differences.len())
    }

    /// Answers of the balancer that take all requests of a pair.
    pub(super) fn maintenance(&self) -> Vec<String> {
        let answered = self.pairs.iter().filter_map(|pair| {
            let Some(Cover::Response(by)) = &pair.cover else { return None };
            let rule = self.rules.iter().find(|rule| rule.arn == *by)?;
            let (words, live) = (self.words(rule), &pair.rules[pair.live()]);
            Some(format!("no request reaches rule {}: {words} answers before it", live.priority))
        });
        answered.collect()
    }

    /// Rules that take a part of a pair's requests.
    pub(super) fn partial(&self) -> Vec<String> {
        let takes = |rule: &&Rule| {
            let overlaps = |live: &&Rule| {
                rule.priority < live.priority && rule.conditions.overlaps(&live.conditions)
            };
            !self.is_paired(&rule.arn) && self.leading_rules().any(|live| overlaps(&live))
        };
        let told =
            |rule: &Rule| format!("{} takes requests before the colors' rules", self.words(rule));
        self.rules.iter().filter(takes).map(told).collect()
    }

    /// The live rules of the pairs that nothing covers.
    fn leading_rules(&self) -> impl Iterator<Item = &Rule> {
        let uncovered = self.pairs.iter().filter(|pair| pair.cover.is_none());
        uncovered.filter_map(|pair| {
            let live = &pair.rules[pair.live()];
            self.rules.iter().find(|rule| rule.arn == live.arn)
        })
    }

    /// Whether a rule is half of a pair.
    pub(super) fn is_paired(&self, rule: &RuleArn) -> bool {
        self.pairs.iter().any(|pair| pair.rules.iter().any(|(_, own)| own.arn == *rule))
    }

    /// A rule in words.
    pub(super) fn words(&self, rule: &Rule) -> String {
        format!("rule {} of {} ({})", rule.priority, self.name(), rule.conditions)
    }

    /// The listener as a person knows it.
    pub(super) fn name(&self) -> String {
        self.endpoint.clone().unwrap_or_else(|| self.arn.to_string())
    }
}

/// The colors that a rule's requests reach; what can't be read may lead to both.
pub(super) fn colors(rule: &Rule, groups: &ByColor<TargetGroupArn>) -> BTreeSet<Color> {
    match rule.forward() {
        Some(forward) => forward.reached().filter_map(|to| groups.find(|own| own == to)).collect(),
        None if rule.responds() => BTreeSet::new(),
        None => Color::ALL.into(),
    }
}

fn by_place(one: &Rule, other: &Rule) -> Ordering {
    one.priority.cmp(&other.priority).then_with(|| one.arn.cmp(&other.arn))
}

/// The first earlier rule that takes all requests of a rule.
fn cover(rules: &[Rule], place: usize) -> Option<usize> {
    rules[..place].iter().position(|earlier| earlier.conditions.covers(&rules[place].conditions))
}
