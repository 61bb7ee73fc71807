//! Step 11: the new tasks under real traffic.

use crate::checks::targets::Gate;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let gate = Gate::after_shift(work)?;
    let seen = gate.settled(work).await?;
    gate.refuse_switched_off(&seen)?;
    // Step 8 let a version of which no task runs pass, and it gets no tag.
    if !work.journal().untested {
        gate.refuse_nothing_desired(work, &seen)?;
    }
    match gate.is_serving(&seen) {
        true => Ok(Detail::Rollout(seen.counts)),
        false => Err(gate.failure(work, seen, None).into()),
    }
}
