//! Where a deploy that has the lock begins: anew, or from what the row tells of the one before.

use jiff::Timestamp;

use super::last_set::LastSet;
use super::session::Session;
use crate::cloud::{Artifact, TaskSet, TaskSetStatus};
use crate::effect::{CONFIG_TAG, Effect, Outcome};
use crate::engine::Work;
use crate::error::{DeployError, ResumeError};
use crate::event::Tried;
use crate::journal::{Entry, Header, Journal, State, Tokens, codec};
use crate::listeners::RULES_LAG;
use crate::lock::Mode;
use crate::meddling;
use crate::names::{Color, TaskSetId};
use crate::plan::{Blueprint, PrepareError, Refusal};
use crate::provenance;
use crate::steps::{self, Step};
use crate::traffic::Traffic;

/// What is begun with.
pub(super) struct Begun {
    pub state: State,
    /// What has to be seen before it is decided what is deleted.
    pub last_set: Option<LastSet>,
}

impl From<State> for Begun {
    fn from(state: State) -> Self {
        Self { state, last_set: None }
    }
}

/// What to begin with, from the row as it was found.
pub(super) fn begin(
    session: &Session<'_>,
    mode: Mode,
    data: Option<&[u8]>,
) -> Result<Begun, DeployError> {
    let found = data.map(codec::decode).transpose();
    if mode == Mode::Resume {
        let state = resumed(session, found.map_err(ResumeError::from)?)?;
        refuse_another_plan(session, &state)?;
        return Ok(state.into());
    }
    let last_set = match &found {
        Ok(state) => state.as_ref().and_then(LastSet::of),
        Err(_) => Some(LastSet::Unreadable),
    };
    let last_swap = match &found {
        Ok(state) => state.as_ref().and_then(|state| last_swap(session, state)),
        // It may have swapped a moment ago.
        Err(_) => Some(session.runtime.wall_time()),
    };
    let running = found.ok().flatten().and_then(|state| state.journal?.running);
    let header = Header { running, ..header(session, last_swap) };
    let Blueprint { artifact, config_sha, .. } = session.blueprint;
    Ok(Begun { state: State::new(artifact.clone(), config_sha.clone(), header), last_set })
}

/// When the rules were exchanged last. A deploy that died at it may have done so just now, and so may
/// somebody by hand, if another color serves than the last deploy left.
fn last_swap(session: &Session<'_>, last: &State) -> Option<Timestamp> {
    let died_at_it = match &last.journal {
        Some(journal) => journal.is_exchanging(),
        None => last.step >= Step::Swap && !last.done,
    };
    let by_hand = last.done
        && session
            .seen_serving
            .zip(last.color_to_serve())
            .is_some_and(|(serving, left)| serving != left);
    if died_at_it || by_hand {
        return Some(session.runtime.wall_time());
    }
    last.journal.as_ref()?.swapped_at
}

fn resumed(session: &Session<'_>, found: Option<State>) -> Result<State, ResumeError> {
    let key = session.blueprint.target.lock_key();
    let mut state = found.ok_or(ResumeError::Nothing { key })?;
    let words = |state: &Artifact| format!("{} (build {})", state.value, state.build_number);
    let asked = &session.blueprint.artifact;
    let artifact = words(&state.artifact);
    match state.rollback() {
        Some(way) if way.done => return Err(ResumeError::RolledBack { artifact }),
        Some(_) => return Err(ResumeError::RollingBack { artifact }),
        None if state.done => return Err(ResumeError::Finished { artifact }),
        None => {}
    }
    let same =
        state.artifact.build_number == asked.build_number && state.artifact.value == asked.value;
    if !same {
        let (failed, asked) = (words(&state.artifact), words(asked));
        return Err(ResumeError::OtherArtifact { failed, asked });
    }
    if state.config_sha != session.blueprint.config_sha {
        return Err(ResumeError::OtherConfig {
            failed: state.config_sha.to_string(),
            asked: session.blueprint.config_sha.to_string(),
        });
    }
    state.journal.get_or_insert_with(|| Journal::new(header(session, None)));
    Ok(state)
}

/// Before the swap a resume takes what was made as its own, which must not be of another text.
fn refuse_another_plan(session: &Session<'_>, state: &State) -> Result<(), DeployError> {
    let Some(journal) = &state.journal else { return Ok(()) };
    let is_made = journal.task_definition.is_some()
        || matches!(journal.doing, Some(Effect::RegisterTaskDefinition { .. }));
    if !is_made || state.step.is_past_swap() {
        return Ok(());
    }
    let plan = session.blueprint.digest().map_err(PrepareError::from)?;
    if journal.plan.as_ref().is_some_and(|begun| *begun != plan) {
        return Err(ResumeError::OtherPlan { config: state.config_sha.to_string() }.into());
    }
    Ok(())
}

pub(super) fn header(session: &Session<'_>, swapped_at: Option<Timestamp>) -> Header {
    Header {
        deploy_id: (session.runtime.token)(),
        by: session.runtime.actor.clone(),
        at: session.runtime.wall_time(),
        tokens: session.runtime.tokens(),
        swapped_at,
        running: None,
    }
}

/// The step to go on with, decided under the lock.
pub(super) async fn decide(work: &Work<'_>, begun: Step) -> Result<Step, DeployError> {
    match first_step(work, begun).await {
        Err(DeployError::Refused(refusal)) => Err(meddling::explain(work, refusal).await),
        decided => decided,
    }
}

