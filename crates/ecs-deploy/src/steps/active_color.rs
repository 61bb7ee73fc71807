//! Step 3: which color serves, and whether the deploy stands on firm ground.

use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::journal::Entry;
use crate::plan::{Footing, Preflight};

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let preflight = work.preflight().await?;
    let footing = preflight.footing()?;
    warn_of_company(work, &preflight);
    preflight.traffic().maintenance().iter().for_each(|it| work.patience.reporter.warn(it));
    let fresh = work.engine.runtime.tokens();
    let at = work.engine.runtime.wall_time();
    let saw = Entry::Saw { before: preflight.before(), fresh, at };
    work.engine.ledger.record(saw).await?;
    let serving = preflight.serving();
    if let Footing::MarkFirst(task_set) = footing {
        work.progress(Detail::note(format!("{serving} serves with {task_set}, made PRIMARY")));
        work.perform(Effect::MarkPrimary { task_set }).await?;
    }
    Ok(Detail::note(format!("{serving} serves; {} is next", serving.other())))
}

/// Several sets behind the serving rule are served together; the original keeps them, so do we.
fn warn_of_company(work: &Work<'_>, preflight: &Preflight) {
    if let [_, _, ..] = &preflight.behind_serving()[..] {
        let ids: Vec<_> = preflight.behind_serving().iter().map(|set| set.id.to_string()).collect();
        let color = preflight.serving();
        work.patience.reporter.warn(format!(
            "{} task sets serve on {color} together, kept: {}",
            ids.len(),
            ids.join(", ")
        ));
    }
}
