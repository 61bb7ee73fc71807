//! ECS: clusters, services with an EXTERNAL deployment controller, task definitions, task sets, tasks.

use super::{Ids, Job, Regional, Report, Scope, Settings, Time};

/// ECS in one scope.
#[derive(Debug, Default)]
pub struct Ecs {}

/// Lets everything of ECS that is due by `now` happen.
pub(super) fn step(
    _scope: &Scope,
    _regional: &mut Regional,
    _settings: &Settings,
    _ids: &mut Ids,
    _jobs: &mut Vec<Job>,
    _now: Time,
) {
}

/// Takes note of what happened to a task.
pub(super) fn report(_regional: &mut Regional, _report: Report, _now: Time) {}
