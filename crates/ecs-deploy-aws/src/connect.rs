//! From settings to ports.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use aws_config::SdkConfig;
use ecs_deploy::cloud::Cloud;
use ecs_deploy::config::Target;
use ecs_deploy::names::Region;

use crate::artifacts::{ARTIFACT_TABLE, ArtifactDb, ArtifactTable};
use crate::credentials::{Access, AccessError, Kept, VariableError};
use crate::ecs::EcsApi;
use crate::environment::Environment;
use crate::fence::origin;
use crate::identity::StsIdentity;
use crate::load_balancer::Elb;
use crate::lock_table::LockTable;
use crate::settings::{self, Settings};
use crate::{SharedAsyncSleep, SharedCredentialsProvider, SharedHttpClient, SharedTimeSource};

/// What both scopes share. The default is what every AWS tool does.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// Where credentials and endpoints come from, as far as they are not given.
    pub environment: Environment,
    /// The URL that all services are asked at, whatever the environment says.
    pub endpoint: Option<String>,
    /// What carries the requests; an HTTPS client of the SDK's if not given.
    pub http_client: Option<SharedHttpClient>,
    /// How the SDK waits, such as for credentials; tokio's clock if not given.
    pub sleep: Option<SharedAsyncSleep>,
    /// By which clock requests are signed; the system's if not given.
    pub time_source: Option<SharedTimeSource>,
}

// An endpoint may have a password in it.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Options");
        fields.field("environment", &self.environment);
        fields.field("endpoint", &self.endpoint.as_deref().map(origin));
        fields.finish_non_exhaustive()
    }
}

/// A region, and in whose name it is spoken to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Scope {
    /// The region of the services.
    pub region: Region,
    /// In whose name.
    pub access: Access,
}

impl Scope {
    /// A region with the environment's own credentials.
    pub fn new(region: Region) -> Self {
        Self { region, access: Access::Environment }
    }

    /// The same region with these credentials.
    #[must_use]
    pub fn with_credentials(self, credentials: SharedCredentialsProvider) -> Self {
        Self { access: Access::Given(credentials), ..self }
    }

    /// Where a target's lock table and ArtifactDB are, and the way there that its config says.
    pub fn of_config(target: &Target) -> Self {
        Self { region: target.config_region.clone(), access: Access::to_config(target) }
    }

    /// Where a target's service and its balancer are, and the way there that its config says.
    pub fn of_service(target: &Target) -> Self {
        Self { region: target.region.clone(), access: Access::to_service(target) }
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// An endpoint is not an HTTP URL.
    #[error(
        "the endpoint of {service} is `{url}` ({origin}), not a URL like `http://localhost:4566`"
    )]
    Endpoint {
        /// The service, by AWS's name for it.
        service: &'static str,
        /// The URL as it was given, without path, query, user and password.
        url: String,
        /// What named it, such as a variable.
        origin: String,
    },
    /// CloudTamer is set up in a way that can't be right.
    #[error("CloudTamer's variables can't be used")]
    Variables(#[from] VariableError),
    /// The credentials of an account could not be had.
    #[error(transparent)]
    Access(#[from] AccessError),
}

/// The ports of a deploy, and the credentials behind them.
#[non_exhaustive]
pub struct Connection {
    /// The ports.
    pub cloud: Cloud,
    config: Option<Arc<Kept>>,
    deploy: Option<Arc<Kept>>,
}

impl Connection {
    /// Does `work`, and beside it keeps the credentials fresh that came from CloudTamer or an
    /// assumed role: they are renewed every 10 minutes, and once when AWS calls them expired.
    ///
    /// Nothing is spawned: the renewals are polled with the work, as a deploy's heartbeat is, so a
    /// call of the work always has the latest credentials at hand and never waits for a renewal.
    /// A call that AWS answered with "expired" fails as one that may be tried again. A renewal that
    /// fails changes nothing until the credentials expire; then the call's error says why.
    ///
    /// Work that is done without this goes well for as long as the first credentials last. Dropping
    /// the future drops the work.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let renewals =
            async { tokio::join!(renew(self.config.as_deref()), renew(self.deploy.as_deref())) };
        tokio::select! {
            biased;
            done = work => done,
            (never, _) = renewals => match never {},
        }
    }
}

async fn renew(kept: Option<&Kept>) -> Infallible {
    match kept {
        Some(kept) => kept.renew().await,
        None => std::future::pending().await,
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Connection");
        fields.field("config", &self.config).field("deploy", &self.deploy).finish_non_exhaustive()
    }
}

