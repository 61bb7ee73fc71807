//! Where a deploy that has the lock begins: anew, or from what the row tells of the one before.

use jiff::Timestamp;

use super::session::Session;
use crate::cloud::Artifact;
use crate::effect::{Effect, Outcome};
use crate::engine::Work;
use crate::error::{DeployError, ResumeError};
use crate::event::Tried;
use crate::journal::{Entry, Header, Journal, State, codec};
use crate::lock::Mode;
use crate::plan::Blueprint;
use crate::steps::Step;
use crate::traffic::Rules;

/// The state to begin with, from the row as it was found.
pub(super) fn begin(
    session: &Session<'_>,
    mode: Mode,
    data: Option<&[u8]>,
) -> Result<State, DeployError> {
    let found = data.map(codec::decode).transpose();
    if mode == Mode::Resume {
        let found = found.map_err(ResumeError::from)?;
        return Ok(resumed(session, found)?);
    }
    let last_swap = found.ok().flatten().and_then(|state| last_swap(session, &state));
    let header = header(session, last_swap);
    let Blueprint { artifact, config_sha, .. } = session.blueprint;
    Ok(State::new(artifact.clone(), config_sha.clone(), header))
}

/// When the rules were exchanged last. A deploy that died at it may have done so just now, and so may
/// somebody by hand, if another color serves than the last deploy left.
fn last_swap(session: &Session<'_>, last: &State) -> Option<Timestamp> {
    let died_at_it = match &last.journal {
        Some(journal) => matches!(journal.doing, Some(Effect::ExchangePriorities { .. })),
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

pub(super) fn header(session: &Session<'_>, swapped_at: Option<Timestamp>) -> Header {
    Header {
        deploy_id: (session.runtime.token)(),
        by: session.runtime.actor.clone(),
        at: session.runtime.wall_time(),
        tokens: session.runtime.tokens(),
        swapped_at,
    }
}

/// The step to go on with, decided under the lock.
pub(super) async fn decide(work: &Work<'_>, begun: Step) -> Result<Step, DeployError> {
    if let Some(rules) = swapped(work, begun).await? {
        adopt_swap(work, &rules).await?;
        adopt_task_definition(work).await?;
        return Ok(Step::Primary);
    }
    work.preflight().await?.footing()?;
    Ok(Step::PreDeploy)
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

/// A swap whose time is not on record is noted as done now, so that the next deploy lets it
/// settle.
async fn adopt_swap(work: &Work<'_>, rules: &Rules) -> Result<(), DeployError> {
    let journal = work.journal();
    let unsaid = matches!(journal.doing, Some(Effect::ExchangePriorities { .. }));
    if !unsaid && journal.swapped_at.is_some() {
        return Ok(());
    }
    let effect = Effect::ExchangePriorities { to: rules.priorities() };
    note(work, effect, Outcome::Done).await
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
