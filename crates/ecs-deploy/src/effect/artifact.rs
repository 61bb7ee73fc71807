use super::{Hands, Look, Outcome};
use crate::cloud::CloudError;
use crate::names::{BuildNumber, ProjectName};

/// Whether the build has the tag.
pub(super) async fn look(
    hands: Hands<'_>,
    project: &ProjectName,
    build: BuildNumber,
    key: &str,
    value: &str,
) -> Result<Look, CloudError> {
    let artifact = hands.cloud.artifacts.get(project, build).await?;
    Ok(match artifact {
        Some(artifact) if artifact.tags.get(key).is_some_and(|tag| tag == value) => {
            Look::Done(Outcome::Done)
        }
        Some(_) => Look::NotDone,
        None => Look::Forbidden(format!("{project} has no build {build} any more")),
    })
}
