//! The part of a deploy that holds the lock.

use std::time::Duration;

use dynamolock::Lease;
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{CommandPolicy, Order, Success, close};
use crate::cloud::Cloud;
use crate::effect::{Effect, Hands, Outcome};
use crate::engine::{Engine, Work};
use crate::error::{DeployError, Failure, LockLeft, ResumeError};
use crate::event::{Detail, EventKind, Reporter};
use crate::fence::ATTEMPT_LIMIT;
use crate::journal::{Entry, Header, Journal, State, codec};
use crate::ledger::Ledger;
use crate::lock::{self, Mode};
use crate::names::Color;
use crate::patience::Patience;
use crate::plan::Blueprint;
use crate::runtime::Runtime;
use crate::steps::{self, Limit, Step, TABLE};
use crate::traffic::Rules;

/// Beyond what the old tasks may take to end: ECS's own delays.
const DRAIN_MARGIN: Duration = Duration::from_secs(60);

/// The longest stop timeout that Fargate allows.
const STOP_TIMEOUT: Duration = Duration::from_secs(120);

/// How long a deploy that ended well waits to tell what it kept.
const KEPT_LIMIT: Duration = Duration::from_secs(1);

/// The default of a target group, taken where the attribute can't be read.
const DEREGISTRATION_DELAY: Duration = Duration::from_secs(300);

