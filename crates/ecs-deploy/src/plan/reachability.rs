use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;

use crate::cloud::{Cloud, CloudError, ErrorClass, HealthState, TaskSet, TaskSetStatus};
use crate::event::Reporter;
use crate::names::TargetGroupArn;
use crate::traffic::{Reach, Traffic};

/// Which task sets requests reach.
#[derive(Debug, Clone)]
pub struct Reachability {
    traffic: Traffic,
    /// The groups that no rule names that was read.
    unlisted: BTreeMap<TargetGroupArn, Use>,
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
        let looks = unlisted.into_iter().map(|group| async move {
            Ok::<_, CloudError>((group.clone(), use_of(cloud, group, reporter).await?))
        });
        let unlisted = try_join_all(looks).await?.into_iter().collect();
        Ok(Self { traffic, unlisted })
    }

    #[cfg(test)]
    pub(super) fn of_rules(traffic: Traffic) -> Self {
        Self { traffic, unlisted: BTreeMap::new() }
    }

    /// What the listeners say.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Whether requests reach a set. Without a target group no balancer leads to it.
    pub fn of(&self, set: &TaskSet) -> Reach {
        let has_tasks = set.computed_desired + set.running + set.pending > 0;
        let of = |group: &TargetGroupArn| match self.unlisted.get(group) {
            Some(Use::None) => Reach::Idle,
            Some(Use::Unknown) if !has_tasks => Reach::Idle,
            _ => self.traffic.reach(group),
        };
        set.target_groups.iter().map(of).min().unwrap_or(Reach::Idle)
    }
}

/// Whether a balancer sends requests to the members of a group.
#[derive(Debug, Clone, Copy)]
enum Use {
    /// None does.
    None,
    /// No member tells, as none is registered, or all are leaving.
    Unknown,
    /// One does, or that can't be read.
    Possible,
}

async fn use_of(
    cloud: &Cloud,
    group: &TargetGroupArn,
    reporter: &Reporter<'_>,
) -> Result<Use, CloudError> {
    let members = match cloud.load_balancer.health(group).await {
        Err(error) if error.class == ErrorClass::NotFound => return Ok(Use::None),
        members => reporter.or_skip(members, "task sets of other target groups are kept")?,
    };
    let Some(members) = members else { return Ok(Use::Possible) };
    let telling: Vec<_> = members.iter().filter(|it| it.state != HealthState::Draining).collect();
    Ok(match telling.iter().all(|it| it.state == HealthState::Unused) {
        true if telling.is_empty() => Use::Unknown,
        true => Use::None,
        false => Use::Possible,
    })
}
