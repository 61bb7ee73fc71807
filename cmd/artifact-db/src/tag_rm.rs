//! `tag rm`: a build without one of its tags.

use ecs_deploy::names::ArtifactId;
use ecs_deploy_aws::ArtifactDb;

use crate::flags::Flags;
use crate::line::UsageError;
use crate::order::Failure;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RemoveTag {
    id: ArtifactId,
    key: String,
}

impl RemoveTag {
    pub(crate) fn of(flags: &mut Flags) -> Result<Self, UsageError> {
        Ok(Self { id: flags.artifact()?, key: flags.key()? })
    }

    /// A tag that is not there is removed already.
    pub(crate) async fn run(self, db: &ArtifactDb) -> Result<String, Failure> {
        db.remove_tag(&self.id, &self.key).await?;
        Ok(String::new())
    }
}