async fn first_step(work: &Work<'_>, begun: Step) -> Result<Step, DeployError> {
    match shifted(work, begun).await? {
        Shifted::Wholly(traffic) => {
            adopt_shift(work, &traffic).await?;
            adopt_task_definition(work).await?;
            // Who swapped by hand did not wait for the gate.
            return Ok(if begun < Step::Swap { Step::Rollout } else { Step::Primary });
        }
        Shifted::Partly => {
            // The row must not tell of an earlier step: a Go program would begin there again.
            steps::check_new_set(work).await?;
            return Ok(Step::Swap);
        }
        Shifted::Not => {}
    }
    work.preflight().await?.footing()?;
    adopt_task_set(work).await?;
    Ok(Step::PreDeploy)
}

/// How much of the traffic reaches the new version of a deploy that is resumed.
enum Shifted {
    /// None, or another version's.
    Not,
    /// That of some listeners: the deploy died between two.
    Partly,
    /// All: by its own shift, or by one that was made by hand once its task set was there.
    Wholly(Box<Traffic>),
}

async fn shifted(work: &Work<'_>, begun: Step) -> Result<Shifted, DeployError> {
    let (state, journal) = (work.engine.ledger.state(), work.journal());
    let Some(color) = state.new_color else { return Ok(Shifted::Not) };
    if begun < Step::Swap && journal.task_definition.is_none() {
        return Ok(Shifted::Not);
    }
    let has_begun = journal.exchanged || journal.is_exchanging();
    let mut traffic = work.traffic().await?;
    // An answer may lag behind an exchange that was just made.
    if has_begun && !traffic.is_mixed() && !traffic.is_live(color) {
        work.patience.pause(RULES_LAG).await?;
        traffic = work.traffic().await?;
    }
    let is_partly = has_begun && traffic.is_mixed();
    if !is_partly && !traffic.is_live(color) {
        return Ok(Shifted::Not);
    }
    let Some(task_set) = state.task_set else {
        let is_known = begun >= Step::Swap && !is_partly;
        return Ok(if is_known { Shifted::Wholly(Box::new(traffic)) } else { Shifted::Not });
    };
    match stands(work, &task_set, color).await? {
        true if is_partly => Ok(Shifted::Partly),
        true => Ok(Shifted::Wholly(Box::new(traffic))),
        false if begun < Step::Swap => Ok(Shifted::Not),
        false => Err(Refusal::NewSetGone { serving: color, task_set }.into()),
    }
}

/// Whether a set stands behind a color, and is not on its way out.
async fn stands(work: &Work<'_>, id: &TaskSetId, color: Color) -> Result<bool, DeployError> {
    let group = &work.blueprint().target.target_groups[color];
    let sets = work.service().await?.task_sets;
    Ok(sets.iter().any(|set| {
        set.id == *id && set.status != TaskSetStatus::Draining && set.target_groups.contains(group)
    }))
}

/// A shift that is not on record is noted as done now, so that the next deploy lets it settle.
async fn adopt_shift(work: &Work<'_>, traffic: &Traffic) -> Result<(), DeployError> {
    let journal = work.journal();
    if journal.exchanged && !journal.is_exchanging() {
        return Ok(());
    }
    let effect = Effect::ExchangePriorities { to: traffic.priorities() };
    note(work, effect, Outcome::Done).await
}

/// A Go program that goes on with a deploy of ours rewrites its row without the journal, and may leave the
/// set that we made: its `externalId` is our token, its tags tell that it is of this deploy.
async fn adopt_task_set(work: &Work<'_>) -> Result<(), DeployError> {
    let (state, journal) = (work.engine.ledger.state(), work.journal());
    let (Some(id), Some(color), None) = (&state.task_set, state.new_color, journal.task_definition)
    else {
        return Ok(());
    };
    let group = &work.blueprint().target.target_groups[color];
    let may_serve = |set: &TaskSet| {
        set.id == *id && set.status == TaskSetStatus::Active && set.target_groups.contains(group)
    };
    let sets = work.service().await?.task_sets;
    let Some(set) = sets.into_iter().find(|set| may_serve(set) && set.scale > 0.0) else {
        return Ok(());
    };
    let Some(token) = set.external_id.clone().filter(|token| Tokens::takes(token)) else {
        return Ok(());
    };
    if !is_of(work, &set, &state).await? {
        return Ok(());
    }
    let task_definition = set.task_definition;
    let effect = Effect::CreateTaskSet { token, task_definition, color };
    note(work, effect, Outcome::Created(set.id)).await
}

/// Whether a set was made from the artifact and the config of this deploy.
async fn is_of(work: &Work<'_>, set: &TaskSet, state: &State) -> Result<bool, DeployError> {
    let tags = || async { provenance::tags_of(set, work.engine.hands.cloud).await };
    let consequence = "the task set that a Go program left is not gone on with";
    let tags = work.read_or_skip("read the task set's tags", consequence, tags).await?;
    Ok(tags.is_some_and(|tags| {
        provenance::build_number(&tags) == Some(state.artifact.build_number)
            && tags.get(CONFIG_TAG).is_some_and(|sha| sha == state.config_sha.as_str())
    }))
}

/// A row of the Go program does not name the task definition; the new task set does.
async fn adopt_task_definition(work: &Work<'_>) -> Result<(), DeployError> {
    let journal = work.journal();
    if journal.task_definition.is_some() {
        return Ok(());
    }
    let id = work.new_set()?;
    let sets = work.service().await?.task_sets;
    let Some(set) = sets.into_iter().find(|set| set.id == id) else { return Ok(()) };
    let effect = Effect::RegisterTaskDefinition { token: journal.tokens.task_definition };
    note(work, effect, Outcome::Registered(set.task_definition)).await
}

async fn note(work: &Work<'_>, effect: Effect, outcome: Outcome) -> Result<(), DeployError> {
    work.tell(&effect, Tried::Found);
    let at = work.engine.runtime.wall_time();
    Ok(work.engine.ledger.record(Entry::Did { effect, outcome, at }).await?)
}
