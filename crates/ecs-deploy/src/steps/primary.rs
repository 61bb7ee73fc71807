//! Step 10: mark the task set that serves now PRIMARY.

use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let task_set = work.set_to_serve()?;
    let detail = Detail::note(task_set.to_string());
    work.perform(Effect::MarkPrimary { task_set }).await?;
    Ok(detail)
}
