//! `get`: one build.

use ecs_deploy::names::ArtifactId;
use ecs_deploy_aws::ArtifactDb;

use crate::document;
use crate::flags::{Flags, Form};
use crate::line::UsageError;
use crate::order::Failure;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Get {
    id: ArtifactId,
    form: Form,
}

impl Get {
    pub(crate) fn of(flags: &mut Flags) -> Result<Self, UsageError> {
        Ok(Self { id: flags.artifact()?, form: flags.form() })
    }

    pub(crate) async fn run(self, db: &ArtifactDb) -> Result<String, Failure> {
        let stored = db.get(&self.id).await?.ok_or(Failure::Missing(self.id))?;
        document::print(db, stored, self.form).await
    }
}
