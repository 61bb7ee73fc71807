//! Elastic Load Balancing: balancers, listeners, rules, target groups, target health, routing.
//!
//! A change shows in the API at once and reaches the balancer's nodes late and one by one, as
//! [`Settings`] says. Whoever builds a cloud from scratch and wants its first rules followed from
//! the start gives them the epoch, [`Time::default`], as their time.

mod action;
mod arn;
mod attributes;
mod balancer;
mod condition;
mod glob;
mod health;
mod listener;
mod pattern;
mod priority;
mod propagation;
mod route;
mod rule;
mod sticky;
mod tags;
mod target_group;
mod transform;

use std::collections::BTreeMap;

pub use action::{
    Action, ActionKind, Authenticate, FixedResponse, Forward, Redirect, Stickiness, WeightedGroup,
};
pub use arn::Resource;
pub(crate) use arn::listener_of;
pub use balancer::{BalancerKind, LoadBalancer};
pub use condition::{Condition, Parameter, Values};
pub use health::{Failure, Health};
pub use listener::Listener;
pub use pattern::Pattern;
pub use priority::Priority;
pub use route::{ListenerInfo, RequestHead, Routed};
pub use rule::{NewRule, Rule, RuleChange};
pub(crate) use tags::check_tags;
pub use target_group::{DEREGISTRATION_DELAY, HealthCheck, Matcher, TargetGroup};
pub use transform::{Rewrite, Rewritten, Transform};

use super::{Job, ProbeOutcome, Regional, Scope, Settings, Time};

/// Elastic Load Balancing in one scope.
#[derive(Debug, Default)]
pub struct Elb {
    balancers: BTreeMap<String, LoadBalancer>,
    listeners: BTreeMap<String, Listener>,
    rules: BTreeMap<String, Rule>,
    groups: BTreeMap<String, TargetGroup>,
    tags: BTreeMap<String, BTreeMap<String, String>>,
}

/// A member of a target group of type `ip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// Its address.
    pub ip: std::net::Ipv4Addr,
    /// Its port.
    pub port: u16,
}

/// Lets everything of the balancers that is due by `now` happen.
pub(super) fn step(
    scope: &Scope,
    regional: &mut Regional,
    settings: &Settings,
    jobs: &mut Vec<Job>,
    now: Time,
) {
    for listener in regional.elb.listeners.values_mut() {
        listener.propagation.forget_before(settings.rule_delay_last, now);
    }
    for group in regional.elb.groups.values_mut() {
        group.step(scope, jobs, now);
    }
}

impl Elb {
    /// When something of the balancers is due next, given that everything due by now has happened:
    /// a probe, or the end of a target's draining.
    pub fn next_due(&self) -> Option<Time> {
        self.groups.values().filter_map(TargetGroup::next_due).min()
    }
}

/// Takes note of a probe's outcome.
pub(super) fn probed(
    regional: &mut Regional,
    target_group: &str,
    target: &Target,
    outcome: ProbeOutcome,
) {
    if let Some(group) = regional.elb.groups.get_mut(target_group) {
        group.probed(target, outcome);
    }
}
