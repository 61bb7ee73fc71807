//! The gate: as many tasks as needed run and are healthy in the target group.

use std::time::Duration;

use tokio::time::Instant;

use super::reasons;
use crate::cloud::{HealthState, Service, StoppedTask, TargetHealth, TaskSet, TaskSetStatus};
use crate::engine::Work;
use crate::error::{DeployError, RolloutError};
use crate::event::{Detail, Rollout};
use crate::names::{Color, TargetGroupArn, TaskSetId};
use crate::pace::Pace;
use crate::plan::Refusal;

/// ECS's deployment circuit breaker counts failed tasks up to half the desired count, at least 3 and
/// at most 200 (ECS developer guide, "How the Amazon ECS deployment circuit breaker detects
/// failures"); task sets have none of their own.
const FAILURES: (u32, u32) = (3, 200);

/// ECS shows a task set late: it is not missed before this long.
const LAG: Duration = Duration::from_secs(30);

/// How long tasks may be short of what is needed: a desired count may be moving.
const UNSETTLED: Duration = Duration::from_secs(30);

/// The gate of a task set that shall serve.
pub(crate) struct Gate {
    set: TaskSetId,
    group: TargetGroupArn,
    /// The group whose tasks carry the load now, where this set is to take it over.
    load: Option<TargetGroupArn>,
    /// Failures from before the wait began do not count against it.
    before: std::sync::OnceLock<Vec<String>>,
    since: Instant,
}

/// What the gate saw.
pub(crate) struct Seen {
    pub counts: Rollout,
    steady: bool,
    service: Service,
    targets: Option<Vec<TargetHealth>>,
    failed: Vec<StoppedTask>,
}

impl Gate {
    /// The gate of the set that the deploy created, which is to take over what the other color carries.
    pub(crate) fn before_shift(work: &Work<'_>) -> Result<Self, DeployError> {
        Ok(Self::to_take_over(work, work.new_set()?, work.new_color()?))
    }

    /// The gate of the set that the deploy created, which carries the load itself.
    pub(crate) fn after_shift(work: &Work<'_>) -> Result<Self, DeployError> {
        Ok(Self { load: None, ..Self::before_shift(work)? })
    }

    /// The gate of a set that is to take over what the other color carries.
    pub(crate) fn to_take_over(work: &Work<'_>, set: TaskSetId, color: Color) -> Self {
        let groups = &work.blueprint().target.target_groups;
        Self {
            set,
            group: groups[color].clone(),
            load: Some(groups[color.other()].clone()),
            before: std::sync::OnceLock::new(),
            since: Instant::now(),
        }
    }

    /// Looks until enough tasks serve, for as long as a desired count may still move: a read in the
    /// middle of that is no failure.
    pub(crate) async fn settled(&self, work: &Work<'_>) -> Result<Seen, DeployError> {
        let (begun, mut pace) = (Instant::now(), Pace::new());
        loop {
            let seen = self.read(work).await?;
            let is_over = begun.elapsed() >= UNSETTLED || work.patience.is_over();
            if self.is_serving(&seen) || is_over || self.is_switched_off(&seen) {
                return Ok(seen);
            }
            if pace.see(seen.counts) {
                work.progress(Detail::Rollout(seen.counts));
            }
            work.patience.pause(pace.wait()).await?;
        }
    }

    /// Looks at the set, its tasks and its targets.
    pub(crate) async fn read(&self, work: &Work<'_>) -> Result<Seen, DeployError> {
        let service = work.service().await?;
        let Some(set) = service.task_sets.iter().find(|set| set.id == self.set).cloned() else {
            return self.absent(work, service);
        };
        if set.status == TaskSetStatus::Draining {
            return Err(work.lacks(&format!("the task set {}, which is being deleted", self.set)));
        }
        let targets = self.targets(work).await?;
        let failed = self.failed(work, &set).await?;
        let healthy = targets.as_ref().map(|targets| count(targets, HealthState::Healthy));
        let counts = Rollout {
            running: set.running,
            healthy,
            needed: self.needed(&set, &service),
            failed: self.count_new(&failed),
        };
        Ok(Seen { counts, steady: set.steady, service, targets, failed })
    }

    /// Whether users may be sent there: enough tasks run and are healthy. Where health can't be
    /// read, ECS's own steady state stands for it, which waits for healthy targets too.
    pub(crate) fn is_open(&self, seen: &Seen) -> bool {
        self.exists(seen) && self.is_serving(seen)
    }

    /// Whether the counts are good enough to serve.
    pub(crate) fn is_serving(&self, seen: &Seen) -> bool {
        let Rollout { running, healthy, needed, .. } = seen.counts;
        running >= needed && healthy.map_or(seen.steady, |healthy| healthy >= needed)
    }

    /// Refuses what no wait fixes: the set was scaled to nothing.
    pub(crate) fn refuse_switched_off(&self, seen: &Seen) -> Result<(), Refusal> {
        match self.is_switched_off(seen) {
            true => Err(Refusal::SwitchedOff { task_set: self.set.clone() }),
            false => Ok(()),
        }
    }

