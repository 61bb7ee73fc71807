//! Step 11: the new tasks under real traffic.

use crate::checks::targets::Gate;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let gate = Gate::of_new_set(work)?;
    let seen = gate.read(work).await?;
    if gate.is_serving(&seen) {
        return Ok(Detail::Rollout(seen.counts));
    }
    Err(gate.failure(work, seen, None).into())
}
