//! Step 13: make sure that what was done stands, and tag the artifact. The session then writes `Done` and
//! releases the lock, in one call.

use crate::checks::standing;
use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::journal::WayBack;
use crate::names::ProjectName;
use crate::plan::{FAILURE, SUCCESS, success_tag};

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    standing::confirm(work).await?;
    let is_untested = work.journal().untested && work.journal().rollback.is_none();
    if is_untested {
        work.engine.progress.note("no task ran, so nothing was tested".to_owned());
        return Ok(Detail::note("no tag: no task ran, and nothing was tested"));
    }
    let Some(project) = work.blueprint().target.artifact_project.clone() else {
        return Ok(Detail::note("no tag: the app is not in ArtifactDB"));
    };
    let state = work.engine.ledger.state();
    let key = success_tag(&work.blueprint().target.environment, &state.config_sha);
    let value = match state.rollback() {
        None => SUCCESS,
        Some(way) if takes_back(way) && is_tagged(work, &project, &key).await? => FAILURE,
        Some(_) => return Ok(Detail::note("no tag to take back")),
    };
    let detail = Detail::note(format!("{key}={value}"));
    let (build, value) = (state.artifact.build_number, value.to_owned());
    work.perform(Effect::TagArtifact { project, build, key, value }).await?;
    Ok(detail)
}

/// Whether the tag of what is rolled back says too much. One of a version that was never served is of
/// an earlier deploy of it, and what serves again has a right to its own.
fn takes_back(way: &WayBack) -> bool {
    way.was_served && !way.is_same_version
}

/// Whether the deploy that is rolled back is recorded as a success, or was, and so lets the build
/// into the next environment.
async fn is_tagged(work: &Work<'_>, project: &ProjectName, key: &str) -> Result<bool, DeployError> {
    let build = work.engine.ledger.state().artifact.build_number;
    let artifacts = &work.engine.hands.cloud.artifacts;
    let read = || async { artifacts.get(project, build).await };
    let artifact = work.patience.read("read the artifact's tags", read).await?;
    let tag = artifact.as_ref().and_then(|artifact| artifact.tags.get(key));
    Ok(tag.is_some_and(|tag| tag == SUCCESS || tag == FAILURE))
}
