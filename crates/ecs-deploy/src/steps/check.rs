//! Step 8: the gate before users see the new version, read again right before the swap.

use crate::checks::targets::Gate;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let gate = Gate::of_new_set(work)?;
    let seen = gate.read(work).await?;
    if gate.is_open(&seen) {
        return Ok(Detail::Rollout(seen.counts));
    }
    Err(gate.failure(work, seen, None).into())
}
