//! Step 10: mark the new task set PRIMARY.

use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let task_set = work.new_set()?;
    let detail = Detail::note(task_set.to_string());
    work.perform(Effect::MarkPrimary { task_set }).await?;
    Ok(detail)
}
