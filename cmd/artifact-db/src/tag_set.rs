//! `tag set`: one tag of a build.

use ecs_deploy::names::ArtifactId;
use ecs_deploy_aws::ArtifactDb;

use crate::flags::Flags;
use crate::line::UsageError;
use crate::order::Failure;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SetTag {
    id: ArtifactId,
    key: String,
    value: String,
}

impl SetTag {
    pub(crate) fn of(flags: &mut Flags) -> Result<Self, UsageError> {
        Ok(Self { id: flags.artifact()?, key: flags.key()?, value: flags.value()? })
    }

    pub(crate) async fn run(self, db: &ArtifactDb) -> Result<String, Failure> {
        db.set_tag(&self.id, &self.key, &self.value).await?;
        Ok(String::new())
    }
}
