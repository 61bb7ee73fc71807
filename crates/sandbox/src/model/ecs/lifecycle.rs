//! How a task moves through its life.

use std::time::Duration;

use super::error::invalid;
use super::task::Process;
use super::{Cluster, Ecs, Phase, Stop, StopCode, Task};
use crate::model::elb::Elb;
use crate::model::{ApiError, Job, Place, Regional, Report, Settings, Time};

/// How long ACTIVATING lasts: the target group takes registrations at once.
const ACTIVATING: Duration = Duration::from_millis(50);

/// How long DEPROVISIONING lasts.
const DEPROVISIONING: Duration = Duration::from_millis(100);

/// What a task acts on.
pub(super) struct World<'a> {
    pub(super) elb: &'a mut Elb,
    pub(super) settings: &'a Settings,
    pub(super) jobs: &'a mut Vec<Job>,
    pub(super) now: Time,
}

impl Task {
    /// Lets everything that is due happen to it.
    pub(super) fn advance(&mut self, world: &mut World<'_>) {
        while self.advance_once(world) {}
    }

    fn advance_once(&mut self, world: &mut World<'_>) -> bool {
        if let Some(due) = self.due(world.settings) {
            let is_due = due <= world.now;
            if is_due {
                self.pass(due, world);
            }
            return is_due;
        }
        match self.phase {
            Phase::Deactivating if self.is_drained(world.elb) => {
                self.enter(Phase::Stopping, world.now)
            }
            Phase::Stopping if self.process != Process::Asked => {
                self.enter(Phase::Deprovisioning, world.now);
            }
            _ => return false,
        }
        if self.phase == Phase::Stopping {
            self.ask_to_end(world);
        }
        true
    }

    /// When its phase ends by itself.
    pub(super) fn due(&self, settings: &Settings) -> Option<Time> {
        let lasts = match (self.phase, self.process) {
            (Phase::Provisioning, _) | (Phase::Pending, Process::NotAsked) => {
                settings.task_start_delay / 2
            }
            (Phase::Activating, _) => ACTIVATING,
            (Phase::Deprovisioning, _) => DEPROVISIONING,
            _ => return None,
        };
        Some(self.since + lasts)
    }

    /// Ends a phase that ends by itself.
    fn pass(&mut self, at: Time, world: &mut World<'_>) {
        match self.phase {
            Phase::Provisioning => self.enter(Phase::Pending, at),
            Phase::Pending => {
                self.process = Process::Asked;
                world.jobs.push(Job::Start(self.launch.clone()));
            }
            Phase::Activating => {
                self.enter(Phase::Running, at);
                self.started_at = Some(at);
            }
            _ => {
                self.enter(Phase::Stopped, at);
                self.stopped_at = Some(at);
            }
        }
    }

    /// Whether its target takes no part in its target group any more.
    pub(super) fn is_drained(&self, elb: &Elb) -> bool {
        self.membership().is_none_or(|(group, target)| elb.is_drained(group, &target))
    }

    /// Begins to stop it in order: its target drains first, then its process is asked to end.
    pub(super) fn begin_stop(&mut self, stop: Stop, world: &mut World<'_>) {
        if !self.should_run() {
            return;
        }
        let phase = self.phase;
        self.doom(stop, world);
        match phase {
            Phase::Activating | Phase::Running => self.enter(Phase::Deactivating, world.now),
            _ => {
                self.enter(Phase::Stopping, world.now);
                self.ask_to_end(world);
            }
        }
        self.advance(world);
    }

    fn doom(&mut self, stop: Stop, world: &mut World<'_>) {
        self.stop = Some(stop);
        self.stopping_at = Some(world.now);
        if let Some((group, target)) = self.membership() {
            world.elb.deregister(group, &target, world.now);
        }
    }

    fn ask_to_end(&self, world: &mut World<'_>) {
        if self.process == Process::Asked {
            let (scope, task) = (self.launch.scope.clone(), self.arn.clone());
            world.jobs.push(Job::Stop { scope, task });
        }
    }

