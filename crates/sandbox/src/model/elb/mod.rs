//! Elastic Load Balancing: balancers, listeners, rules, target groups, target health, routing.

use super::{Job, ProbeOutcome, Regional, Scope, Settings, Time};

/// Elastic Load Balancing in one scope.
#[derive(Debug, Default)]
pub struct Elb {}

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
    _scope: &Scope,
    _regional: &mut Regional,
    _settings: &Settings,
    _jobs: &mut Vec<Job>,
    _now: Time,
) {
}

/// Takes note of a probe's outcome.
pub(super) fn probed(
    _regional: &mut Regional,
    _target_group: &str,
    _target: &Target,
    _outcome: ProbeOutcome,
    _now: Time,
) {
}
