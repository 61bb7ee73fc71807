//! Noticing that AWS calls credentials expired.

use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use super::Kept;

/// What becomes of a call whose credentials had expired.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Spent {
    /// They are renewed, or have been since.
    #[error("the credentials had expired, and are being renewed")]
    Renewing,
    /// They could not be renewed so far.
    #[error("the credentials have expired, and are not renewed yet: {0}")]
    Failing(String),
    /// They can't be renewed.
    #[error("the credentials have expired, and can't be renewed: {0}")]
    NotRenewed(String),
    /// Nor do new ones help.
    #[error(
        "the credentials were renewed because they had expired, and the new ones count as expired \
         too: is this machine's clock right?"
    )]
    Again,
}

impl Spent {
    /// Whether the same call may succeed with the credentials to come.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Renewing | Self::Failing(_))
    }
}

/// Looks at each answer for the word that the credentials have expired, and has them renewed.
#[derive(Debug)]
pub(crate) struct ExpiryWatch(pub(crate) Arc<Kept>);

/// The access key that signed an attempt: the one that is kept may be another by now.
#[derive(Debug)]
struct SignedWith(String);

impl Storable for SignedWith {
    type Storer = StoreReplace<Self>;
}

impl Intercept for ExpiryWatch {
    fn name(&self) -> &'static str {
        "ExpiryWatch"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let signature = context.request().headers().get("authorization");
        if let Some(key) = signature.and_then(access_key) {
            config.interceptor_state().store_put(SignedWith(key.to_owned()));
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match config.load::<SignedWith>() {
            Some(SignedWith(key)) if tells_expiry(context.response()) => {
                Err(self.0.expired(key).into())
            }
            _ => Ok(()),
        }
    }
}

fn access_key(signature: &str) -> Option<&str> {
    signature.split_once("Credential=")?.1.split('/').next()
}

/// Whether an error's code is `ExpiredToken` or `ExpiredTokenException`, in whichever protocol.
fn tells_expiry(response: &HttpResponse) -> bool {
    const CODE: &[u8] = b"ExpiredToken";
    let body = response.body().bytes().unwrap_or_default();
    response.status().is_client_error() && body.windows(CODE.len()).any(|text| text == CODE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_access_key_is_read_from_the_signature() {
        let signature = "AWS4-HMAC-SHA256 Credential=ASIA1/20270115/us-east-1/ecs/aws4_request, \
                         SignedHeaders=host, Signature=00";
        assert_eq!(access_key(signature), Some("ASIA1"));
        assert_eq!(access_key("Bearer x"), None);
    }
}
