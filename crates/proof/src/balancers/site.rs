//! A drawn balancer, built in a world.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use ecs_deploy::cloud::{Cloud as Ports, CloudError};
use ecs_deploy::names::{ListenerArn, RulesDigest};
use ecs_deploy::traffic::{ListenerRules, RuleArn, Scope, Traffic};
use ecs_deploy_sandbox::model::elb::{
    Action, ActionKind, Elb, NewRule, Priority, RequestHead, Routed, Target,
};
use ecs_deploy_sandbox::model::{ApiError, Cloud, Settings, Time};

use tokio::time::sleep;

use super::draw::Balancer;
use super::names::{self, Group};
use crate::{Line, World};

/// A balancer whose nodes follow a change at once.
pub(super) struct Site {
    world: World,
    ports: Ports,
    listeners: Vec<ListenerArn>,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// The rule that takes it.
    pub rule: RuleArn,
    /// All answers that it may get.
    pub answers: BTreeSet<Answer>,
}

/// Where a request ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    /// At a target of this group.
    Group(Group),
    /// At the balancer.
    Own(String),
}

/// So long after its group came into use a target is asked: none is up here, and then all are.
const IN_USE: Duration = Duration::from_secs(1);

/// By the golden ratio's turns each group with a tenth of the weight has had one by then.
const TURNS: usize = 16;

const NO_TARGET: &str = "the target group has no usable target";

impl Site {
    pub(super) async fn build(balancer: &Balancer) -> Self {
        let none = Duration::ZERO;
        let settings = Settings {
            answer_lag: none,
            rule_delay_first: none,
            rule_delay_last: none,
            balancer_nodes: 1,
            ..Settings::default()
        };
        let world = World::new(settings);
        world
            .with(|cloud, now| put(&mut cloud.region(&names::scope()).elb, balancer, now))
            .expect("what is drawn is what AWS takes");
        let (account, region, line) = (names::account(), names::region(), Line::default());
        let ports = world.connect(&line, (&account, &region), (&account, &region)).await;
        let listeners = (0..balancer.listeners.len()).map(names::listener).collect();
        Self { world, ports, listeners }
    }

    /// What the library reads, through the real adapter.
    pub(super) async fn read(
        &self,
        scope: &Scope,
        accepted: Option<&RulesDigest>,
    ) -> Result<Traffic, CloudError> {
        let balancer = &self.ports.load_balancer;
        let mut seen = Vec::new();
        for listener in balancer.listeners(&self.listeners[0]).await? {
            let rules = balancer.rules(&listener.arn).await?;
            let endpoint = Some(format!("{}:{}", listener.protocol, listener.port));
            seen.push(ListenerRules { listener: listener.arn, endpoint, rules });
        }
        Ok(Traffic::read(seen, scope, accepted))
    }

    /// What becomes of each request on each listener, once all targets can be asked.
    pub(super) async fn ask(&self, requests: &[RequestHead]) -> Vec<Vec<Seen>> {
        sleep(IN_USE).await;
        let on = |cloud: &mut Cloud, now: Time, listener: &ListenerArn| {
            let listener = listener.to_string();
            requests.iter().map(|head| route(cloud, &listener, head, now)).collect()
        };
        self.world.with(|cloud, now| self.listeners.iter().map(|it| on(cloud, now, it)).collect())
    }

    /// Calls an operation; a refusal's text is returned.
    pub(super) fn call(&self, form: String) -> Result<(), String> {
        self.world.ask_elb(&names::account(), &names::region(), form)
    }
}

fn put(elb: &mut Elb, balancer: &Balancer, now: Time) -> Result<(), ApiError> {
    elb.put_load_balancer(&names::balancer(), now)?;
    for (group, last) in Group::ALL.into_iter().zip(1..) {
        elb.put_target_group(&group.arn(), "HTTP", 8080)?;
        let target = Target { ip: Ipv4Addr::new(172, 31, 0, last), port: 8080 };
        elb.register(&group.arn(), target, now)?;
    }
    for (place, port) in (0..balancer.listeners.len()).zip(80..) {
        let (drawn, arn) = (&balancer.listeners[place], names::listener(place).to_string());
        elb.put_listener(&arn, "HTTP", port, vec![only(&drawn.default)], now)?;
        for rule in &drawn.rules {
            let new = NewRule {
                id: names::rule_id(rule.number),
                listener: arn.clone(),
                priority: Priority::new(rule.number.into())?,
                conditions: rule.conditions.clone(),
                actions: vec![only(&rule.action)],
                transforms: rule.transforms.clone(),
            };
            elb.create_rule(new, now)?;
        }
    }
    Ok(())
}

fn only(kind: &ActionKind) -> Action {
    Action { order: 1, kind: kind.clone() }
}

fn route(cloud: &mut Cloud, listener: &str, head: &RequestHead, now: Time) -> Seen {
    let scope = names::scope();
    let rule = cloud.region(&scope).elb.rule_for(listener, head);
    let rule = rule.expect("the default rule takes what no other one does");
    let is_split = rule.forward().is_some_and(|forward| forward.groups.len() > 1);
    let arn = RuleArn(rule.arn.clone());
    let turns = if is_split { TURNS } else { 1 };
    let turn = |_| Answer::from(cloud.route(&scope, listener, 0, head, now));
    Seen { rule: arn, answers: (0..turns).map(turn).collect() }
}

impl From<Routed> for Answer {
    fn from(routed: Routed) -> Self {
        match routed {
            Routed::Target { target_group, .. } => {
                Self::Group(Group::by_arn(&target_group).expect("there are no other groups"))
            }
            Routed::Respond { status, headers, body } => {
                assert!(body != NO_TARGET, "each group has a target");
                Self::Own(format!("{status} {headers:?} {body:?}"))
            }
        }
    }
}
