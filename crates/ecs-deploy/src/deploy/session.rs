//! The part of a deploy that holds the lock.

use std::time::Duration;

use dynamolock::Lease;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::last_set::LastSet;
use super::resume::Begun;
use super::{CommandPolicy, Success, close, resume, rollback};
use crate::cloud::Cloud;
use crate::effect::Hands;
use crate::engine::{Engine, Work};
use crate::error::{DeployError, Failure, LockLeft};
use crate::event::{Detail, EventKind, Reporter};
use crate::fence::ATTEMPT_LIMIT;
use crate::journal::{Entry, State, WayBack};
use crate::ledger::Ledger;
use crate::listeners;
use crate::lock::{self, Mode};
use crate::names::Color;
use crate::patience::Patience;
use crate::plan::{Blueprint, PrepareError};
use crate::progress::{Progress, Reached};
use crate::runtime::Runtime;
use crate::steps::{self, Limit, Step, TABLE};

/// How long a deploy that ended well waits to tell what it kept.
const KEPT_LIMIT: Duration = Duration::from_secs(1);

/// What is done under the lock.
pub(super) enum Course {
    /// A deploy, which treats the one before like this.
    Deploy(Mode),
    /// A rollback.
    Rollback(WayBack),
}

pub(super) struct Session<'a> {
    pub course: Course,
    pub commands: CommandPolicy,
    pub blueprint: &'a Blueprint,
    pub cloud: &'a Cloud,
    pub runtime: &'a Runtime,
    pub reporter: &'a Reporter<'a>,
    pub cancel: &'a CancellationToken,
    pub started: Instant,
    /// What served when it was looked at before the lock.
    pub seen_serving: Option<Color>,
}

