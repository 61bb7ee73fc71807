//! Steps 2 and 12: the user's commands, one after the other.

use std::time::Duration;

use tokio::time::Instant;

use crate::effect::{CommandFailure, Effect, Phase};
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::journal::Running;

/// How often it is looked whether a command that was left behind has ended.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn run(work: &Work<'_>, phase: Phase) -> Result<Detail, DeployError> {
    let blueprint = work.blueprint();
    let count = match phase {
        Phase::PreDeploy => blueprint.target.pre_command_count(),
        Phase::PostDeploy => blueprint.target.post_command_count(),
    };
    if work.journal().commands.of(phase) < count {
        wait_for_the_one_left_behind(work).await?;
    }
    for index in 0..count {
        work.perform(Effect::RunCommand { phase, index }).await?;
    }
    Ok(Detail::note(match count {
        0 => "no commands".to_owned(),
        1 => "1 command".to_owned(),
        count => format!("{count} commands"),
    }))
}

/// A deploy that was killed may have left its command behind: no other is run beside it.
async fn wait_for_the_one_left_behind(work: &Work<'_>) -> Result<(), DeployError> {
    let Some(running) = work.journal().running else { return Ok(()) };
    let (hands, deadline) = (&work.engine.hands, Instant::now() + work.command_timeout());
    if running.host != work.engine.runtime.actor.bounded_host() {
        hands.reporter.warn(on_another_host(&running));
        return Ok(());
    }
    let mut waits = false;
    while hands.commands.lives(&running.group) {
        if Instant::now() >= deadline {
            let Running { phase, since, group, .. } = running;
            let (phase, group) = (phase.name(), group.number);
            return Err(CommandFailure::StillRuns { phase, since, group }.into());
        }
        if !std::mem::replace(&mut waits, true) {
            work.progress(Detail::note(still_runs(&running)));
        }
        work.patience.pause(LOOK_AGAIN).await?;
    }
    Ok(())
}

fn still_runs(Running { phase, index, since, group, .. }: &Running) -> String {
    format!(
        "waiting for {} command {} of the deploy before, which still runs since {since:.0} as process \
         group {}",
        phase.name(),
        index + 1,
        group.number
    )
}

fn on_another_host(Running { phase, index, host, since, group }: &Running) -> String {
    format!(
        "{} command {} of the deploy before was started on {host} at {since:.0}, and is not known to \
         have ended: it may still run there, as process group {}",
        phase.name(),
        index + 1,
        group.number
    )
}
