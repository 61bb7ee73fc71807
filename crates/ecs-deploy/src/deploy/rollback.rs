//! The way back: the version before serves again.
//!
//! Before the lock it is decided what that version is, from the deploy on record and from the cloud;
//! under it, whether it can serve. Then the steps of a deploy do the rest: swap, PRIMARY, post-deploy
//! commands, record, with the journal telling them where to.

use std::time::Duration;

use dynamolock::{Found as Row, Lease};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::resume::Begun;
use super::session::{Course, Session};
use super::{CommandPolicy, Success, ahead, close, patience, resume};
use crate::checks::targets::Gate;
use crate::cloud::{Artifact, Cloud, ServiceRef, TaskSet, TaskSetStatus};
use crate::config::Target;
use crate::engine::Work;
use crate::error::{DeployError, Failure, RollbackError};
use crate::event::{Detail, EventKind, EventSink, Reporter};
use crate::journal::{Entry, Journal, State, WayBack, codec};
use crate::listeners::RULES_LAG;
use crate::lock::{self, Claim};
use crate::names::{Color, TaskSetId};
use crate::patience::Patience;
use crate::plan::{Allowances, Blueprint, Refusal, check_accounts, read_service, read_traffic};
use crate::provenance::Provenance;
use crate::runtime::Runtime;
use crate::steps::Step;
use crate::traffic::Traffic;

/// What to roll back, and how.
#[derive(Debug, Clone)]
pub struct RollbackOrder {
    /// Where.
    pub target: Target,
    /// Whether the post-deploy commands run, with the version that serves again.
    pub commands: CommandPolicy,
    /// How long to wait for a running deploy to end. Without a wait, a deploy that shows a sign of life
    /// is not waited for; one that died is taken over after its lease either way.
    pub wait: Duration,
}

/// Lets the version before serve again: after a deploy that failed at any step, or after one that
/// ended well, for as long as the task set from before still runs.
///
/// The rules are exchanged, in one call for each listener, the set from before becomes PRIMARY, the post-deploy commands
/// run with its task definition if the version that goes may have been served, and a tag `success` of
/// the deploy becomes `failure`. The task set that goes is left as it is. A rollback that failed or
/// died is gone on with by another.
///
/// [`Success::artifact`] is what serves again; where its build is not known, its value is the task
/// definition's `FAMILY:REVISION`.
///
/// Cancelling the token ends it in order; dropping the future is a crash.
///
/// # Errors
/// A [`Failure`]; with [`DeployError::Rollback`] nothing was changed.
pub async fn rollback(
    order: &RollbackOrder,
    cloud: &Cloud,
    runtime: &Runtime,
    events: &dyn EventSink,
    cancel: &CancellationToken,
) -> Result<Success, Failure> {
    let started = Instant::now();
    let reporter = Reporter::new(events, runtime);
    let opening = Opening { order, cloud, runtime, reporter: &reporter, cancel };
    let (found, lease) = opening.take_lock(started).await.map_err(close::before_lock)?;
    let session = Session {
        course: Course::Rollback(found.way),
        commands: order.commands,
        blueprint: &found.blueprint,
        cloud,
        runtime,
        reporter: &reporter,
        cancel,
        started,
        seen_serving: Some(found.serving),
    };
    session.run(lease).await
}

/// What to begin with: the deploy on record. One that is settled is not undone by surprise where the lock was
/// held: most likely by another deploy, which died before it wrote a word.
pub(super) fn begin(session: &Session<'_>, lease: &Lease) -> Result<Begun, DeployError> {
    let target = &session.blueprint.target;
    let mut state = on_record(lease.data(), target)?;
    if state.is_settled() && matches!(lease.found(), Row::Held(_)) {
        let (key, artifact) = (target.lock_key(), state.artifact);
        return Err(RollbackError::Unbegun { key, artifact }.into());
    }
    state.journal.get_or_insert_with(|| Journal::new(resume::header(session, None)));
    Ok(state.into())
}

/// Makes sure that the version before can serve, then puts the rollback on record. Gives the step to
/// begin with.
pub(super) async fn decide(work: &Work<'_>, way: &WayBack) -> Result<Step, DeployError> {
    let is_live = is_live(work, way).await?;
    if !is_live {
        let gate = Gate::to_take_over(work, way.task_set.clone(), way.color);
        let seen = gate.settled(work).await?;
        if !gate.is_open(&seen) {
            let (task_set, failure) = (way.task_set.clone(), gate.failure(work, seen, None));
            let (rollout, reasons) = (failure.rollout, failure.reasons);
            return Err(RollbackError::NotHealthy { task_set, rollout, reasons }.into());
        }
    }
    // One that is gone on with is on record, with what it did.
    if let Some(begun) = work.engine.ledger.state().open_rollback() {
        let is_back = is_live && begun.step > Step::Primary;
        let stands = is_back && is_primary(work, &way.task_set).await?;
        return Ok(if stands { Step::PostDeploy } else { Step::Swap });
    }
    // Another may have swapped since the look before the lock, or its answer was late.
    let was_served = way.was_served || !is_live;
    work.engine.ledger.record(Entry::RollBack(WayBack { was_served, ..way.clone() })).await?;
    Ok(Step::Swap)
}

