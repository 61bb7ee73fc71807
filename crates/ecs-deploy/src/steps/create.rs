//! Step 6: the task set, on the color that does not serve.

use crate::effect::{Effect, Outcome};
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let journal = work.journal();
    let color = work.new_color()?;
    let Some(task_definition) = journal.task_definition else {
        return Err(work.lacks("a task definition"));
    };
    let token = journal.tokens.task_set;
    match work.perform(Effect::CreateTaskSet { token, task_definition, color }).await? {
        Outcome::Created(id) => Ok(Detail::note(format!("{id} on {color}"))),
        Outcome::Done | Outcome::Registered(_) => unreachable!("a creation yields a task set"),
    }
}
