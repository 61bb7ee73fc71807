//! Step 13: tag the artifact. The session then writes `Done` and releases the lock, in one call.

use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::plan::success_tag;

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let blueprint = work.blueprint();
    let Some(project) = blueprint.target.artifact_project.clone() else {
        return Ok(Detail::note("no tag: the app is not in ArtifactDB"));
    };
    let key = success_tag(&blueprint.target.environment, &blueprint.config_sha);
    let detail = Detail::note(format!("{key}=success"));
    let build = blueprint.artifact.build_number;
    work.perform(Effect::TagArtifact { project, build, key, value: "success".into() }).await?;
    Ok(detail)
}
