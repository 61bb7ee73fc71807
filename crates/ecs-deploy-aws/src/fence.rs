//! The last look before a request leaves.

use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use ecs_deploy::fence::{Expired, Permit};

use crate::endpoint::Origin;

/// Stands right before the transmission of each attempt: checks the permit, where the call needs
/// one, and notes where the request goes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fence {
    permit: Option<Permit>,
    endpoint: Arc<OnceLock<String>>,
}

impl Fence {
    /// A fence that nothing passes without a lease that outlasts it.
    pub(crate) fn guarded_by(permit: &Permit) -> Self {
        Self { permit: Some(permit.clone()), endpoint: Arc::default() }
    }

    /// Whether a request may leave now.
    pub(crate) fn check(&self) -> Result<(), Expired> {
        self.permit.as_ref().map_or(Ok(()), Permit::check)
    }

    /// Where the request went, and what named that place; `None` while none was sent.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.endpoint.get().map(String::as_str)
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
        let url = origin(context.request().uri());
        self.endpoint.get_or_init(|| match config.load::<Origin>() {
            Some(origin) => format!("{url} ({origin})"),
            None => url,
        });
        Ok(())
    }
}

/// A URL without its path and query.
pub(crate) fn origin(url: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..].find(['/', '?']).map_or(url.len(), |at| after_scheme + at);
    url[..end].to_owned()
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
    }
}
