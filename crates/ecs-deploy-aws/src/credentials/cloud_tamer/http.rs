//! One request to CloudTamer, over the HTTP client of the SDK.
//!
//! The SDK's orchestrator carries it, so an injected client serves CloudTamer, too. Bodies with a
//! password or a token in them are of kinds that the SDK does not log.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use ::http::Method;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::orchestrator::{
    HttpRequest, HttpResponse, OrchestratorError, SensitiveOutput,
};
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use bytes::Bytes;
use http_body_util::Full;
use serde::Deserialize;
use serde_json::Value;
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;

use super::error::Failure;
use crate::error::root;
use crate::settings::Settings;

/// How long a request may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A text that is shown nowhere.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Secret(String);

impl Secret {
    /// The text, for the one who must know it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a text holds it, as it is or as JSON writes it.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let json = Value::from(self.0.as_str()).to_string();
        text.contains(&self.0) || text.contains(&json[1..json.len() - 1])
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A request. It is shown as its method and path.
#[derive(Clone)]
pub(super) struct Ask {
    method: Method,
    path: String,
    token: Option<Secret>,
    body: Option<Bytes>,
}

impl Ask {
    pub(super) fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), token: None, body: None }
    }

    pub(super) fn with_token(self, token: &Secret) -> Self {
        Self { token: Some(token.clone()), ..self }
    }

    pub(super) fn with_body(self, body: &Value) -> Self {
        Self { body: Some(body.to_string().into()), ..self }
    }

    /// The token of the login that it is a part of.
    pub(super) fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }

    fn request(self) -> Result<HttpRequest, BoxError> {
        let mut request = ::http::Request::builder()
            .method(self.method)
            .uri(self.path)
            .header("accept", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {}", token.reveal()));
        }
        let body = match self.body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                // The SDK would log a body that it holds as text.
                SdkBody::from_body_1_x(Full::new(body))
            }
            None => SdkBody::empty(),
        };
        Ok(HttpRequest::try_from(request.body(body)?)?)
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An answer. Its body, which may hold a token, is not shown.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Carries requests to one CloudTamer.
#[derive(Debug)]
pub(super) struct Http {
    operation: Operation<Ask, Answer, Infallible>,
    origin: String,
}

impl Http {
    pub(super) fn new(base: &str, settings: &Settings) -> Self {
        let mut secretive = Layer::new("SensitiveOutput");
        secretive.store_put(SensitiveOutput);
        let mut operation = Operation::builder()
            .service_name("CloudTamer")
            .operation_name("Credentials")
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(base)
            .no_auth()
            .no_retry()
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .runtime_plugin(StaticRuntimePlugin::new().with_config(secretive.freeze()));
        if let Some(client) = settings.sdk().http_client() {
            operation = operation.http_client(client);
        }
        if let Some(sleep) = settings.sdk().sleep_impl() {
            operation = operation.sleep_impl(sleep);
        }
        let operation = operation.serializer(Ask::request).deserializer(answer).build();
        Self { operation, origin: crate::fence::origin(base) }
    }

    /// The scheme, host and port.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Sends a request once.
    pub(super) async fn send(&self, ask: &Ask) -> Result<Answer, Failure> {
        let asked = self.operation.invoke(ask.clone()).with_subscriber(Dispatch::none());
        match tokio::time::timeout(LIMIT, asked).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(failure)) => Err(Failure::NoAnswer(root(&failure).to_string())),
            Err(_) => Err(Failure::timed_out(LIMIT)),
        }
    }
}

fn answer(response: &HttpResponse) -> Result<Answer, OrchestratorError<Infallible>> {
    let body = response.body().bytes().unwrap_or_default().to_vec();
    Ok(Answer { status: response.status().as_u16(), body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_no_secrets() {
        let token = Secret::from("hush".to_owned());
        let ask = Ask::new(Method::POST, "/v3/token")
            .with_token(&token)
            .with_body(&serde_json::json!({"password": "hush"}));
        let answer = Answer { status: 200, body: b"hush".to_vec() };
        let request = ask.clone().request().unwrap();
        let shown = format!("{token:?} {ask:?} {ask} {answer:?} {request:?}");
        assert!(shown.contains("/v3/token") && !shown.contains("hush"), "{shown}");
    }
}