/// Whether the previous version is live. Where the new version was live, an answer that shows the
/// previous one for some requests may be late or follow a manual swap, so the rules are read again.
async fn is_live(work: &Work<'_>, way: &WayBack) -> Result<bool, DeployError> {
    let traffic = work.traffic().await?;
    let is_live = traffic.is_live(way.color);
    if !way.was_served || !(is_live || traffic.is_mixed()) {
        return Ok(is_live);
    }
    work.patience.pause(RULES_LAG).await?;
    Ok(work.traffic().await?.is_live(way.color))
}

async fn is_primary(work: &Work<'_>, id: &TaskSetId) -> Result<bool, DeployError> {
    let sets = work.service().await?.task_sets;
    Ok(sets.iter().any(|set| set.id == *id && set.status == TaskSetStatus::Primary))
}

fn on_record(data: Option<&[u8]>, target: &Target) -> Result<State, RollbackError> {
    let data = data.ok_or_else(|| RollbackError::Nothing { key: target.lock_key() })?;
    Ok(codec::decode(data)?)
}

/// The deploy that had ended well when the rollback was asked for; `None` where none had.
struct Ended(Option<Identity>);

/// What tells deploys apart.
#[derive(PartialEq)]
struct Identity {
    /// `None` in a row that a Go program wrote.
    deploy: Option<String>,
    task_set: Option<TaskSetId>,
    artifact: Artifact,
}

impl Ended {
    fn of(state: &State) -> Self {
        let has_ended_well = state.done && state.rollback().is_none();
        Self(has_ended_well.then(|| Identity {
            deploy: state.journal.as_ref().map(|journal| journal.deploy_id.clone()),
            task_set: state.task_set.clone(),
            artifact: state.artifact.clone(),
        }))
    }

    /// Refuses to undo the success of a deploy that nobody knew of when the rollback was asked for.
    fn refuse_another(&self, state: &State) -> Result<(), RollbackError> {
        match Self::of(state) {
            Self(Some(now)) if self.0.as_ref() != Some(&now) => {
                let color = state.color_to_serve();
                Err(RollbackError::EndedMeanwhile { artifact: now.artifact, color })
            }
            _ => Ok(()),
        }
    }
}

/// What was found before the lock.
struct Found {
    way: WayBack,
    blueprint: Blueprint,
    serving: Color,
}

/// The part of a rollback before it holds the lock.
struct Opening<'a> {
    order: &'a RollbackOrder,
    cloud: &'a Cloud,
    runtime: &'a Runtime,
    reporter: &'a Reporter<'a>,
    cancel: &'a CancellationToken,
}

impl Opening<'_> {
    /// Finds the rollback target and takes the lock, again and again until nobody wrote the row meanwhile. A
    /// deploy that ended well meanwhile is not the one that is meant.
    async fn take_lock(&self, started: Instant) -> Result<(Found, Lease), DeployError> {
        let deadline = started + self.order.wait;
        let client = lock::client(self.cloud.locks.clone(), self.runtime);
        let key = self.order.target.lock_key();
        let mut first: Option<Ended> = None;
        loop {
            let data = lock::data(&client, &self.patience(), &key).await?;
            let state = on_record(data.as_deref(), &self.order.target)?;
            first.get_or_insert_with(|| Ended::of(&state)).refuse_another(&state)?;
            let find = || async { self.find(&state).await };
            let found = self.patience().read("look for the version before", find).await?;
            self.reporter.emit(self.rolling_back(&state, &found.way));
            let detail = Detail::note(key.clone());
            self.reporter.emit(EventKind::StepStarted { step: Step::Lock, detail });
            let claim = match self.order.wait.is_zero() {
                true => Claim::IfSilent,
                false => Claim::AfterWait(deadline - Instant::now()),
            };
            let seen = data.as_deref();
            let lease = lock::take_over(&client, self.patience(), &key, seen, claim).await?;
            if let Some(lease) = lease {
                return Ok((found, lease));
            }
        }
    }

    fn patience(&self) -> Patience<'_> {
        patience(self.reporter, self.cancel)
    }

    async fn find(&self, state: &State) -> Result<Found, DeployError> {
        let target = &self.order.target;
        check_accounts(target, self.cloud).await?;
        let name = ServiceRef::from(target);
        let service = read_service(self.cloud, &name).await?;
        let traffic = read_traffic(self.cloud, target, None, self.reporter).await?;
        let serving = movable(&traffic)?;
        let color = color_before(state, &traffic, &service.task_sets, target)?;
        let set = set_before(state, color, target, &service.task_sets)?;
        let read = Provenance::read(set, target, self.cloud).await;
        let known = self.reporter.or_skip(read, "which build served before is not told")?;
        let known = known.unwrap_or_default();
        let way = state.open_rollback().cloned().unwrap_or_else(|| WayBack {
            color,
            task_set: set.id.clone(),
            task_definition: set.task_definition.clone(),
            was_served: state.may_have_served() || !traffic.is_live(color),
            is_same_version: is_same_version(&known, state),
            step: Step::Lock,
            done: false,
        });
        let blueprint = Blueprint {
            target: target.clone(),
            service: name,
            config_sha: state.config_sha.clone(),
            artifact: self.artifact(known, set, &way)?,
            allow: Allowances::default(),
        };
        if self.runs_commands(&way) {
            let (ahead, commands) = (ahead::of_rollback(state), &*self.runtime.commands);
            blueprint.check_commands(ahead, commands, self.reporter)?;
        }
        Ok(Found { way, blueprint, serving })
    }

    /// What the set from before runs; only its commands have to know.
    fn artifact(
        &self,
        known: Provenance,
        set: &TaskSet,
        way: &WayBack,
    ) -> Result<Artifact, RollbackError> {
        if let Some(artifact) = known.artifact {
            return Ok(artifact);
        }
        if self.runs_commands(way) {
            return Err(RollbackError::UnknownBuild { task_set: set.id.clone() });
        }
        Ok(Artifact::unknown(set.task_definition.family_revision()))
    }

    fn runs_commands(&self, way: &WayBack) -> bool {
        let has_commands = self.order.target.post_command_count() > 0 && way.was_served;
        has_commands && self.order.commands == CommandPolicy::Run
    }

    fn rolling_back(&self, state: &State, way: &WayBack) -> EventKind {
        EventKind::RollingBack {
            app: self.order.target.app.clone(),
            environment: self.order.target.environment.clone(),
            artifact: state.artifact.clone(),
            color: way.color,
            task_definition: way.task_definition.family_revision(),
        }
    }
}

