//! An endpoint that is not AWS's own, and what named it: a wrong one has to be told with the place
//! to correct it.

use std::fmt;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use crate::environment::Environment;

/// The variable for all services.
pub(crate) const VARIABLE: &str = "AWS_ENDPOINT_URL";

/// The variables that may set something for a service, the one of its own first; `of_all` is the one
/// for all services.
pub(crate) fn variables(of_all: &str, service: &str) -> [String; 2] {
    let of_service = format!("{of_all}_{}", service.to_uppercase().replace(' ', "_"));
    [of_service, of_all.to_owned()]
}

/// Where a service is asked.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) origin: Origin,
}

/// What named an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The options of whoever connects.
    Caller,
    /// This variable.
    Variable(String),
    /// AWS's config file, for the profile in use.
    Profile,
}

impl Origin {
    /// What named the endpoint of a service that the SDK's rules came to.
    pub(crate) fn of(url: &str, service: &str, environment: &Environment) -> Self {
        let names = |name: &String| environment.variable(name).as_deref() == Some(url);
        let variable = variables(VARIABLE, service).into_iter().find(names);
        variable.map_or(Self::Profile, Self::Variable)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller => f.write_str("given by the caller"),
            Self::Variable(name) => f.write_str(name),
            Self::Profile => f.write_str("endpoint_url in AWS's config file"),
        }
    }
}

impl Storable for Origin {
    type Storer = StoreReplace<Self>;
}

/// Tells each call of a client where its endpoint comes from.
impl Intercept for Origin {
    fn name(&self) -> &'static str {
        "EndpointOrigin"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(self.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_of_a_service_goes_before_the_one_for_all() {
        let variables = [
            ("AWS_ENDPOINT_URL", "http://all"),
            ("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "http://balancer"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = Environment::given(variables);
        let origin = |url, service| Origin::of(url, service, &environment).to_string();
        assert_eq!(
            origin("http://balancer", "Elastic Load Balancing v2"),
            "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"
        );
        assert_eq!(origin("http://all", "ECS"), "AWS_ENDPOINT_URL");
        assert_eq!(origin("http://elsewhere", "ECS"), "endpoint_url in AWS's config file");
    }
}
