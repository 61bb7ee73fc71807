//! Whether requests reach a target group. Task sets of a group that is `AcceptedOnly` or `Idle` may be
//! pruned, all others are kept.

use super::listener::ListenerTraffic;
use super::{Rule, Traffic};
use crate::names::TargetGroupArn;

/// Whether requests reach a target group, what reaches it most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// It is the live color's: requests reach it, or do again once a maintenance answer is gone.
    Live,
    /// A rule that no deploy moves leads to it, or may lead to it.
    Reachable,
    /// No rule that was read names it, so it may belong to another balancer.
    Unlisted,
    /// Accepted rules alone lead to it.
    AcceptedOnly,
    /// Rules name it, and no request can reach them, or by its weight it gets none.
    Idle,
}

impl Traffic {
    /// Whether requests reach a target group, as far as the rules that were read tell.
    pub fn reach(&self, group: &TargetGroupArn) -> Reach {
        if self.leading().any(|pair| self.groups[pair.live()] == *group) {
            return Reach::Live;
        }
        let found = self.listeners.iter().filter_map(|listener| listener.reach(group));
        found.min().unwrap_or(Reach::Unlisted)
    }
}

impl ListenerTraffic {
    /// Whether requests reach a group through rules that are not paired; `None` where no rule names it.
    fn reach(&self, group: &TargetGroupArn) -> Option<Reach> {
        let rules = self.rules().iter().enumerate();
        rules.filter_map(|(place, rule)| self.reach_by(place, rule, group)).min()
    }

    fn reach_by(&self, place: usize, rule: &Rule, group: &TargetGroupArn) -> Option<Reach> {
        let (is_named, leads) = match rule.forward() {
            Some(forward) => (
                forward.groups.iter().any(|weighted| weighted.group == *group),
                forward.reached().any(|reached| reached == group),
            ),
            None => (false, !rule.responds()),
        };
        // The live halves were looked at before, and idle ones get nothing.
        let gets_requests = self.is_reachable(place) && !self.is_paired(&rule.arn);
        match leads && gets_requests {
            true if self.accepted.contains(&rule.arn) => Some(Reach::AcceptedOnly),
            true => Some(Reach::Reachable),
            false => is_named.then_some(Reach::Idle),
        }
    }
}
