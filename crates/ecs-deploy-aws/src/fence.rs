//! The last look before a request leaves.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use ecs_deploy::cloud::CloudError;
use ecs_deploy::fence::{Expired, Permit};

use crate::endpoint::Origin;

/// Stands right before the transmission of each attempt: checks the permit, where the call needs
/// one, and notes where the request goes and which of its headers must not be shown.
#[derive(Clone, Default)]
pub(crate) struct Fence {
    permit: Option<Permit>,
    sent: Arc<OnceLock<Sent>>,
}

/// What is noted of a request.
struct Sent {
    endpoint: String,
    secrets: Vec<String>,
}

/// The headers that let their reader act in the caller's name.
const SECRETS: [&str; 2] = ["x-amz-security-token", "authorization"];

impl Fence {
    /// A fence that nothing passes without a lease that outlasts it.
    pub(crate) fn guarded_by(permit: &Permit) -> Self {
        Self { permit: Some(permit.clone()), sent: Arc::default() }
    }

    /// Whether a request may leave now.
    pub(crate) fn check(&self) -> Result<(), Expired> {
        self.permit.as_ref().map_or(Ok(()), Permit::check)
    }

    /// Where the request went, and what named that place; `None` while none was sent.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.sent.get().map(|sent| sent.endpoint.as_str())
    }

    /// The error without the headers that say in whose name the call was made: AWS repeats them
    /// where a signature does not match.
    pub(crate) fn hide(&self, mut error: CloudError) -> CloudError {
        for secret in self.sent.get().into_iter().flat_map(|sent| &sent.secrets) {
            error.message = error.message.replace(secret, "(hidden)");
        }
        error
    }
}

impl Intercept for Fence {
    fn name(&self) -> &'static str {
        "Fence"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.check()?;
        self.sent.get_or_init(|| {
            let headers = context.request().headers();
            let secrets = SECRETS.into_iter().filter_map(|name| headers.get(name));
            let secrets = secrets.filter(|value| !value.is_empty()).map(str::to_owned);
            let url = origin(context.request().uri());
            let endpoint = match config.load::<Origin>() {
                Some(origin) => format!("{url} ({origin})"),
                None => url,
            };
            Sent { endpoint, secrets: secrets.collect() }
        });
        Ok(())
    }
}

impl fmt::Debug for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Fence");
        fields.field("permit", &self.permit).field("endpoint", &self.endpoint()).finish()
    }
}

/// A URL without its path and query, and without a user and password before its host. A password may
/// hold what would end it: all that stands before an `@` may be one.
pub(crate) fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
    let host = rest.rsplit('@').next().unwrap_or_default();
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_neither_path_nor_query() {
        assert_eq!(origin("http://127.0.0.1:4566/"), "http://127.0.0.1:4566");
        assert_eq!(
            origin("https://ecs.us-east-1.amazonaws.com?a=b/c"),
            "https://ecs.us-east-1.amazonaws.com"
        );
        assert_eq!(origin("http://localhost"), "http://localhost");
        assert_eq!(origin("localhost:4566"), "localhost:4566");
    }

    #[test]
    fn an_origin_has_no_password() {
        assert_eq!(origin("https://ann:hush@localhost:1/?a=b"), "https://localhost:1");
        assert_eq!(origin("http://ann:hu/sh?#@localhost:1/a"), "http://localhost:1");
        assert_eq!(origin("https://ann:a@hush@localhost"), "https://localhost");
        assert_eq!(origin("ann:hush@localhost"), "localhost");
    }
}
