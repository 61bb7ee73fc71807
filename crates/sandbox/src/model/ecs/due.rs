//! When something is due next.

use super::{Cluster, Ecs, Service};
use crate::model::{Settings, Time};

impl Ecs {
    /// When something of ECS is due next, given that everything due by `now` has happened.
    pub(in crate::model) fn next_due(&self, settings: &Settings, now: Time) -> Option<Time> {
        self.clusters.values().filter_map(|cluster| cluster.next_due(settings, now)).min()
    }
}

impl Cluster {
    fn next_due(&self, settings: &Settings, now: Time) -> Option<Time> {
        let tasks = self.tasks.values().filter_map(|task| task.due(settings));
        let services = self.services.values().flat_map(|service| {
            let truth = service.truth();
            [service.next_due(now), truth.next_start(now), self.next_grace_end(truth, now)]
        });
        let protections = self.tasks.values().filter_map(|task| task.protected_until(now));
        tasks.chain(services.flatten()).chain(protections).filter(|due| *due > now).min()
    }

    /// When failed health checks of a task begin to count.
    fn next_grace_end(&self, service: &Service, now: Time) -> Option<Time> {
        self.tasks
            .values()
            .filter(|task| task.service == service.name && task.should_run())
            .filter_map(|task| Some(task.started_at? + service.grace))
            .filter(|end| *end > now)
            .min()
    }
}

impl Service {
    /// When a task set that failed may start tasks again.
    fn next_start(&self, now: Time) -> Option<Time> {
        self.task_sets.iter().filter_map(|set| set.back_off.next_due(now)).min()
    }
}
