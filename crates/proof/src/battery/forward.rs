//! What was disturbed is gone on with, and must come to the end of an undisturbed run.

use ecs_deploy::Failure;

use super::end::End;
use super::meeting::SUCCESSOR;
use super::tally::{Ended, Run};
use super::{Fault, Meeting};
use crate::{Reached, crew};

/// Lets faults be met, each in a world of its own; whatever did not end then is gone on with.
pub fn meet(meetings: &[Meeting<'_>]) -> Vec<Run> {
    crew::each(meetings, async |meeting| {
        meeting.run(async |reached| take_place(meeting, reached).await).await
    })
}

async fn take_place(meeting: &Meeting<'_>, reached: &mut Reached) -> Result<Ended, String> {
    let scenario = meeting.undisturbed.scenario;
    let bench = scenario.bench().await;
    let successor = scenario.deployer(&bench, SUCCESSOR);
    let disturbed = meeting.disturb(&bench, &successor, scenario.go_on(&successor)).await?;
    if let Some(taken_over) = &disturbed.taken_over {
        expect_end(meeting, taken_over, reached)?;
    }
    let ended = meeting.judge(&disturbed, reached)?;
    if ended != Ended::AtOnce && meeting.fault != Fault::Paused {
        expect_end(meeting, &scenario.go_on(&bench.ann).await, reached)?;
    }
    reached.hear(&bench.ann.events);
    reached.hear(&successor.events);
    meeting.undisturbed.judge(&bench).await?;
    Ok(ended)
}

fn expect_end(
    meeting: &Meeting<'_>,
    ended: &Result<(), Failure>,
    reached: &mut Reached,
) -> Result<(), String> {
    reached.note(ended);
    match End::of(ended) == meeting.undisturbed.end {
        true => Ok(()),
        false => Err(format!("gone on with, it ended otherwise: {ended:?}")),
    }
}
