//! Step 7: wait until as many tasks as needed run and are healthy.

use crate::checks::targets::Gate;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::pace::Pace;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let gate = Gate::before_shift(work)?;
    let mut pace = Pace::new();
    loop {
        let seen = gate.read(work).await?;
        gate.refuse_switched_off(&seen)?;
        gate.refuse_nothing_desired(work, &seen)?;
        if pace.see(seen.counts) {
            work.progress(Detail::Rollout(seen.counts));
        }
        if gate.is_open(&seen) {
            return Ok(Detail::Rollout(seen.counts));
        }
        if gate.is_hopeless(&seen) {
            return Err(gate.failure(work, seen, None).into());
        }
        if work.patience.is_over() {
            return Err(gate.failure(work, seen, Some(work.limit)).into());
        }
        work.patience.pause(pace.wait()).await?;
    }
}