impl Session<'_> {
    /// Does the steps under the lease, then gives it back in the way that the end asks for.
    pub(super) async fn run(&self, lease: Lease) -> Result<Success, Failure> {
        let begun = match &self.course {
            Course::Deploy(mode) => resume::begin(self, *mode, lease.data()),
            Course::Rollback(_) => rollback::begin(self, &lease),
        };
        let Begun { state, last_set } = match begun {
            Ok(begun) => begun,
            Err(error) => return Err(close::refused(error, lease).await),
        };
        let ledger = Ledger::new(lease, state);
        let engine = Engine {
            hands: self.hands(),
            ledger: &ledger,
            runtime: self.runtime,
            settle: self.blueprint.target.settle_time,
            progress: Progress::new(),
        };
        let ended = tokio::select! {
            biased;
            lost = ledger.keep() => Err(DeployError::from(lost)),
            () = self.impatience() => Err(DeployError::Interrupted),
            ended = self.work(&engine, last_set) => ended,
        };
        let reached = engine.progress.reached();
        match ended {
            Ok(()) => self.succeed(ledger, reached).await,
            Err(error) => Err(close::failed(self, error, ledger, reached).await),
        }
    }

    /// Ends when asked to stop and not stopped soon after, as when the lock table is silent.
    async fn impatience(&self) {
        self.cancel.cancelled().await;
        sleep(ATTEMPT_LIMIT).await;
    }

    fn hands(&self) -> Hands<'_> {
        Hands {
            cloud: self.cloud,
            blueprint: self.blueprint,
            commands: &*self.runtime.commands,
            reporter: self.reporter,
            cancel: self.cancel,
        }
    }

    async fn work(
        &self,
        engine: &Engine<'_>,
        last_set: Option<LastSet>,
    ) -> Result<(), DeployError> {
        let first = self.take(engine, last_set).await?;
        for row in &TABLE[1..] {
            if row.step >= first && !self.is_skipped(row.step, &engine.ledger.state()) {
                self.step(engine, row.step, row.limit).await?;
            }
        }
        Ok(())
    }

    /// Step 1 under the lock: writes who works on it, then decides where to begin.
    async fn take(
        &self,
        engine: &Engine<'_>,
        last_set: Option<LastSet>,
    ) -> Result<Step, DeployError> {
        let row = &TABLE[0];
        let work = self.at(engine, row.step, row.limit).await?;
        let begun = engine.ledger.state().step;
        // Before the row forgets it: whoever goes on with this would not know of it.
        if let Some(last_set) = last_set {
            last_set.wait_for(&work).await?;
        }
        engine.ledger.record(self.taken()?).await?;
        let first = match &self.course {
            Course::Deploy(_) => resume::decide(&work, begun).await?,
            Course::Rollback(way) => rollback::decide(&work, way).await?,
        };
        let detail = Detail::note(self.blueprint.target.lock_key());
        self.reporter.emit(EventKind::StepFinished {
            step: row.step,
            detail,
            took: self.started.elapsed(),
        });
        Ok(first)
    }

    fn taken(&self) -> Result<Entry, DeployError> {
        let (by, at) = (self.runtime.actor.clone(), self.runtime.wall_time());
        let plan = match self.course {
            Course::Deploy(_) => Some(self.blueprint.digest().map_err(PrepareError::from)?),
            Course::Rollback(_) => None,
        };
        Ok(Entry::Take { by, at, plan })
    }

    fn is_skipped(&self, step: Step, state: &State) -> bool {
        let is_about_commands = matches!(step, Step::PreDeploy | Step::PostDeploy);
        match state.open_rollback() {
            _ if is_about_commands && self.commands == CommandPolicy::Skip => true,
            None => false,
            // The checks of a deploy are about the version that goes.
            Some(way) => match step {
                Step::PostDeploy => !way.was_served,
                step => step == Step::Watch,
            },
        }
    }

    async fn step(&self, engine: &Engine<'_>, step: Step, limit: Limit) -> Result<(), DeployError> {
        if self.cancel.is_cancelled() {
            return Err(DeployError::Interrupted);
        }
        let begun = Instant::now();
        engine.progress.enter(step);
        engine.ledger.record(Entry::Enter(step)).await?;
        let work = self.at(engine, step, limit).await?;
        let detail = Detail::note(step.purpose());
        self.reporter.emit(EventKind::StepStarted { step, detail });
        let detail = steps::run(&work).await?;
        let took = begun.elapsed();
        self.reporter.emit(EventKind::StepFinished { step, detail, took });
        Ok(())
    }

    async fn at<'e>(
        &'e self,
        engine: &'e Engine<'e>,
        step: Step,
        limit: Limit,
    ) -> Result<Work<'e>, DeployError> {
        let limit = self.limit(limit).await;
        let patience = Patience::under_way(self.reporter, self.cancel, limit);
        Ok(Work { engine, step, limit, patience })
    }

    async fn succeed(&self, ledger: Ledger, reached: Reached) -> Result<Success, Failure> {
        let (lease, mut state) = ledger.into_parts();
        state.apply(&Entry::Finish);
        let serving = state.color_to_serve().expect("it was known before the end");
        if let Err(lost) = lock::finish(lease, &state).await {
            let left = if lost.is_anothers() { LockLeft::Lost } else { LockLeft::RunsOut };
            return Err(close::unfinished(lost.into(), serving, reached, left));
        }
        Ok(Success {
            artifact: self.blueprint.artifact.clone(),
            serving,
            kept: self.kept(serving).await,
            took: self.started.elapsed(),
            notes: reached.notes,
        })
    }

    /// How many tasks of the other version run on; best effort, as this one has ended well.
    async fn kept(&self, serving: Color) -> Option<u32> {
        let read = self.cloud.ecs.service(&self.blueprint.service);
        let service = timeout(KEPT_LIMIT, read).await.ok()?.ok()??;
        let group = &self.blueprint.target.target_groups[serving.other()];
        let sets = service.task_sets.iter().filter(|set| set.target_groups.contains(group));
        Some(sets.map(|set| set.running).sum())
    }

    /// What serves now; best effort.
    pub(super) async fn serving(&self) -> Option<Color> {
        let (target, accepted) = (&self.blueprint.target, self.blueprint.allow.rules.as_ref());
        listeners::read(self.cloud, target, accepted, self.reporter).await.ok()?.live()
    }
}
