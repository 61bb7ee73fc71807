use serde::Serialize;

use super::{Footing, Plan, Preflight};
use crate::cloud::{TaskSet, TaskSetStatus};
use crate::traffic::Reach;

/// What a deploy does with a task set that it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Fate {
    /// It is live, and is kept.
    Serves,
    /// It can't be shown that no request reaches it, so it is kept.
    Reachable,
    /// It is PRIMARY without serving, and is kept: ECS deletes no PRIMARY set.
    Primary,
    /// It is being deleted already.
    Drains,
    /// Step 4 stops and deletes it.
    Pruned,
}

impl Fate {
    /// The fate of a set, given whether requests reach it.
    pub(crate) fn of(set: &TaskSet, reach: Reach) -> Self {
        match (set.status, reach) {
            (TaskSetStatus::Draining, _) => Self::Drains,
            (_, Reach::Live) => Self::Serves,
            (TaskSetStatus::Primary, _) => Self::Primary,
            (TaskSetStatus::Active, Reach::Reachable | Reach::Unlisted) => Self::Reachable,
            (TaskSetStatus::Active, Reach::AcceptedOnly | Reach::Idle) => Self::Pruned,
        }
    }
}

impl Plan {
    /// The task sets that are there, with what becomes of each.
    pub fn fates(&self) -> impl Iterator<Item = (&TaskSet, Fate)> {
        let preflight = &self.preflight;
        preflight.service.task_sets.iter().map(|set| (set, preflight.fate(set)))
    }
}

impl Preflight {
    /// What a deploy from here does with a task set.
    pub fn fate(&self, set: &TaskSet) -> Fate {
        match Fate::of(set, self.reachability.of(set)) {
            // It is ACTIVE by the time of step 4.
            Fate::Primary if matches!(self.start(), Ok(Footing::MarkFirst(_))) => Fate::of(
                &TaskSet { status: TaskSetStatus::Active, ..set.clone() },
                self.reachability.of(set),
            ),
            fate => fate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(status: TaskSetStatus) -> TaskSet {
        let arn = "arn:aws:ecs:us-east-1:222222222222:task-set/main/shop/ecs-svc/1";
        let definition = "arn:aws:ecs:us-east-1:222222222222:task-definition/shop:1";
        TaskSet {
            id: "ecs-svc/1".parse().unwrap(),
            arn: arn.parse().unwrap(),
            status,
            task_definition: definition.parse().unwrap(),
            external_id: None,
            target_groups: Vec::new(),
            scale: 100.0,
            computed_desired: 2,
            running: 2,
            pending: 0,
            steady: true,
        }
    }

    const ALL: [Reach; 5] =
        [Reach::Live, Reach::Reachable, Reach::Unlisted, Reach::AcceptedOnly, Reach::Idle];

    #[test]
    fn only_a_set_that_no_request_can_be_shown_to_reach_is_pruned() {
        let fates = ALL.map(|reach| Fate::of(&set(TaskSetStatus::Active), reach));
        let kept = [Fate::Serves, Fate::Reachable, Fate::Reachable];
        assert_eq!(fates[..3], kept);
        assert_eq!(fates[3..], [Fate::Pruned, Fate::Pruned]);
    }

    #[test]
    fn primary_is_never_pruned() {
        let primary = set(TaskSetStatus::Primary);
        assert!(ALL.iter().all(|reach| Fate::of(&primary, *reach) != Fate::Pruned));
    }
}
