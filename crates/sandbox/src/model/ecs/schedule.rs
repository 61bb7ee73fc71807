//! What ECS does by itself: it keeps as many tasks running as each task set should have.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use super::lifecycle::World;
use super::task::Identity;
use super::{
    Cluster, Counts, Ecs, Phase, Service, ServiceStatus, Stability, Stop, StopCode, Task,
    TaskDefinitions, TaskSet, TaskSetStatus,
};
use crate::model::{Ids, Place, Regional, Scope};

/// How long a stopped task stays listed.
const LISTED: Duration = Duration::from_secs(60 * 60);

/// Lets everything of ECS that is due happen.
pub(in crate::model) fn step(place: Place<'_>) {
    let Place { regional: Regional { ecs, elb, .. }, scope, settings, ids, jobs, now } = place;
    let Ecs { task_definitions, clusters, tasks_ever } = ecs;
    for Cluster { name, services, tasks, .. } in clusters.values_mut() {
        let mut scheduler = Scheduler {
            world: World { elb: &mut *elb, settings, jobs: &mut *jobs, now },
            scope,
            ids: &mut *ids,
            tasks_ever: &mut *tasks_ever,
            definitions: task_definitions,
            cluster: name,
            tasks,
        };
        scheduler.advance();
        for service in services.values_mut() {
            scheduler.serve(service.truth_mut());
        }
        scheduler.advance();
        for service in services.values_mut() {
            scheduler.judge(service.truth_mut());
        }
    }
}

/// The scheduler of one cluster.
struct Scheduler<'a> {
    world: World<'a>,
    scope: &'a Scope,
    ids: &'a mut Ids,
    tasks_ever: &'a mut u32,
    definitions: &'a TaskDefinitions,
    cluster: &'a str,
    tasks: &'a mut BTreeMap<String, Task>,
}

