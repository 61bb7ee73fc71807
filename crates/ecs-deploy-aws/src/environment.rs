//! Where the SDK's settings come from.

use std::collections::BTreeMap;
use std::fmt;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

use crate::endpoint;

/// What tells the SDK of credentials and endpoints.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Environment {
    /// The process's variables and AWS's files in the home folder, by the rules that all AWS tools
    /// share: profiles, SSO, web identities, containers, instances.
    #[default]
    Process,
    /// These variables alone: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
    /// `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>` and those of CloudTamer. Nothing is read of
    /// the process, of files or of an instance.
    Given(Variables),
}

impl Environment {
    /// An environment of just these variables.
    pub fn given(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::Given(Variables(variables.into_iter().collect()))
    }

    /// A variable's value; an empty one counts as unset.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        match self {
            Self::Process => std::env::var(name).ok().filter(|value| !value.is_empty()),
            Self::Given(variables) => variables.get(name).map(str::to_owned),
        }
    }
}

/// Environment variables as a value. `Debug` shows their names only.
#[derive(Clone)]
pub struct Variables(BTreeMap<String, String>);

/// A variable that credentials need.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not set")]
pub(crate) struct UnsetVariable(pub(crate) &'static str);

impl Variables {
    /// A variable's value; an empty one counts as unset.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let required =
            |name| self.get(name).ok_or_else(|| CredentialsError::not_loaded(UnsetVariable(name)));
        let mut credentials = Credentials::builder()
            .access_key_id(required("AWS_ACCESS_KEY_ID")?)
            .secret_access_key(required("AWS_SECRET_ACCESS_KEY")?)
            .provider_name("Variables");
        credentials.set_session_token(self.get("AWS_SESSION_TOKEN").map(str::to_owned));
        Ok(credentials.build())
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl ProvideCredentials for Variables {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(self.credentials())
    }
}

impl LoadServiceConfig for Variables {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let names = endpoint::variables(key.env(), key.service_id());
        names.iter().find_map(|name| self.get(name)).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        Variables(pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect())
    }

    fn endpoint(variables: &Variables, service: &str) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        variables.load_config(key.unwrap())
    }

    #[test]
    fn an_endpoint_of_a_service_goes_before_the_one_for_all() {
        let variables = variables(&[
            ("AWS_ENDPOINT_URL", "http://all"),
            ("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "http://balancer"),
            ("AWS_ENDPOINT_URL_ECS", ""),
        ]);
        assert_eq!(
            endpoint(&variables, "Elastic Load Balancing v2").as_deref(),
            Some("http://balancer")
        );
        assert_eq!(endpoint(&variables, "ECS").as_deref(), Some("http://all"));
    }

    #[test]
    fn debug_output_holds_no_values() {
        let variables = variables(&[("AWS_SECRET_ACCESS_KEY", "hush")]);
        assert!(!format!("{variables:?}").contains("hush"));
    }

    #[test]
    fn half_a_key_is_no_credential() {
        assert!(variables(&[("AWS_ACCESS_KEY_ID", "key")]).credentials().is_err());
        let whole = [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "hush")];
        assert_eq!(variables(&whole).credentials().unwrap().access_key_id(), "key");
    }
}