/// Makes the ports: the lock table and ArtifactDB in the scope `config`, ECS and the load balancer
/// in the scope `deploy`.
///
/// The credentials of an [`Account`](crate::Account) that come from CloudTamer or an assumed role
/// are fetched here, one scope after the other, in seconds as a rule. A request to CloudTamer, of which a
/// scope needs four, may take 30 s, the one to STS 10 s, and what may pass is tried five times with 26 s
/// of waits. Else nothing is called yet: the environment's
/// credentials are loaded with the first call.
///
/// Dropping the future ends everything at once and leaves nothing behind.
///
/// # Errors
/// [`ConnectError`] when the settings can't be used, or when an account's credentials can't be had.
pub async fn connect(
    options: &Options,
    config: &Scope,
    deploy: &Scope,
) -> Result<Connection, ConnectError> {
    let environment = settings::environment(options, &deploy.region).await;
    let (config, config_kept) = access(options, &environment, config).await?;
    let (deploy, deploy_kept) = access(options, &environment, deploy).await?;
    let dynamo = config.dynamodb()?;
    let cloud = Cloud {
        ecs: Arc::new(EcsApi::new(deploy.ecs()?)),
        load_balancer: Arc::new(Elb::new(deploy.load_balancing()?)),
        artifacts: Arc::new(ArtifactTable::new(dynamo.clone(), ARTIFACT_TABLE)),
        identity: Arc::new(StsIdentity { config: config.sts()?, deploy: deploy.sts()? }),
        locks: Arc::new(LockTable::new(dynamo)),
    };
    Ok(Connection { cloud, config: config_kept, deploy: deploy_kept })
}

/// Makes a client of ArtifactDB, which is the table of this name in the scope: [`ARTIFACT_TABLE`]
/// as a rule.
///
/// Credentials that come from CloudTamer or an assumed role are fetched here, as [`connect`] does,
/// and not renewed. Else nothing is called yet: credentials are loaded with the first call.
///
/// # Errors
/// [`ConnectError`] when the settings can't be used, or when an account's credentials can't be had.
pub async fn connect_artifacts(
    options: &Options,
    scope: &Scope,
    table: &str,
) -> Result<ArtifactDb, ConnectError> {
    let environment = settings::environment(options, &scope.region).await;
    let (settings, _) = access(options, &environment, scope).await?;
    Ok(ArtifactDb::new(ArtifactTable::new(settings.dynamodb()?, table)))
}

/// The settings of a scope, with the credentials that have to be fetched for it.
async fn access(
    options: &Options,
    environment: &SdkConfig,
    scope: &Scope,
) -> Result<(Settings, Option<Arc<Kept>>), ConnectError> {
    let settings = Settings::new(options, environment, &scope.region, &scope.access);
    match Kept::fetch(&scope.access, &options.environment, &settings).await? {
        Some(kept) => Ok((settings.with_kept(Arc::clone(&kept)), Some(kept))),
        None => Ok((settings, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn connected(variables: &[(&str, &str)]) -> Result<(), String> {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let options = Options { environment: Environment::given(variables), ..Options::default() };
        let scope = Scope::new("us-east-1".parse().unwrap());
        connect(&options, &scope, &scope).await.map(|_| ()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_tables_and_the_service_have_regions_and_accounts_of_their_own() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/config/real.json");
        let config = ecs_deploy::config::read(std::path::Path::new(file)).unwrap();
        let target = config.target("claims", "staging").unwrap();
        for (scope, region, account) in [
            (Scope::of_config(&target), "us-gov-east-1", "111111111111"),
            (Scope::of_service(&target), "us-gov-west-1", "444444444444"),
        ] {
            let Access::Account(access) = scope.access else { panic!("{region}") };
            assert_eq!((scope.region.as_str(), access.id.as_str()), (region, account));
        }
    }

    #[tokio::test]
    async fn an_endpoint_must_be_a_url() {
        let error = connected(&[("AWS_ENDPOINT_URL_STS", "localhost:4566")]).await.unwrap_err();
        let told = "the endpoint of STS is `localhost:4566` (AWS_ENDPOINT_URL_STS)";
        assert!(error.contains(told), "{error}");
        connected(&[("AWS_ENDPOINT_URL", "http://localhost:4566")]).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_has_to_be_set() {
        connected(&[]).await.unwrap();
    }
}
