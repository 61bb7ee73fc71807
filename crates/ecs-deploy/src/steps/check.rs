//! Step 8: the gate before users see the new version, read again right before the swap.

use crate::checks::targets::{Gate, Seen};
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::journal::Entry;

pub(crate) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let gate = Gate::before_shift(work)?;
    let seen = gate.settled(work).await?;
    gate.refuse_switched_off(&seen)?;
    gate.refuse_nothing_desired(work, &seen)?;
    refuse_strangers(work, &gate, &seen).await?;
    if !gate.is_open(&seen) {
        return Err(gate.failure(work, seen, None).into());
    }
    note_whether_tested(work, seen.counts.needed > 0).await?;
    Ok(Detail::Rollout(seen.counts))
}

/// Where no task runs, as none is desired, nothing could be tested, and no tag may say so later.
async fn note_whether_tested(work: &Work<'_>, tested: bool) -> Result<(), DeployError> {
    if !tested {
        work.patience.reporter.warn("the desired count is 0: no task runs, and nothing was tested");
    }
    if work.journal().untested == tested {
        work.engine.ledger.record(Entry::Checked { tested }).await?;
    }
    Ok(())
}

/// After a swap by hand there is nothing left to refuse: users reach what they reach.
async fn refuse_strangers(work: &Work<'_>, gate: &Gate, seen: &Seen) -> Result<(), DeployError> {
    let color = work.new_color()?;
    match work.traffic().await?.is_live(color) {
        true => Ok(()),
        false => Ok(gate.refuse_strangers(seen, color)?),
    }
}