    fn is_switched_off(&self, seen: &Seen) -> bool {
        seen.service.task_sets.iter().any(|set| set.id == self.set && set.scale == 0.0)
    }

    /// Refuses a version of which no task would run, unless that is allowed.
    pub(crate) fn refuse_nothing_desired(
        &self,
        work: &Work<'_>,
        seen: &Seen,
    ) -> Result<(), Refusal> {
        let is_wanted = seen.service.desired_count > 0 || work.blueprint().allow.zero_tasks;
        let load = |group: &TargetGroupArn| running(&seen.service, group).unwrap_or_default();
        let running = self.load.as_ref().map_or(0, load);
        if is_wanted { Ok(()) } else { Err(Refusal::NothingDesired { running }) }
    }

    /// Refuses what users would reach beside the set: another one that was put behind its color.
    pub(crate) fn refuse_strangers(&self, seen: &Seen, color: Color) -> Result<(), Refusal> {
        let is_stranger = |set: &&TaskSet| {
            let runs = set.running + set.pending > 0;
            set.id != self.set && set.target_groups.contains(&self.group) && runs
        };
        match seen.service.task_sets.iter().find(is_stranger) {
            Some(set) => Err(Refusal::Stranger { task_set: set.id.clone(), color }),
            None => Ok(()),
        }
    }

    /// Whether so many tasks failed that the rest will too.
    pub(crate) fn is_hopeless(&self, seen: &Seen) -> bool {
        let (least, most) = FAILURES;
        seen.counts.failed >= seen.counts.needed.div_ceil(2).clamp(least, most)
    }

    /// Tells why the gate stays shut.
    pub(crate) fn failure(
        &self,
        work: &Work<'_>,
        seen: Seen,
        limit: Option<Duration>,
    ) -> RolloutError {
        let reasons = reasons::tell(&seen.failed, seen.targets.as_deref(), &seen.service);
        let reasons = reasons.iter().map(|reason| work.blueprint().hide(reason)).collect();
        RolloutError { rollout: seen.counts, reasons, limit }
    }

    fn exists(&self, seen: &Seen) -> bool {
        seen.service.task_sets.iter().any(|set| set.id == self.set)
    }

    /// As many as the set should run, and no fewer than carry the load now: autoscaling moves the one
    /// late. ECS answers CreateTaskSet with a computed count of 0, which is none yet where tasks are
    /// desired.
    fn needed(&self, set: &TaskSet, service: &Service) -> u32 {
        let carry = self.load.as_ref().and_then(|group| running(service, group));
        let least = u32::from(service.desired_count > 0 && set.scale > 0.0);
        set.computed_desired.max(carry.unwrap_or(0)).max(least)
    }

    /// A set that was just created may not be shown yet.
    fn absent(&self, work: &Work<'_>, service: Service) -> Result<Seen, DeployError> {
        if self.since.elapsed() > LAG {
            return Err(work.lacks(&format!("the task set {}, which was deleted", self.set)));
        }
        let counts =
            Rollout { running: 0, healthy: Some(0), needed: service.desired_count, failed: 0 };
        Ok(Seen { counts, steady: false, service, targets: None, failed: Vec::new() })
    }

    async fn targets(&self, work: &Work<'_>) -> Result<Option<Vec<TargetHealth>>, DeployError> {
        let load_balancer = &work.engine.hands.cloud.load_balancer;
        work.read_or_skip(
            "read the targets' health",
            "ECS's steady state is relied on for the targets' health",
            || async { load_balancer.health(&self.group).await },
        )
        .await
    }

    async fn failed(
        &self,
        work: &Work<'_>,
        set: &TaskSet,
    ) -> Result<Vec<StoppedTask>, DeployError> {
        if set.running >= set.computed_desired && set.steady {
            return Ok(Vec::new());
        }
        let ecs = &work.engine.hands.cloud.ecs;
        let service = &work.blueprint().service;
        let stopped = work
            .read_or_skip(
                "read the stopped tasks",
                "failing tasks are not noticed before the rollout's limit",
                || async { ecs.stopped_tasks(service, &self.set).await },
            )
            .await?
            .unwrap_or_default();
        Ok(stopped.into_iter().filter(reasons::is_failure).collect())
    }

    /// A resumed wait starts its count anew: what failed an hour ago may have been mended.
    fn count_new(&self, failed: &[StoppedTask]) -> u32 {
        let arn = |task: &StoppedTask| task.arn.clone();
        let before = self.before.get_or_init(|| failed.iter().map(arn).collect());
        let new = failed.iter().filter(|task| !before.contains(&task.arn)).count();
        u32::try_from(new).unwrap_or(u32::MAX)
    }
}

/// How many tasks the largest set of a group runs.
fn running(service: &Service, group: &TargetGroupArn) -> Option<u32> {
    let sets = service.task_sets.iter().filter(|set| set.target_groups.contains(group));
    sets.map(|set| set.running).max()
}

fn count(targets: &[TargetHealth], state: HealthState) -> u32 {
    let found = targets.iter().filter(|target| target.state == state).count();
    u32::try_from(found).unwrap_or(u32::MAX)
}
