use std::collections::BTreeMap;

use super::{PrepareError, Request};
use crate::cloud::{Artifact, Cloud};
use crate::names::{ImageRef, ProjectName};

/// Which version is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The newest build with this `SHA` tag, of an app that has a project in ArtifactDB.
    Sha(String),
    /// This image, of an app that has none.
    Image(ImageRef),
}

/// Where a version comes from: what is asked for, as the app's config allows it.
pub(super) enum Origin<'a> {
    /// ArtifactDB.
    Build { project: &'a ProjectName, sha: &'a str },
    /// The caller.
    Image(&'a ImageRef),
}

impl<'a> Origin<'a> {
    pub(super) fn of(request: &'a Request) -> Result<Self, PrepareError> {
        let app = || request.target.app.clone();
        match (&request.wanted, &request.target.artifact_project) {
            (Wanted::Sha(sha), Some(project)) => Ok(Self::Build { project, sha }),
            (Wanted::Image(image), None) => Ok(Self::Image(image)),
            (Wanted::Sha(_), None) => Err(PrepareError::NoProject { app: app() }),
            (Wanted::Image(_), Some(project)) => {
                Err(PrepareError::HasProject { app: app(), project: project.clone() })
            }
        }
    }

    pub(super) async fn artifact(&self, cloud: &Cloud) -> Result<Artifact, PrepareError> {
        match self {
            Self::Build { project, sha } => build(project, sha, cloud).await,
            Self::Image(image) => Ok(Artifact::of_image(image)),
        }
    }
}

async fn build(project: &ProjectName, sha: &str, cloud: &Cloud) -> Result<Artifact, PrepareError> {
    let tags = BTreeMap::from([("SHA".to_owned(), sha.to_owned())]);
    if let Some(artifact) = cloud.artifacts.latest(project, &tags).await? {
        return Ok(artifact);
    }
    Err(PrepareError::NoArtifact {
        project: project.to_string(),
        sha: sha.to_owned(),
        newest: cloud.artifacts.newest(project, 3).await?,
    })
}
