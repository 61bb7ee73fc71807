//! What a deploy will do: the read-only look at everything before anything is changed.
//!
//! [`prepare`] makes the [`Blueprint`], which depends on the config and the artifact alone;
//! [`Preflight`] is what the cloud looks like, and whether a deploy may start from there. A deploy
//! reads it twice: before the lock, where it only helps to fail early, and under it, where it
//! decides. A [`Plan`] is both, for a person to read.

mod digest;
mod fate;
mod older;
mod preflight;
mod reachability;
mod refusal;
mod summary;
mod wanted;

pub use fate::Fate;
pub(crate) use older::warn_of_older_build;
pub use preflight::{Footing, Preflight};
pub(crate) use preflight::{MOST_TASK_SETS, read_main_traffic, read_service, read_traffic};
pub use reachability::Reachability;
pub use refusal::Refusal;
pub use summary::{PlannedSet, PlannedStep, SCHEMA, Summary};
pub use wanted::Wanted;

use crate::cloud::{Artifact, Cloud, CloudError, ServiceRef};
use crate::command::Commands;
use crate::config::{CommandsAhead, ConfigError, Rendered, Target, TemplateValues};
use crate::event::Reporter;
use crate::names::{AccountId, AppName, ConfigSha, ProjectName, RulesDigest};
use wanted::Origin;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where to.
    pub target: Target,
    /// The commit of the config.
    pub config_sha: ConfigSha,
    /// The version.
    pub wanted: Wanted,
    /// What is allowed this time.
    pub allow: Allowances,
}

/// What a person allows for one run that is refused by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowances {
    /// A desired count of 0: the new version then runs no task, and is not recorded as a success.
    pub zero_tasks: bool,
    /// The rules of this digest, as a refusal prints it, are left alone.
    pub rules: Option<RulesDigest>,
}

/// What is deployed where.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// Where to.
    pub target: Target,
    /// The service of the target.
    pub service: ServiceRef,
    /// The commit of the config.
    pub config_sha: ConfigSha,
    /// What is deployed.
    pub artifact: Artifact,
    /// What is allowed this time.
    pub allow: Allowances,
}

impl Blueprint {
    /// The config's templates with the artifact in place.
    ///
    /// # Errors
    /// Where one can't be rendered; [`prepare`] has made sure that all can.
    pub fn rendered(&self) -> Result<Rendered, ConfigError> {
        self.target.render(&TemplateValues::from(&self.artifact))
    }

    /// What AWS said, with names in place of what may be secrets; see [`Rendered::hide`].
    pub(crate) fn hide(&self, said: &str) -> String {
        self.target.hide(&TemplateValues::from(&self.artifact), said)
    }

    /// Makes sure that no command that is to run is certain not to start.
    pub(crate) fn check_commands(
        &self,
        ahead: CommandsAhead,
        commands: &dyn Commands,
        reporter: &Reporter<'_>,
    ) -> Result<(), PrepareError> {
        let values = TemplateValues::from(&self.artifact);
        let warnings = self.target.check_commands(ahead, &values, commands)?;
        warnings.into_iter().for_each(|warning| reporter.warn(warning));
        Ok(())
    }
}

/// What a deploy would do now.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is deployed where.
    pub blueprint: Blueprint,
    /// Its templates with the artifact in place.
    pub rendered: Rendered,
    /// What the cloud looks like.
    pub preflight: Preflight,
}

/// Why there is nothing to deploy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrepareError {
    /// A template can't be rendered.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// AWS could not be asked.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The credentials belong to another account than the config names.
    #[error(
        "the credentials are of account {found}, and {} are in {expected} ({}): use credentials of \
         that account, or name a role there as {}",
        purpose.places(),
        purpose.account(),
        purpose.role()
    )]
    WrongAccount {
        /// What the credentials are for.
        purpose: Purpose,
        /// The account that the config names.
        expected: AccountId,
        /// The account of the credentials.
        found: AccountId,
    },
    /// A SHA is asked for, and the app's builds are in no ArtifactDB.
    #[error(
        "the app {app} has no ArtifactDBProjectName to look for a SHA in: give -image REF instead of \
         -sha, or name the project"
    )]
    NoProject {
        /// The app.
        app: AppName,
    },
    /// An image is asked for, and the app's builds are in ArtifactDB, where their deploys are
    /// recorded.
    #[error(
        "the app {app} has its builds in ArtifactDB (ArtifactDBProjectName {project}): give -sha \
         instead of -image"
    )]
    HasProject {
        /// The app.
        app: AppName,
        /// Its project.
        project: ProjectName,
    },
    /// No artifact has the SHA.
    #[error("ArtifactDB has no build of {project} with the tag SHA={sha}{}", newest_words(newest))]
    NoArtifact {
        /// The project.
        project: String,
        /// The SHA asked for.
        sha: String,
        /// The newest builds there are.
        newest: Vec<Artifact>,
    },
    /// The artifact's value is no image reference, nor anything else that the lock's row could hold
    /// beside the deploy's record.
    #[error(
        "the value of build {build} has {length} bytes; {MOST_VALUE} are the most that a deploy takes, \
         and an image reference is far shorter"
    )]
    LongValue {
        /// The build.
        build: crate::names::BuildNumber,
        /// How long its value is.
        length: usize,
    },
    /// The artifact was not deployed to the environment before this one.
    #[error(
        "build {build} was not deployed to {previous} with this config: its tag {tag} is {found}, \
         it must be `success`"
    )]
    PreviousEnvironment {
        /// The build.
        build: crate::names::BuildNumber,
        /// The environment that comes first.
        previous: crate::names::EnvironmentName,
        /// The tag that would tell.
        tag: String,
        /// What it says.
        found: String,
    },
}

