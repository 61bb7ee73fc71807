use serde::Serialize;

use super::{Footing, Plan};
use crate::cloud::{TaskSet, TaskSetStatus};
use crate::names::TargetGroupArn;

/// What a deploy does with a task set that it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Fate {
    /// It stands behind the rule that serves, and is kept.
    Serves,
    /// It is PRIMARY without serving, and is kept: ECS deletes no PRIMARY set.
    Primary,
    /// It is being deleted already.
    Drains,
    /// Step 4 stops and deletes it.
    Pruned,
}

impl Fate {
    /// The fate of a set, given the group that serves.
    pub(crate) fn of(set: &TaskSet, serving_group: &TargetGroupArn) -> Self {
        match set.status {
            TaskSetStatus::Draining => Self::Drains,
            _ if set.target_groups.contains(serving_group) => Self::Serves,
            TaskSetStatus::Primary => Self::Primary,
            TaskSetStatus::Active => Self::Pruned,
        }
    }
}

impl Plan {
    /// The task sets that are there, with what becomes of each.
    pub fn fates(&self) -> impl Iterator<Item = (&TaskSet, Fate)> {
        let marks_another = matches!(self.preflight.footing(), Ok(Footing::MarkFirst(_)));
        self.preflight.service.task_sets.iter().map(move |set| {
            let fate = match Fate::of(set, &self.preflight.serving_group) {
                // It is ACTIVE by the time of step 4.
                Fate::Primary if marks_another => Fate::Pruned,
                fate => fate,
            };
            (set, fate)
        })
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    fn group(name: &str) -> TargetGroupArn {
        let arn =
            format!("arn:aws:elasticloadbalancing:us-east-1:222222222222:targetgroup/{name}/1");
        arn.parse().unwrap()
    }

    fn set(status: TaskSetStatus, groups: &[&str]) -> TaskSet {
        let arn = "arn:aws:ecs:us-east-1:222222222222:task-set/main/shop/ecs-svc/1";
        let definition = "arn:aws:ecs:us-east-1:222222222222:task-definition/shop:1";
        TaskSet {
            id: "ecs-svc/1".parse().unwrap(),
            arn: arn.parse().unwrap(),
            status,
            task_definition: definition.parse().unwrap(),
            external_id: None,
            target_groups: groups.iter().map(|name| group(name)).collect(),
            scale: 100.0,
            computed_desired: 2,
            running: 2,
            pending: 0,
            steady: true,
        }
    }

    fn fate(status: TaskSetStatus, groups: &[&str]) -> Fate {
        Fate::of(&set(status, groups), &group("green"))
    }

    #[test]
    fn a_set_is_kept_whichever_of_its_balancers_serves() {
        for groups in [&["green"][..], &["green", "blue"], &["other", "green"]] {
            assert_eq!(fate(TaskSetStatus::Active, groups), Fate::Serves, "{groups:?}");
        }
        for groups in [&[][..], &["blue"], &["blue", "other"]] {
            assert_eq!(fate(TaskSetStatus::Active, groups), Fate::Pruned, "{groups:?}");
        }
    }
    #[test]
    fn primary_is_never_pruned() {
        assert_eq!(fate(TaskSetStatus::Primary, &["green"]), Fate::Serves);
        for groups in [&[][..], &["blue"], &["other"]] {
            assert_eq!(fate(TaskSetStatus::Primary, groups), Fate::Primary, "{groups:?}");
        }
    }
}