impl Scheduler<'_> {
    fn advance(&mut self) {
        let now = self.world.now;
        for task in self.tasks.values_mut() {
            task.advance(&mut self.world);
        }
        self.tasks.retain(|_, task| task.stopped_at.is_none_or(|at| now.since(at) < LISTED));
    }

    /// Starts and stops the tasks of a service.
    fn serve(&mut self, service: &mut Service) {
        let mut told = Vec::new();
        let (name, grace) = (service.name.clone(), service.grace);
        for set in &mut service.task_sets {
            self.stop_failing(set, grace, &mut told);
            self.reconcile(&name, set, &mut told);
        }
        for what in told {
            service.tell(&what, self.ids, self.world.now);
        }
    }

    fn stop_failing(&mut self, set: &mut TaskSet, grace: Duration, told: &mut Vec<String>) {
        let Some(balancer) = &set.template.load_balancer else {
            return;
        };
        let group = &balancer.target_group_arn;
        for task in self.tasks.values_mut().filter(|task| task.started_by == set.id) {
            if fails_its_checks(task, grace, &self.world) {
                let reason = format!("Task failed ELB health checks in (target-group {group})");
                let stop = Stop { code: StopCode::ServiceSchedulerInitiated, reason };
                task.begin_stop(stop, &mut self.world);
                set.back_off.failed(self.world.settings.restart_delay, self.world.now);
                told.push(format!(
                    ", taskSet {}) (task {}) failed ELB health checks in (target-group {group})",
                    set.id, task.id
                ));
            }
        }
    }

    fn reconcile(&mut self, service: &str, set: &mut TaskSet, told: &mut Vec<String>) {
        let counts = self.counts(set);
        let live = counts.running + counts.pending;
        let (verb, tasks) = if live > set.computed_desired {
            ("stopped", self.scale_in(set, live - set.computed_desired))
        } else if live < set.computed_desired && set.back_off.allows_start(self.world.now) {
            ("started", self.scale_out(service, set, set.computed_desired - live))
        } else {
            return;
        };
        let ids: Vec<String> = tasks.iter().map(|id| format!("(task {id})")).collect();
        told.push(format!(
            ", taskSet {}) has {verb} {} tasks: {}.",
            set.id,
            tasks.len(),
            ids.join(" ")
        ));
    }

    fn counts(&self, set: &TaskSet) -> Counts {
        Counts::of(self.tasks.values().filter(|task| task.started_by == set.id))
    }

    /// Stops the tasks that came least far, and of those the newest; protected ones stay.
    fn scale_in(&mut self, set: &TaskSet, surplus: u32) -> Vec<String> {
        let reason = format!("Scaling activity initiated by (deployment {})", set.id);
        let stop = Stop { code: StopCode::ServiceSchedulerInitiated, reason };
        let now = self.world.now;
        let may_stop = |task: &&mut Task| {
            task.started_by == set.id && task.should_run() && task.protected_until(now).is_none()
        };
        let mut live: Vec<&mut Task> = self.tasks.values_mut().filter(may_stop).collect();
        live.sort_by_key(|task| (task.phase, std::cmp::Reverse(task.created_at)));
        live.into_iter()
            .take(surplus as usize)
            .map(|task| {
                task.begin_stop(stop.clone(), &mut self.world);
                task.id.clone()
            })
            .collect()
    }

    fn scale_out(&mut self, service: &str, set: &TaskSet, missing: u32) -> Vec<String> {
        (0..missing).filter_map(|_| self.start(service, set)).collect()
    }

    fn start(&mut self, service: &str, set: &TaskSet) -> Option<String> {
        let definition = self.definitions.get(&set.template.task_definition)?;
        let ip = address(*self.tasks_ever);
        *self.tasks_ever = self.tasks_ever.wrapping_add(1);
        let identity = Identity { id: self.ids.hex(32), ip, born: self.world.now };
        let task = Task::new(self.scope, self.cluster, service, set, definition, identity);
        let id = task.id.clone();
        self.tasks.insert(id.clone(), task);
        Some(id)
    }

    /// Tells whether the task sets of a service run as they should, and forgets those that are gone.
    fn judge(&mut self, service: &mut Service) {
        let now = self.world.now;
        let steady_before = service.task_sets.iter().all(|set| set.stability == Stability::Steady);
        for set in &mut service.task_sets {
            let steady = self.is_steady(set);
            set.settle(if steady { Stability::Steady } else { Stability::Stabilizing }, now);
            if steady {
                set.back_off.reset();
            }
        }
        let steady = service.task_sets.iter().all(|set| set.stability == Stability::Steady);
        if steady && !steady_before {
            service.tell(") has reached a steady state.", self.ids, now);
        }
        service.task_sets.retain(|set| set.status != TaskSetStatus::Draining || !self.is_gone(set));
        if service.status == ServiceStatus::Draining && service.task_sets.is_empty() {
            service.status = ServiceStatus::Inactive;
        }
    }

    fn is_steady(&self, set: &TaskSet) -> bool {
        let counts = self.counts(set);
        let mut running = self
            .tasks
            .values()
            .filter(|task| task.started_by == set.id && task.phase == Phase::Running);
        counts.pending == 0
            && counts.running == set.computed_desired
            && running.all(|task| self.is_healthy(task))
    }

    fn is_healthy(&self, task: &Task) -> bool {
        task.membership().is_none_or(|(group, target)| {
            self.world.elb.health(group, &target).is_some_and(|health| health.is_healthy())
        })
    }

    /// A task set whose target group was deleted hangs: ECS can't deregister its tasks.
    fn is_gone(&self, set: &TaskSet) -> bool {
        let mut balancers = set.template.load_balancer.iter();
        let is_stuck = balancers.any(|it| self.world.elb.group(&it.target_group_arn).is_err());
        !is_stuck && self.has_ended(set)
    }

    fn has_ended(&self, set: &TaskSet) -> bool {
        self.tasks
            .values()
            .filter(|task| task.started_by == set.id)
            .all(|task| task.phase == Phase::Stopped && task.is_drained(self.world.elb))
    }
}

fn fails_its_checks(task: &Task, grace: Duration, world: &World<'_>) -> bool {
    let started = task.started_at.filter(|_| task.phase == Phase::Running);
    let (Some(started), Some((group, target))) = (started, task.membership()) else {
        return false;
    };
    world.now.since(started) >= grace
        && world.elb.health(group, &target).is_some_and(|health| health.is_failing())
}

/// The address of the nth task of a scope, in 10.0.0.0/8; the first 4 and the last of a subnet are
/// not for hosts.
fn address(nth: u32) -> Ipv4Addr {
    const HOSTS: u32 = 250;
    let [_, second, third, _] = ((nth / HOSTS) << 8).to_be_bytes();
    let host = u8::try_from(nth % HOSTS + 4).unwrap_or(u8::MAX);
    Ipv4Addr::new(10, second, third, host)
}
