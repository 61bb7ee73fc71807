//! From settings to ports.

use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_types::service_config::ServiceConfigKey;
use ecs_deploy::cloud::Cloud;
use ecs_deploy::names::Region;

use crate::artifacts::{ARTIFACT_TABLE, ArtifactDb, ArtifactTable};
use crate::ecs::EcsApi;
use crate::environment::{Environment, Variables};
use crate::identity::StsIdentity;
use crate::load_balancer::Elb;
use crate::lock_table::LockTable;
use crate::{SharedAsyncSleep, SharedCredentialsProvider, SharedHttpClient, SharedTimeSource};

/// What both scopes share. The default is what every AWS tool does.
#[derive(Debug, Clone, Default)]
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

/// A region, and in whose name it is spoken to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Scope {
    /// The region of the services.
    pub region: Region,
    /// Whose credentials: those of the environment if not given.
    pub credentials: Option<SharedCredentialsProvider>,
}

impl Scope {
    /// A region with the environment's credentials.
    pub fn new(region: Region) -> Self {
        Self { region, credentials: None }
    }

    /// The same region with these credentials.
    #[must_use]
    pub fn with_credentials(self, credentials: SharedCredentialsProvider) -> Self {
        Self { credentials: Some(credentials), ..self }
    }
}

/// Settings that can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// An endpoint is not an HTTP URL.
    #[error("the endpoint `{url}` of {service} is not a URL like `http://localhost:4566`")]
    Endpoint {
        /// The service, by AWS's name for it.
        service: &'static str,
        /// The URL as it was given.
        url: String,
    },
}

/// Makes the ports: the lock table and ArtifactDB in the scope `config`, ECS and the load balancer
/// in the scope `deploy`.
///
/// Nothing is called yet: credentials are loaded with the first call, and then shared.
///
/// # Errors
/// [`ConnectError`] when the settings can't be used.
pub async fn connect(
    options: &Options,
    config: &Scope,
    deploy: &Scope,
) -> Result<Cloud, ConnectError> {
    let environment = environment(options, &deploy.region).await;
    let config = Settings::new(options, &environment, config);
    let deploy = Settings::new(options, &environment, deploy);
    let dynamo = config.dynamodb()?;
    Ok(Cloud {
        ecs: Arc::new(EcsApi::new(deploy.ecs()?)),
        load_balancer: Arc::new(Elb::new(deploy.load_balancing()?)),
        artifacts: Arc::new(ArtifactTable::new(dynamo.clone(), ARTIFACT_TABLE)),
        identity: Arc::new(StsIdentity { config: config.sts()?, deploy: deploy.sts()? }),
        locks: Arc::new(LockTable::new(dynamo)),
    })
}

/// Makes a client of ArtifactDB, which is the table of this name in the scope: [`ARTIFACT_TABLE`]
/// as a rule.
///
/// Nothing is called yet: credentials are loaded with the first call.
///
/// # Errors
/// [`ConnectError`] when the settings can't be used.
pub async fn connect_artifacts(
    options: &Options,
    scope: &Scope,
    table: &str,
) -> Result<ArtifactDb, ConnectError> {
    let environment = environment(options, &scope.region).await;
    let dynamo = Settings::new(options, &environment, scope).dynamodb()?;
    Ok(ArtifactDb::new(ArtifactTable::new(dynamo, table)))
}

/// The SDK's settings as the environment has them; `region` is where its own calls for credentials
/// go.
async fn environment(options: &Options, region: &Region) -> SdkConfig {
    let region = aws_config::Region::new(region.to_string());
    match &options.environment {
        Environment::Process => of_process(options, region).await,
        Environment::Given(variables) => of_variables(options, region, variables),
    }
}

async fn of_process(options: &Options, region: aws_config::Region) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).region(region);
    if let Some(client) = &options.http_client {
        loader = loader.http_client(client.clone());
    }
    if let Some(sleep) = &options.sleep {
        loader = loader.sleep_impl(sleep.clone());
    }
    if let Some(time_source) = &options.time_source {
        loader = loader.time_source(time_source.clone());
    }
    loader.load().await
}

fn of_variables(options: &Options, region: aws_config::Region, variables: &Variables) -> SdkConfig {
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(region)
        .credentials_provider(SharedCredentialsProvider::new(variables.clone()))
        .service_config(variables.clone());
    builder.set_http_client(options.http_client.clone());
    builder.set_sleep_impl(options.sleep.clone());
    builder.set_time_source(options.time_source.clone());
    builder.build()
}

/// The SDK's settings for one scope.
struct Settings {
    sdk: SdkConfig,
    endpoint: Option<String>,
}

/// A client of one service. The SDK's retries are off, whatever the environment says: DynamoDB's
/// client would otherwise choose its own.
macro_rules! client {
    ($settings:expr, $service:literal, $sdk:ident) => {{
        let endpoint = $settings.endpoint($service)?;
        let mut config = $sdk::config::Builder::from(&$settings.sdk);
        config = config.retry_config(RetryConfig::disabled());
        config.set_endpoint_url(endpoint);
        Ok($sdk::Client::from_conf(config.build()))
    }};
}

impl Settings {
    fn new(options: &Options, environment: &SdkConfig, scope: &Scope) -> Self {
        let region = aws_config::Region::new(scope.region.to_string());
        // The limit of each call already ends one that stalls.
        let patient = StalledStreamProtectionConfig::disabled();
        let mut sdk = environment.to_builder().region(region).stalled_stream_protection(patient);
        if let Some(credentials) = &scope.credentials {
            sdk = sdk.credentials_provider(credentials.clone());
        }
        Self { sdk: sdk.build(), endpoint: options.endpoint.clone() }
    }

    fn ecs(&self) -> Result<aws_sdk_ecs::Client, ConnectError> {
        client!(self, "ECS", aws_sdk_ecs)
    }

    fn load_balancing(&self) -> Result<aws_sdk_elasticloadbalancingv2::Client, ConnectError> {
        client!(self, "Elastic Load Balancing v2", aws_sdk_elasticloadbalancingv2)
    }

    fn dynamodb(&self) -> Result<aws_sdk_dynamodb::Client, ConnectError> {
        client!(self, "DynamoDB", aws_sdk_dynamodb)
    }

    fn sts(&self) -> Result<aws_sdk_sts::Client, ConnectError> {
        client!(self, "STS", aws_sdk_sts)
    }

    /// Where a service is asked, unless at AWS.
    fn endpoint(&self, service: &'static str) -> Result<Option<String>, ConnectError> {
        let given = self.endpoint.clone().or_else(|| self.configured_endpoint(service));
        match given {
            Some(url) if !is_http(&url) => Err(ConnectError::Endpoint { service, url }),
            endpoint => Ok(endpoint),
        }
    }

    fn configured_endpoint(&self, service: &str) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        let of_service = self.sdk.service_config().and_then(|config| config.load_config(key));
        of_service.or_else(|| self.sdk.endpoint_url().map(str::to_owned))
    }
}

fn is_http(url: &str) -> bool {
    url.parse::<http::Uri>().is_ok_and(|url| {
        matches!(url.scheme_str(), Some("http" | "https")) && url.authority().is_some()
    })
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

    #[tokio::test]
    async fn an_endpoint_must_be_a_url() {
        let error = connected(&[("AWS_ENDPOINT_URL_STS", "localhost:4566")]).await.unwrap_err();
        assert!(error.contains("`localhost:4566` of STS"), "{error}");
        connected(&[("AWS_ENDPOINT_URL", "http://localhost:4566")]).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_has_to_be_set() {
        connected(&[]).await.unwrap();
    }
}
