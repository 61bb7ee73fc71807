use std::collections::BTreeSet;

use futures_util::future::try_join_all;

use crate::cloud::{Cloud, CloudError, ErrorClass, HealthState, TaskSet, TaskSetStatus};
use crate::event::Reporter;
use crate::names::TargetGroupArn;
use crate::traffic::{Reach, Traffic};

/// Which task sets requests reach.
#[derive(Debug, Clone)]
pub struct Reachability {
    traffic: Traffic,
    /// Groups in no rule that was read, whose members no balancer sends requests to.
    unused: BTreeSet<TargetGroupArn>,
}

impl Reachability {
    /// Looks at the groups of the sets that the rules do not name: they may belong to another balancer.
    pub(crate) async fn read(
        cloud: &Cloud,
        traffic: Traffic,
        sets: &[TaskSet],
        reporter: &Reporter<'_>,
    ) -> Result<Self, CloudError> {
        let lives = |set: &&TaskSet| set.status != TaskSetStatus::Draining;
        let groups = sets.iter().filter(lives).flat_map(|set| &set.target_groups);
        let unlisted: BTreeSet<_> =
            groups.filter(|group| traffic.reach(group) == Reach::Unlisted).collect();
        let looks = unlisted.into_iter().map(|group| unused(cloud, group, reporter));
        let unused = try_join_all(looks).await?.into_iter().flatten().collect();
        Ok(Self { traffic, unused })
    }

    #[cfg(test)]
    pub(super) fn of_rules(traffic: Traffic) -> Self {
        Self { traffic, unused: BTreeSet::new() }
    }

    /// What the listeners say.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Whether requests reach a set. Without a target group no balancer leads to it.
    pub fn of(&self, set: &TaskSet) -> Reach {
        let of = |group: &TargetGroupArn| match self.unused.contains(group) {
            true => Reach::Idle,
            false => self.traffic.reach(group),
        };
        set.target_groups.iter().map(of).min().unwrap_or(Reach::Idle)
    }
}

/// The group, if no balancer sends requests to its members.
async fn unused(
    cloud: &Cloud,
    group: &TargetGroupArn,
    reporter: &Reporter<'_>,
) -> Result<Option<TargetGroupArn>, CloudError> {
    let members = match cloud.load_balancer.health(group).await {
        Err(error) if error.class == ErrorClass::NotFound => Some(Vec::new()),
        members => reporter.or_skip(members, "task sets of other target groups are kept")?,
    };
    let is_unused = members.is_some_and(|members| {
        members.iter().all(|it| matches!(it.state, HealthState::Unused | HealthState::Draining))
    });
    Ok(is_unused.then(|| group.clone()))
}