    fn runs(&mut self, world: &mut World<'_>) {
        if self.phase != Phase::Pending || self.process != Process::Asked {
            return;
        }
        if let Some((group, target)) = self.membership() {
            // A target group that was deleted meanwhile leaves the task without health: it never
            // becomes steady, as with ECS.
            let _ = world.elb.register(group, target, world.now);
        }
        self.enter(Phase::Activating, world.now);
    }

    fn could_not_start(&mut self, reason: String, world: &mut World<'_>) {
        self.containers[self.main].reason = Some(reason.clone());
        self.over(Stop { code: StopCode::TaskFailedToStart, reason }, world);
    }

    fn exited(&mut self, code: i32, world: &mut World<'_>) {
        self.containers[self.main].exit_code = Some(code);
        if self.should_run() && !self.containers[self.main].essential {
            self.process = Process::Ended;
            return;
        }
        let reason = "Essential container in task exited".to_owned();
        self.over(Stop { code: StopCode::EssentialContainerExited, reason }, world);
    }

    /// Its process is gone: for `stop`, unless it was stopping for another reason.
    fn over(&mut self, stop: Stop, world: &mut World<'_>) {
        if self.process != Process::Asked {
            return;
        }
        self.process = Process::Ended;
        self.execution_stopped_at = Some(world.now);
        if self.should_run() {
            self.doom(stop, world);
        }
        self.enter(Phase::Deprovisioning, world.now);
    }

    fn told(&mut self, report: Report, world: &mut World<'_>) {
        match report {
            Report::Running { .. } => self.runs(world),
            Report::StartFailed { reason, .. } => self.could_not_start(reason, world),
            Report::Exited { code, .. } => self.exited(code, world),
            Report::Probed { .. } => {}
        }
    }
}

impl Stop {
    /// Whether it tells of a task that failed, rather than of one that was not wanted any more.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self.code, StopCode::TaskFailedToStart | StopCode::EssentialContainerExited)
    }
}

/// Takes note of what happened to a task; a task that is not known any more is nobody's.
pub(in crate::model) fn report(place: Place<'_>, report: Report) {
    let Some(task) = report.task().map(str::to_owned) else {
        return;
    };
    let Place { regional: Regional { ecs, elb, .. }, settings, jobs, now, .. } = place;
    let Some(cluster) = ecs.cluster_of_task(&task) else {
        return;
    };
    let Some(task) = cluster.tasks.get_mut(super::named(&task)) else {
        return;
    };
    let wanted = task.should_run();
    task.told(report, &mut World { elb, settings, jobs, now });
    let failed = wanted && task.stop.as_ref().is_some_and(Stop::is_failure);
    if failed
        && let Some(service) = cluster.services.get_mut(&task.service)
        && let Some(set) =
            service.truth_mut().task_sets.iter_mut().find(|set| set.id == task.started_by)
    {
        set.back_off.failed(settings.restart_delay, now);
    }
}

impl Ecs {
    fn cluster_of_task(&mut self, arn: &str) -> Option<&mut Cluster> {
        let (_, name) = arn.rsplit_once('/')?.0.rsplit_once('/')?;
        self.clusters.get_mut(name)
    }
}

impl Place<'_> {
    /// Stops a task; the service starts another one in its place.
    ///
    /// # Errors
    /// `ClusterNotFoundException`; `InvalidParameterException` when there is no such task.
    pub fn stop_task(
        &mut self,
        cluster: &str,
        task: &str,
        reason: Option<String>,
    ) -> Result<&Task, ApiError> {
        let Regional { ecs, elb, .. } = &mut *self.regional;
        let cluster = ecs.cluster_mut(cluster)?;
        let task = cluster
            .tasks
            .get_mut(super::named(task))
            .filter(|found| found.is(task))
            .ok_or_else(|| invalid("The referenced task was not found."))?;
        let reason = reason.unwrap_or_else(|| "Task stopped by user".to_owned());
        let mut world = World { elb, settings: self.settings, jobs: self.jobs, now: self.now };
        task.begin_stop(Stop { code: StopCode::UserInitiated, reason }, &mut world);
        Ok(task)
    }
}