/// The color that is live in the pair that is asked first. Without a pair there is nothing to move.
fn movable(traffic: &Traffic) -> Result<Color, Refusal> {
    match traffic.pairs().next() {
        Some(_) => Ok(traffic.nominal().expect("a pair has a live color")),
        None => Err(traffic.check().expect_err("no color is live without a pair").into()),
    }
}

/// Whether the deploy on record is of the very version that served before it.
fn is_same_version(before: &Provenance, state: &State) -> bool {
    before.build_number == Some(state.artifact.build_number)
        && before.config_sha.as_deref() == Some(state.config_sha.as_str())
}

/// The color that was live before the deploy on record. One that never came to know it changed nothing;
/// where colors are mixed all the same, an earlier deploy died between two listeners, before it marked
/// its task set as PRIMARY.
fn color_before(
    state: &State,
    traffic: &Traffic,
    sets: &[TaskSet],
    target: &Target,
) -> Result<Color, DeployError> {
    match (state.rollback(), state.new_color) {
        (Some(way), _) if way.done => {
            Err(RollbackError::Already { artifact: state.artifact.clone(), color: way.color }
                .into())
        }
        (Some(way), _) => Ok(way.color),
        (None, Some(new)) => Ok(new.other()),
        (None, None) => match traffic.live().or_else(|| color_of_primary(sets, target)) {
            Some(color) => Ok(color),
            None => Err(Refusal::from(traffic.check().expect_err("no color is live")).into()),
        },
    }
}

fn color_of_primary(sets: &[TaskSet], target: &Target) -> Option<Color> {
    let primary = sets.iter().find(|set| set.status == TaskSetStatus::Primary)?;
    target.target_groups.find(|group| primary.target_groups.contains(group))
}

/// The task set that served there.
fn set_before<'a>(
    state: &State,
    color: Color,
    target: &Target,
    sets: &'a [TaskSet],
) -> Result<&'a TaskSet, RollbackError> {
    let group = &target.target_groups[color];
    let stands = |set: &&TaskSet| {
        set.target_groups.contains(group)
            && set.status != TaskSetStatus::Draining
            && state.task_set.as_ref() != Some(&set.id)
    };
    let journal = state.journal.as_ref();
    let known = state.open_rollback().map(|way| &way.task_set);
    let known = known.or(journal.and_then(|journal| journal.before.as_ref()?.primary.as_ref()));
    // A deploy that never looked changed nothing: what is PRIMARY was so before.
    let is_known = |set: &TaskSet| match known {
        Some(id) => set.id == *id,
        None => state.new_color.is_none() && set.status == TaskSetStatus::Primary,
    };
    let mut candidates: Vec<&TaskSet> = sets.iter().filter(stands).collect();
    if let Some(found) = candidates.iter().find(|set| is_known(set)) {
        return Ok(found);
    }
    // A rollback that is gone on with leads to that one and no other.
    if state.open_rollback().is_some() {
        candidates.clear();
    }
    let before = journal.and_then(|journal| journal.before.as_ref());
    let served = |set: &TaskSet| before.is_some_and(|before| before.serving_sets.contains(&set.id));
    // What was put there since is none of them.
    if candidates.iter().any(|set| served(set)) {
        candidates.retain(|set| served(set));
    }
    match &candidates[..] {
        [only] => Ok(only),
        [] => Err(RollbackError::Gone { artifact: state.artifact.clone(), color }),
        several => {
            let task_sets = several.iter().map(|set| set.id.clone()).collect();
            Err(RollbackError::Several { color, task_sets })
        }
    }
}