pub(super) struct Session<'a> {
    pub order: &'a Order,
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
        let state = match self.begin(lease.data()) {
            Ok(state) => state,
            Err(error) => return Err(close::refused(error, lease).await),
        };
        let ledger = Ledger::new(lease, state);
        let engine = Engine::new(self.hands(), &ledger, self.runtime, self.settle());
        let ended = tokio::select! {
            biased;
            lost = ledger.keep() => Err(DeployError::from(lost)),
            () = self.impatience() => Err(DeployError::Interrupted),
            ended = self.work(&engine) => ended,
        };
        let changed = engine.changed();
        match ended {
            Ok(()) => self.succeed(ledger, changed).await,
            Err(error) => Err(close::failed(self, error, ledger, changed).await),
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

    fn settle(&self) -> Duration {
        self.blueprint.target.settle_time
    }

    /// The state to begin with, from the row as it was found.
    fn begin(&self, data: Option<&[u8]>) -> Result<State, DeployError> {
        let found = data.map(codec::decode).transpose();
        if self.order.mode == Mode::Resume {
            let found = found.map_err(ResumeError::from)?;
            return Ok(self.resumed(found)?);
        }
        let last_swap = found.ok().flatten().and_then(|state| self.last_swap(&state));
        let header = self.header(last_swap);
        let Blueprint { artifact, config_sha, .. } = self.blueprint;
        Ok(State::new(artifact.clone(), config_sha.clone(), header))
    }

    /// When the deploy before swapped. One that died at it may have done so just now.
    fn last_swap(&self, last: &State) -> Option<Timestamp> {
        let perhaps_now = match &last.journal {
            Some(journal) => matches!(journal.doing, Some(Effect::ExchangePriorities { .. })),
            None => last.step >= Step::Swap && !last.done,
        };
        if perhaps_now {
            return Some(self.runtime.wall_time());
        }
        last.journal.as_ref()?.swapped_at
    }

    fn resumed(&self, found: Option<State>) -> Result<State, ResumeError> {
        let key = self.blueprint.target.lock_key();
        let mut state = found.ok_or(ResumeError::Nothing { key })?;
        let words = |state: &crate::cloud::Artifact| {
            format!("{} (build {})", state.value, state.build_number)
        };
        let asked = &self.blueprint.artifact;
        if state.done {
            return Err(ResumeError::Finished { artifact: words(&state.artifact) });
        }
        let same = state.artifact.build_number == asked.build_number
            && state.artifact.value == asked.value;
        if !same {
            let (failed, asked) = (words(&state.artifact), words(asked));
            return Err(ResumeError::OtherArtifact { failed, asked });
        }
        if state.config_sha != self.blueprint.config_sha {
            return Err(ResumeError::OtherConfig {
                failed: state.config_sha.to_string(),
                asked: self.blueprint.config_sha.to_string(),
            });
        }
        state.journal.get_or_insert_with(|| Journal::new(self.header(None)));
        Ok(state)
    }

    fn header(&self, swapped_at: Option<Timestamp>) -> Header {
        Header {
            deploy_id: (self.runtime.token)(),
            by: self.runtime.actor.clone(),
            at: self.runtime.wall_time(),
            tokens: self.runtime.tokens(),
            swapped_at,
        }
    }

    async fn work(&self, engine: &Engine<'_>) -> Result<(), DeployError> {
        let first = self.take(engine).await?;
        for row in &TABLE[1..] {
            if row.step >= first && !self.is_skipped(row.step) {
                self.step(engine, row.step, row.limit).await?;
            }
        }
        Ok(())
    }

    /// Step 1 under the lock: writes who works on it, then decides where to begin.
    async fn take(&self, engine: &Engine<'_>) -> Result<Step, DeployError> {
        let row = &TABLE[0];
        let work = self.at(engine, row.step, row.limit).await?;
        let begun = engine.ledger.state().step;
        let entry = Entry::Take { by: self.runtime.actor.clone(), at: self.runtime.wall_time() };
        engine.ledger.record(entry).await?;
        let first = if let Some(rules) = swapped(&work, begun).await? {
            self.adopt_swap(&work, &rules).await?;
            self.adopt_task_definition(&work).await?;
            Step::Primary
        } else {
            work.preflight().await?.footing()?;
            Step::PreDeploy
        };
        let detail = Detail::note(self.blueprint.target.lock_key());
        self.reporter.emit(EventKind::StepFinished {
            step: row.step,
            detail,
            took: self.started.elapsed(),
        });
        Ok(first)
    }

    /// A swap whose time is not on record is noted as done now, so that the next deploy lets it
    /// settle.
    async fn adopt_swap(&self, work: &Work<'_>, rules: &Rules) -> Result<(), DeployError> {
        let journal = work.journal();
        let unsaid = matches!(journal.doing, Some(Effect::ExchangePriorities { .. }));
        if !unsaid && journal.swapped_at.is_some() {
            return Ok(());
        }
        let effect = Effect::ExchangePriorities { to: rules.priorities() };
        self.adopt(work, effect, Outcome::Done).await
    }

    /// A row of the Go program does not name the task definition; the new task set does.
    async fn adopt_task_definition(&self, work: &Work<'_>) -> Result<(), DeployError> {
        let journal = work.journal();
        if journal.task_definition.is_some() {
            return Ok(());
        }
        let id = work.new_set()?;
        let sets = work.service().await?.task_sets;
        let Some(set) = sets.into_iter().find(|set| set.id == id) else { return Ok(()) };
        let effect = Effect::RegisterTaskDefinition { token: journal.tokens.task_definition };
        self.adopt(work, effect, Outcome::Registered(set.task_definition)).await
    }

    async fn adopt(
        &self,
        work: &Work<'_>,
        effect: Effect,
        outcome: Outcome,
    ) -> Result<(), DeployError> {
        let at = self.runtime.wall_time();
        Ok(work.engine.ledger.record(Entry::Did { effect, outcome, at }).await?)
    }

    fn is_skipped(&self, step: Step) -> bool {
        self.order.commands == CommandPolicy::Skip
            && matches!(step, Step::PreDeploy | Step::PostDeploy)
    }

    async fn step(&self, engine: &Engine<'_>, step: Step, limit: Limit) -> Result<(), DeployError> {
        if self.cancel.is_cancelled() {
            return Err(DeployError::Interrupted);
        }
        let begun = Instant::now();
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
        let deadline = Instant::now() + limit;
        let patience = Patience { reporter: self.reporter, cancel: self.cancel, deadline };
        Ok(Work { engine, step, limit, patience })
    }

    async fn limit(&self, limit: Limit) -> Duration {
        let target = &self.blueprint.target;
        match limit {
            Limit::Fixed(limit) => limit,
            Limit::Rollout => target.rollout_timeout,
            Limit::EachCommand => target.command_timeout * (1 + self.command_count()),
            Limit::Drain => self.settle() + self.drain().await + STOP_TIMEOUT + DRAIN_MARGIN,
        }
    }

    /// More than either phase has.
    fn command_count(&self) -> u32 {
        let Blueprint { target, rendered, .. } = self.blueprint;
        u32::try_from(rendered.pre.len() + target.post_command_count()).unwrap_or(u32::MAX)
    }

    /// The longer deregistration delay of the two groups.
    async fn drain(&self) -> Duration {
        let groups = &self.blueprint.target.target_groups;
        let delay = async |color: Color| {
            let delay = self.cloud.load_balancer.deregistration_delay(&groups[color]).await;
            let read = self.reporter.or_skip(delay, "the default of 300 s is taken");
            read.ok().flatten().unwrap_or(DEREGISTRATION_DELAY)
        };
        let (blue, green) = tokio::join!(delay(Color::Blue), delay(Color::Green));
        blue.max(green)
    }

    async fn succeed(
        &self,
        ledger: Ledger,
        changed: Vec<crate::error::Change>,
    ) -> Result<Success, Failure> {
        let (lease, mut state) = ledger.into_parts();
        state.apply(&Entry::Finish);
        let serving = state.new_color.expect("step 3 came before the end");
        if let Err(lost) = lock::finish(lease, &state).await {
            let left = LockLeft::RunsOut;
            return Err(close::unfinished(lost.into(), serving, changed, left));
        }
        Ok(Success {
            artifact: state.artifact,
            serving,
            kept: self.kept(serving).await,
            took: self.started.elapsed(),
        })
    }

    /// How many tasks of the version before run on; best effort, as the deploy has ended well.
    async fn kept(&self, serving: Color) -> Option<u32> {
        let read = self.cloud.ecs.service(&self.blueprint.service);
        let service = timeout(KEPT_LIMIT, read).await.ok()?.ok()??;
        let group = &self.blueprint.target.target_groups[serving.other()];
        let sets = service.task_sets.iter().filter(|set| set.target_groups.contains(group));
        Some(sets.map(|set| set.running).sum())
    }

    /// What serves now; best effort.
    pub(super) async fn serving(&self) -> Option<Color> {
        let target = &self.blueprint.target;
        let rules = self.cloud.load_balancer.rules(&target.listener).await.ok()?;
        Some(Rules::read(&rules, &target.target_groups).ok()?.serving())
    }
}

/// The rules, if a deploy that is gone on with had swapped already, and still serves.
async fn swapped(work: &Work<'_>, begun: Step) -> Result<Option<Rules>, DeployError> {
    if begun < Step::Swap {
        return Ok(None);
    }
    let rules = work.rules().await?;
    let new = work.engine.ledger.state().new_color;
    Ok(Some(rules).filter(|rules| new == Some(rules.serving())))
}
