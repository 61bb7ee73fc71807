//! `latest`: the highest build that has all the tags.

use std::collections::BTreeMap;

use ecs_deploy::names::ProjectName;
use ecs_deploy_aws::ArtifactDb;

use crate::document;
use crate::flags::{Flags, Form};
use crate::line::UsageError;
use crate::order::Failure;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Latest {
    project: ProjectName,
    tags: BTreeMap<String, String>,
    form: Form,
}

impl Latest {
    pub(crate) fn of(flags: &mut Flags) -> Result<Self, UsageError> {
        Ok(Self { project: flags.project()?, tags: flags.tags(), form: flags.form() })
    }

    /// Prints nothing where no build fits.
    pub(crate) async fn run(self, db: &ArtifactDb) -> Result<String, Failure> {
        match db.latest(&self.project, &self.tags).await? {
            Some(latest) => document::print(db, latest, self.form).await,
            None => Ok(String::new()),
        }
    }
}