/// What credentials are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The lock table and ArtifactDB.
    Tables,
    /// The service and its load balancer.
    Service,
}

impl Purpose {
    fn places(self) -> &'static str {
        match self {
            Self::Tables => "the lock table and ArtifactDB",
            Self::Service => "ECS and the load balancer",
        }
    }

    /// The config's member for the account.
    fn account(self) -> &'static str {
        match self {
            Self::Tables => "ConfigAccountID",
            Self::Service => "AccountID",
        }
    }

    /// The config's member for a role in it.
    fn role(self) -> &'static str {
        match self {
            Self::Tables => "ConfigRoleARN",
            Self::Service => "DeployRoleARN",
        }
    }
}

fn newest_words(newest: &[Artifact]) -> String {
    if newest.is_empty() {
        return "; it has no build of that project at all: is ArtifactDBProjectName right?".into();
    }
    let builds: Vec<String> = newest.iter().map(describe).collect();
    format!("; the newest are {}", builds.join(", "))
}

fn describe(artifact: &Artifact) -> String {
    let sha = artifact.tags.get("SHA").map_or("none", String::as_str);
    format!("build {} (SHA {sha}, {})", artifact.build_number, artifact.value)
}

/// How many bytes an artifact's value may have.
const MOST_VALUE: usize = 4096;

/// What the tag of a deploy that ended well says.
pub(crate) const SUCCESS: &str = "success";

/// What the tag of a deploy says that was rolled back.
pub(crate) const FAILURE: &str = "failure";

/// The tag that records a deploy.
pub(crate) fn success_tag(
    environment: &crate::names::EnvironmentName,
    config_sha: &ConfigSha,
) -> String {
    format!("deploy-{environment}-{config_sha}")
}

/// Finds what is asked for and makes sure that its templates can be rendered. Reads only.
///
/// # Errors
/// [`PrepareError`]: nothing was changed.
pub async fn prepare(request: &Request, cloud: &Cloud) -> Result<Blueprint, PrepareError> {
    let target = &request.target;
    let origin = Origin::of(request)?;
    check_accounts(target, cloud).await?;
    let artifact = origin.artifact(cloud).await?;
    check_value(&artifact)?;
    check_previous_environment(request, &artifact)?;
    let blueprint = Blueprint {
        target: target.clone(),
        service: ServiceRef::from(target),
        config_sha: request.config_sha.clone(),
        artifact,
        allow: request.allow.clone(),
    };
    blueprint.rendered()?;
    Ok(blueprint)
}

impl From<&Target> for ServiceRef {
    fn from(target: &Target) -> Self {
        Self { cluster: target.cluster.clone(), service: target.family.clone() }
    }
}

pub(crate) async fn check_accounts(target: &Target, cloud: &Cloud) -> Result<(), PrepareError> {
    let (config, deploy) =
        tokio::join!(check_config_account(target, cloud), check_deploy_account(target, cloud));
    config.and(deploy)
}

/// Whether the credentials for the tables are of the account that the config names.
pub(crate) async fn check_config_account(
    target: &Target,
    cloud: &Cloud,
) -> Result<(), PrepareError> {
    let found = cloud.identity.config_account().await?;
    check_account(Purpose::Tables, &target.config_account, found)
}

/// Whether the credentials for the service are of the account that the config names.
pub(crate) async fn check_deploy_account(
    target: &Target,
    cloud: &Cloud,
) -> Result<(), PrepareError> {
    let found = cloud.identity.deploy_account().await?;
    check_account(Purpose::Service, &target.account, found)
}

fn check_account(
    purpose: Purpose,
    expected: &AccountId,
    found: AccountId,
) -> Result<(), PrepareError> {
    if *expected == found {
        return Ok(());
    }
    Err(PrepareError::WrongAccount { purpose, expected: expected.clone(), found })
}

fn check_value(artifact: &Artifact) -> Result<(), PrepareError> {
    let (build, length) = (artifact.build_number, artifact.value.len());
    if length > MOST_VALUE { Err(PrepareError::LongValue { build, length }) } else { Ok(()) }
}

fn check_previous_environment(request: &Request, artifact: &Artifact) -> Result<(), PrepareError> {
    let Some(previous) = &request.target.requires_previous_env else { return Ok(()) };
    let tag = success_tag(previous, &request.config_sha);
    match artifact.tags.get(&tag).map(String::as_str) {
        Some(SUCCESS) => Ok(()),
        found => Err(PrepareError::PreviousEnvironment {
            build: artifact.build_number,
            previous: previous.clone(),
            found: found.map_or("missing".into(), |value| format!("`{value}`")),
            tag,
        }),
    }
}
