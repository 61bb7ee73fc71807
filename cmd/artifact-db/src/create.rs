//! `create`: an artifact under the project's next number.

use ecs_deploy::names::ProjectName;
use ecs_deploy_aws::{ArtifactDb, NewArtifact};

use crate::flags::Flags;
use crate::line::UsageError;
use crate::order::Failure;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Create {
    project: ProjectName,
    new: NewArtifact,
}

impl Create {
    pub(crate) fn of(flags: &mut Flags) -> Result<Self, UsageError> {
        let project = flags.project()?;
        let (value, tags) = (flags.value()?, flags.tags());
        Ok(Self { project, new: NewArtifact { value, tags, contained: flags.contained() } })
    }

    /// Prints nothing, not even the number.
    pub(crate) async fn run(self, db: &ArtifactDb) -> Result<String, Failure> {
        db.create(&self.project, &self.new).await?;
        Ok(String::new())
    }
}
