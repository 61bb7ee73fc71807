//! What a task set was made from, as its tags tell.

use std::collections::BTreeMap;

use crate::cloud::{Artifact, Cloud, CloudError, ErrorClass, TaskSet};
use crate::config::Target;
use crate::effect::{BUILD_TAG, CONFIG_TAG, VALUE_TAG};
use crate::names::BuildNumber;

/// What a task set was made from.
#[derive(Debug, Default)]
pub(crate) struct Provenance {
    /// Its build; `None` without a tag that tells.
    pub build_number: Option<BuildNumber>,
    /// The build, or the image of an app without a project in ArtifactDB, as far as they are known.
    pub artifact: Option<Artifact>,
    /// The commit of its config; `None` without a tag that tells.
    pub config_sha: Option<String>,
}

impl Provenance {
    /// Reads the tags of a set, and ArtifactDB.
    pub(crate) async fn read(
        set: &TaskSet,
        target: &Target,
        cloud: &Cloud,
    ) -> Result<Self, CloudError> {
        let tags = tags_of(set, cloud).await?;
        let build_number = build_number(&tags);
        let image = || Some(Artifact::of_image(&tags.get(VALUE_TAG)?.parse().ok()?));
        let artifact = match (&target.artifact_project, build_number) {
            (Some(project), Some(number)) => cloud.artifacts.get(project, number).await?,
            (Some(_), None) => None,
            (None, _) => image(),
        };
        Ok(Self { build_number, artifact, config_sha: tags.get(CONFIG_TAG).cloned() })
    }
}

/// The tags of a set; none where another deploy just deleted it.
pub(crate) async fn tags_of(
    set: &TaskSet,
    cloud: &Cloud,
) -> Result<BTreeMap<String, String>, CloudError> {
    match cloud.ecs.task_set_tags(&set.arn).await {
        Err(error) if error.class == ErrorClass::NotFound => Ok(BTreeMap::new()),
        tags => tags,
    }
}

/// The build that the tags name.
pub(crate) fn build_number(tags: &BTreeMap<String, String>) -> Option<BuildNumber> {
    tags.get(BUILD_TAG)?.parse().ok().map(BuildNumber)
}
