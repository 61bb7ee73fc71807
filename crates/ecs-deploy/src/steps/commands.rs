//! Steps 2 and 12: the user's commands, one after the other.

use crate::effect::{Effect, Phase};
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;

pub(super) async fn run(work: &Work<'_>, phase: Phase) -> Result<Detail, DeployError> {
    let blueprint = work.blueprint();
    let count = match phase {
        Phase::PreDeploy => blueprint.target.pre_command_count(),
        Phase::PostDeploy => blueprint.target.post_command_count(),
    };
    for index in 0..count {
        work.perform(Effect::RunCommand { phase, index }).await?;
    }
    Ok(Detail::note(match count {
        0 => "no commands".to_owned(),
        1 => "1 command".to_owned(),
        count => format!("{count} commands"),
    }))
}
