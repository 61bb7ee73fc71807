//! How changed rules reach the nodes of a balancer.

use std::collections::VecDeque;
use std::time::Duration;

use super::Rule;
use crate::model::{Settings, Time};

/// The rules of a listener over time: what its nodes follow, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Propagation {
    versions: VecDeque<Version>,
}

#[derive(Debug, Clone)]
struct Version {
    since: Time,
    rules: Vec<Rule>,
}

impl Propagation {
    /// Takes note of changed rules, in order of priority.
    pub(super) fn announce(&mut self, rules: Vec<Rule>, now: Time) {
        // Of changes at one time only the last can ever be followed.
        if self.versions.back().is_some_and(|version| version.since == now) {
            self.versions.pop_back();
        }
        self.versions.push_back(Version { since: now, rules });
    }

    /// Forgets what no node can follow any more, given the delay of the last one.
    pub(super) fn forget_before(&mut self, last: Duration, now: Time) {
        while self.versions.get(1).is_some_and(|next| now >= next.since + last) {
            self.versions.pop_front();
        }
    }

    /// The rules that a node with this delay follows; none while its first ones are on their way.
    pub(super) fn in_effect(&self, delay: Duration, now: Time) -> Option<&[Rule]> {
        let in_effect = |version: &&Version| now >= version.since + delay;
        self.versions.iter().rev().find(in_effect).map(|version| version.rules.as_slice())
    }
}

/// How late a node follows a change; the nodes spread evenly from the first to the last.
pub(super) fn delay(settings: &Settings, node: usize) -> Duration {
    let last = u32::try_from(settings.balancer_nodes.saturating_sub(1)).unwrap_or(u32::MAX);
    if last == 0 {
        return settings.rule_delay_last;
    }
    let node = u32::try_from(node).unwrap_or(last).min(last);
    let span = settings.rule_delay_last.saturating_sub(settings.rule_delay_first);
    settings.rule_delay_first + span * node / last
}
