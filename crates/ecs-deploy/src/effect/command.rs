use std::collections::BTreeMap;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{EffectError, Hands, Look, Outcome, Phase};
use crate::command::{Command, CommandError, ProcessGroup};
use crate::config::TemplateValues;
use crate::engine::Engine;
use crate::event::EventKind;
use crate::journal::{Entry, Running, State};
use crate::lock::LostLock;
use crate::names::Color;

/// A command of the user's that did not end well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandFailure {
    /// It ran, or should have.
    #[error("the {phase} command `{program}` failed")]
    Ran {
        /// `pre-deploy` or `post-deploy`.
        phase: &'static str,
        /// The program, as the config names it.
        program: String,
        /// What happened.
        source: CommandError,
    },
    /// A deploy that died left it running.
    #[error(
        "the {phase} command that the deploy before started on this host at {since:.0} still runs, as \
         process group {group}, and is not run a second time beside it: wait for its end, or end it \
         with `kill -- -{group}`"
    )]
    StillRuns {
        /// `pre-deploy` or `post-deploy`.
        phase: &'static str,
        /// Since when it runs.
        since: Timestamp,
        /// Its process group.
        group: i32,
    },
    /// The journal does not tell which task definition was deployed.
    #[error("the task definition that the post-deploy commands ask for is not known")]
    NoTaskDefinition,
}

impl Phase {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PreDeploy => "pre-deploy",
            Self::PostDeploy => "post-deploy",
        }
    }
}

/// Whether the journal knows the command to have finished.
pub(super) fn look(state: &State, phase: Phase, index: usize) -> Look {
    let done = state.journal.as_ref().map_or(0, |journal| journal.commands.of(phase));
    if index < done { Look::Done(Outcome::Done) } else { Look::NotDone }
}

/// Runs a command to its end; while it runs the journal names its processes.
pub(super) async fn run(
    engine: &Engine<'_>,
    phase: Phase,
    index: usize,
) -> Result<(), EffectError> {
    let (hands, state) = (engine.hands, engine.ledger.state());
    let command = rendered(hands, &state, phase, index)?;
    let program = command.program.clone();
    let line = |line: &str| {
        hands.reporter.emit(EventKind::CommandLine { program: program.clone(), line: line.into() });
    };
    let limit = hands.blueprint.target.command_timeout;
    let environment = environment(hands, &state);
    let (tell, mut told) = mpsc::unbounded_channel();
    let started = |group| drop(tell.send(group));
    let ran = hands.commands.run(&command, &environment, limit, hands.cancel, &line, &started);
    let ran = tokio::select! {
        // A write that is answered as the command ends need not be read back.
        biased;
        Some(Err(lost)) = note_start(engine, phase, index, &mut told) => return Err(lost.into()),
        ran = ran => ran,
    };
    let Err(source) = ran else { return Ok(()) };
    engine.ledger.record(Entry::Ended).await?;
    Err(CommandFailure::Ran { phase: phase.name(), program, source }.into())
}

/// Puts a command's processes on record once they are known, so that who goes on from a crash does not
/// run it beside itself.
async fn note_start(
    engine: &Engine<'_>,
    phase: Phase,
    index: usize,
    told: &mut mpsc::UnboundedReceiver<ProcessGroup>,
) -> Option<Result<(), LostLock>> {
    let group = told.recv().await?;
    let runtime = engine.runtime;
    let (host, since) = (runtime.actor.bounded_host(), runtime.wall_time());
    let running = Running { phase, index, host, group, since };
    Some(engine.ledger.record(Entry::Started(running)).await)
}

fn rendered(
    hands: Hands<'_>,
    state: &State,
    phase: Phase,
    index: usize,
) -> Result<Command, EffectError> {
    let blueprint = hands.blueprint;
    let mut commands = match phase {
        Phase::PreDeploy => blueprint.rendered()?.pre,
        Phase::PostDeploy => {
            let journal = state.journal.as_ref();
            let definition = journal
                .and_then(|journal| journal.task_definition.as_ref())
                .ok_or(CommandFailure::NoTaskDefinition)?;
            let values = TemplateValues::from(&blueprint.artifact);
            blueprint.target.render_post(&values, definition)?
        }
    };
    Ok(commands.swap_remove(index))
}

/// What a command may want to know, beside the environment it inherits.
fn environment(hands: Hands<'_>, state: &State) -> BTreeMap<String, String> {
    let target = &hands.blueprint.target;
    let journal = state.journal.as_ref();
    let id = journal.map(|journal| journal.deploy_id.clone());
    let attempt = journal.map(|journal| journal.attempt.to_string());
    let (to, color) = (state.color_to_serve(), |color: Color| color.to_string());
    let pairs = [
        ("ECS_DEPLOY_ID", id),
        ("ECS_DEPLOY_APP", Some(target.app.to_string())),
        ("ECS_DEPLOY_ENVIRONMENT", Some(target.environment.to_string())),
        ("ECS_DEPLOY_STEP", Some(state.reached().number().to_string())),
        ("ECS_DEPLOY_ARTIFACT", Some(hands.blueprint.artifact.value.clone())),
        ("ECS_DEPLOY_NEW_COLOR", to.map(color)),
        ("ECS_DEPLOY_OLD_COLOR", to.map(|to| color(to.other()))),
        ("ECS_DEPLOY_ATTEMPT", attempt),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
