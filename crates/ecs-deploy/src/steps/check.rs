//! Step 8: the gate before users see the new version, read again right before the swap.

use crate::checks::targets::{Gate, Seen};
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let gate = Gate::of_new_set(work)?;
    let seen = gate.read(work).await?;
    gate.refuse_switched_off(&seen)?;
    refuse_strangers(work, &gate, &seen).await?;
    if gate.is_open(&seen) {
        return Ok(Detail::Rollout(seen.counts));
    }
    Err(gate.failure(work, seen, None).into())
}

/// After a swap by hand there is nothing left to refuse: users reach what they reach.
async fn refuse_strangers(work: &Work<'_>, gate: &Gate, seen: &Seen) -> Result<(), DeployError> {
    let color = work.new_color()?;
    match work.rules().await?.serving() == color {
        true => Ok(()),
        false => Ok(gate.refuse_strangers(seen, color)?),
    }
}
