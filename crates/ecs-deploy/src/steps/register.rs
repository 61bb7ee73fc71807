//! Step 5: the task definition.

use crate::effect::{Effect, Outcome};
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::names::TaskDefinitionArn;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let journal = work.journal();
    if let Some(known) = &journal.task_definition {
        return Ok(detail(known));
    }
    let effect = Effect::RegisterTaskDefinition { token: journal.tokens.task_definition };
    match work.perform(effect).await? {
        Outcome::Registered(arn) => Ok(detail(&arn)),
        Outcome::Done | Outcome::Created(_) => unreachable!("a registration yields a definition"),
    }
}

fn detail(arn: &TaskDefinitionArn) -> Detail {
    Detail::note(arn.family_revision())
}
