use futures_util::future::try_join_all;

use super::{Blueprint, Preflight};
use crate::cloud::{Cloud, TaskSet};
use crate::error::DeployError;
use crate::event::Reporter;
use crate::names::BuildNumber;
use crate::patience::Patience;
use crate::provenance::{build_number, tags_of};

/// Warns where a build is older than the one that serves: that may be a way back, or a slip.
pub(crate) async fn warn_of_older_build(
    blueprint: &Blueprint,
    preflight: &Preflight,
    cloud: &Cloud,
    patience: &Patience<'_>,
) -> Result<(), DeployError> {
    if blueprint.target.artifact_project.is_none() {
        return Ok(());
    }
    let read = || async {
        let sets = preflight.behind_serving().into_iter();
        try_join_all(sets.map(|set| build_of(set, cloud, patience.reporter))).await
    };
    let serving = patience.read("read which build serves", read).await?.into_iter().flatten().max();
    let wanted = blueprint.artifact.build_number;
    if let Some(serving) = serving.filter(|serving| wanted < *serving) {
        patience
            .reporter
            .warn(format!("build {wanted} is older than build {serving}, which serves"));
    }
    Ok(())
}

/// The build that a task set runs, as far as its tags tell.
async fn build_of(
    set: &TaskSet,
    cloud: &Cloud,
    reporter: &Reporter<'_>,
) -> Result<Option<BuildNumber>, DeployError> {
    let tags = tags_of(set, cloud).await;
    let tags = reporter.or_skip(tags, "whether an older build is deployed is not told")?;
    Ok(tags.as_ref().and_then(build_number))
}
