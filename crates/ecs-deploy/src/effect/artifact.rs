use super::{Hands, Look, Outcome};
use crate::cloud::CloudError;
use crate::names::BuildNumber;

/// Whether the build has the tag.
pub(super) async fn look(
    hands: Hands<'_>,
    build: BuildNumber,
    key: &str,
    value: &str,
) -> Result<Look, CloudError> {
    let project = &hands.blueprint.target.artifact_project;
    let artifact = hands.cloud.artifacts.get(project, build).await?;
    Ok(match artifact {
        Some(artifact) if artifact.tags.get(key).is_some_and(|tag| tag == value) => {
            Look::Done(Outcome::Done)
        }
        Some(_) => Look::NotDone,
        None => Look::Forbidden(format!("{project} has no build {build} any more")),
    })
}
