//! What the program is asked to do, and the doing of it.

use ecs_deploy::cloud::CloudError;
use ecs_deploy::names::{ArtifactId, Region};
use ecs_deploy_aws::{ArtifactDb, ConnectError, Options, Scope, connect_artifacts};

use crate::create::Create;
use crate::get::Get;
use crate::latest::Latest;
use crate::tag_rm::RemoveTag;
use crate::tag_set::SetTag;

/// What to do, and where.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) place: Place,
    pub(crate) work: Work,
}

/// Where the artifacts are.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) region: Region,
    pub(crate) table: String,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Latest(Latest),
    Get(Get),
    Create(Create),
    SetTag(SetTag),
    RemoveTag(RemoveTag),
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Cloud(#[from] CloudError),
    #[error("there is no build {} of {}", .0.build, .0.project)]
    Missing(ArtifactId),
    #[error("{0} contains {1}, which does not exist")]
    ContentMissing(ArtifactId, ArtifactId),
    #[error("{0} contains itself")]
    ContainsItself(ArtifactId),
}

impl Order {
    /// Does it, and gives what is to be printed.
    pub(crate) async fn carry_out(self) -> Result<String, Failure> {
        let scope = Scope::new(self.place.region);
        let db = connect_artifacts(&Options::default(), &scope, &self.place.table).await?;
        self.work.run(&db).await
    }
}

impl Work {
    async fn run(self, db: &ArtifactDb) -> Result<String, Failure> {
        match self {
            Self::Latest(latest) => latest.run(db).await,
            Self::Get(get) => get.run(db).await,
            Self::Create(create) => create.run(db).await,
            Self::SetTag(set) => set.run(db).await,
            Self::RemoveTag(remove) => remove.run(db).await,
        }
    }
}
