//! The SDK's settings, and clients made with them.

use std::sync::Arc;

use aws_config::identity::IdentityCache;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_types::service_config::ServiceConfigKey;
use ecs_deploy::names::Region;

use crate::SharedCredentialsProvider;
use crate::connect::{ConnectError, Options};
use crate::credentials::{Access, ExpiryWatch, Kept};
use crate::endpoint::{self, Endpoint, Origin};
use crate::environment::{Environment, Variables};
use crate::fence;

/// The SDK's settings as the environment has them; `region` is where its own calls for credentials
/// go.
pub(crate) async fn environment(options: &Options, region: &Region) -> SdkConfig {
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

/// The SDK's settings for one region, in somebody's name.
pub(crate) struct Settings {
    sdk: SdkConfig,
    environment: Environment,
    endpoint: Option<String>,
    kept: Option<Arc<Kept>>,
}

/// A client of one service. The SDK's retries are off, whatever the environment says: DynamoDB's
/// client would otherwise choose its own.
macro_rules! client {
    ($settings:expr, $service:literal, $sdk:ident) => {{
        let endpoint = $settings.endpoint($service)?;
        let mut config = $sdk::config::Builder::from(&$settings.sdk);
        config = config.retry_config(RetryConfig::disabled());
        if let Some(endpoint) = endpoint {
            config = config.endpoint_url(endpoint.url).interceptor(endpoint.origin);
        }
        if let Some(kept) = &$settings.kept {
            config = config.interceptor(ExpiryWatch(Arc::clone(kept)));
        }
        Ok($sdk::Client::from_conf(config.build()))
    }};
}

impl Settings {
    pub(crate) fn new(
        options: &Options,
        environment: &SdkConfig,
        region: &Region,
        access: &Access,
    ) -> Self {
        let region = aws_config::Region::new(region.to_string());
        // The limit of each call already ends one that stalls.
        let patient = StalledStreamProtectionConfig::disabled();
        let mut sdk = environment.to_builder().region(region).stalled_stream_protection(patient);
        if let Access::Given(credentials) = access {
            sdk = sdk.credentials_provider(credentials.clone());
        }
        let (environment, endpoint) = (options.environment.clone(), options.endpoint.clone());
        Self { sdk: sdk.build(), environment, endpoint, kept: None }
    }

    /// The same in the name of these credentials. The SDK does not cache them: each call has to
    /// take the latest.
    pub(crate) fn with_kept(self, kept: Arc<Kept>) -> Self {
        let provider: Arc<dyn ProvideCredentials> = Arc::clone(&kept) as _;
        let provider = SharedCredentialsProvider::new(provider);
        let builder = self.sdk.to_builder().credentials_provider(provider);
        let sdk = builder.identity_cache(IdentityCache::no_cache()).build();
        Self { sdk, kept: Some(kept), ..self }
    }

    /// What all clients share.
    pub(crate) fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    pub(crate) fn ecs(&self) -> Result<aws_sdk_ecs::Client, ConnectError> {
        client!(self, "ECS", aws_sdk_ecs)
    }

    pub(crate) fn load_balancing(
        &self,
    ) -> Result<aws_sdk_elasticloadbalancingv2::Client, ConnectError> {
        client!(self, "Elastic Load Balancing v2", aws_sdk_elasticloadbalancingv2)
    }

    pub(crate) fn dynamodb(&self) -> Result<aws_sdk_dynamodb::Client, ConnectError> {
        client!(self, "DynamoDB", aws_sdk_dynamodb)
    }

    pub(crate) fn sts(&self) -> Result<aws_sdk_sts::Client, ConnectError> {
        client!(self, "STS", aws_sdk_sts)
    }

    /// Where a service is asked, unless at AWS.
    fn endpoint(&self, service: &'static str) -> Result<Option<Endpoint>, ConnectError> {
        let given = self.endpoint.clone().map(|url| Endpoint { url, origin: Origin::Caller });
        match given.or_else(|| self.configured_endpoint(service)) {
            Some(Endpoint { url, origin }) if !is_http(&url) => {
                let (url, origin) = (fence::origin(&url), origin.to_string());
                Err(ConnectError::Endpoint { service, url, origin })
            }
            endpoint => Ok(endpoint),
        }
    }

    /// What is set to nothing counts as unset.
    fn configured_endpoint(&self, service: &str) -> Option<Endpoint> {
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env(endpoint::VARIABLE)
            .profile("endpoint_url")
            .build()
            .ok()?;
        let of_service = self.sdk.service_config().and_then(|config| config.load_config(key));
        let of_service = of_service.filter(|url| !url.is_empty());
        let of_all = || self.sdk.endpoint_url().filter(|url| !url.is_empty());
        let url = of_service.or_else(|| of_all().map(str::to_owned))?;
        let origin = Origin::of(&url, service, &self.environment);
        Some(Endpoint { url, origin })
    }
}

/// Whether it is the URL of a server.
pub(crate) fn is_http(url: &str) -> bool {
    url.parse::<http::Uri>().is_ok_and(|url| {
        matches!(url.scheme_str(), Some("http" | "https")) && url.authority().is_some()
    })
}
