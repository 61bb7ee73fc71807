//! What the SDK says of a failed call, told in the words of the port. The class is settled here,
//! once.

mod code;
mod credentials;

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ecs_deploy::cloud::{CloudError, ErrorClass};
use ecs_deploy::fence::Expired;

use crate::credentials::Spent;

/// Tells a failure of the SDK; `endpoint` is where the request went, if it was sent.
pub(crate) fn classify<E>(
    action: &'static str,
    endpoint: Option<&str>,
    failure: &SdkError<E, HttpResponse>,
) -> CloudError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if let Some(expired) = cause::<Expired>(failure) {
        return fenced(action, expired);
    }
    if let Some(spent) = cause::<Spent>(failure) {
        return credentials::spent(action, spent);
    }
    if let Some(error) = cause::<CredentialsError>(failure) {
        return credentials::failed(action, error);
    }
    if let Some(code) = failure.code() {
        return refused(action, code, failure);
    }
    match (failure.raw_response(), failure) {
        (Some(response), _) => unreadable(action, endpoint, response),
        (None, SdkError::ConstructionFailure(_)) => {
            let message = format!("the request can't be made: {}", root(failure));
            CloudError::new(action, ErrorClass::Unknown, message)
        }
        (None, _) => unreachable(action, endpoint, failure),
    }
}

/// The lease that is left is too short for the call.
pub(crate) fn fenced(action: &'static str, expired: &Expired) -> CloudError {
    CloudError::new(action, ErrorClass::Fenced, format!("not sent: {expired}"))
}

/// The call took longer than it may.
pub(crate) fn timed_out(
    action: &'static str,
    endpoint: Option<&str>,
    limit: Duration,
) -> CloudError {
    let message = match endpoint {
        Some(endpoint) => format!("no answer from {endpoint} within {limit:?}"),
        None => format!("credentials were not there within {limit:?}; nothing was sent"),
    };
    CloudError::new(action, ErrorClass::Transient, message)
}

/// AWS's answer lacks something that it must have, or holds what it can't. A change was made all the
/// same, so its outcome counts as open.
pub(crate) fn odd_answer(action: &'static str, what: impl std::fmt::Display) -> CloudError {
    CloudError::new(action, ErrorClass::Transient, format!("an answer that makes no sense: {what}"))
}

/// AWS answered with an error that has a code.
fn refused<E>(action: &'static str, code: &str, failure: &SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata,
{
    let status = failure.raw_response().map_or(0, |response| response.status().as_u16());
    let said = failure.message().unwrap_or("no message");
    let message = match code::advice(code) {
        Some(advice) => format!("{said}; {advice}"),
        None => said.to_owned(),
    };
    CloudError {
        code: Some(code.to_owned()),
        request_id: failure.raw_response().and_then(request_id),
        ..CloudError::new(action, code::class(code, status), message)
    }
}

/// Something answered, but not as AWS does. A change may have taken effect behind it.
fn unreadable(action: &'static str, endpoint: Option<&str>, response: &HttpResponse) -> CloudError {
    let from = endpoint.unwrap_or("the endpoint");
    let status = response.status().as_u16();
    let message = if is_html(response) {
        format!(
            "{from} answered with an HTML page (status {status}) instead of AWS's protocol; is a \
             proxy or a login page in between, or the endpoint wrong?"
        )
    } else {
        format!(
            "{from} answered with status {status} in a form that is not AWS's; is that the right \
             endpoint?"
        )
    };
    // A server in trouble, or the proxy before it, may answer like this, too.
    let class = if status >= 500 { ErrorClass::Transient } else { ErrorClass::Astray };
    let request_id = request_id(response);
    CloudError { request_id, ..CloudError::new(action, class, message) }
}

fn is_html(response: &HttpResponse) -> bool {
    let named = response
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
    let start = response.body().bytes().unwrap_or_default().trim_ascii_start();
    named || [&b"<!doctype html"[..], b"<html"].iter().any(|tag| starts_with(start, tag))
}

fn starts_with(text: &[u8], lowercase: &[u8]) -> bool {
    text.get(..lowercase.len()).is_some_and(|start| start.eq_ignore_ascii_case(lowercase))
}

fn request_id(response: &HttpResponse) -> Option<String> {
    response.headers().get("x-amzn-requestid").map(str::to_owned)
}

/// No answer came: the connection failed, or broke.
fn unreachable(
    action: &'static str,
    endpoint: Option<&str>,
    failure: &(dyn Error + 'static),
) -> CloudError {
    let (class, why) = match Unreached::of(failure) {
        Some(unreached) => (ErrorClass::Astray, unreached.to_string()),
        None => (ErrorClass::Transient, told(root(failure))),
    };
    let message = match endpoint {
        Some(endpoint) => format!("no answer from {endpoint}: {why}"),
        None => format!("nothing was sent: {why}"),
    };
    CloudError::new(action, class, message)
}

/// How a connection fails where nobody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Unreached {
    #[error("connection refused, so nobody listens there")]
    Refused,
    #[error("its name can't be resolved; is the region right, and is there a network?")]
    Unresolved,
}

impl Unreached {
    fn of(failure: &(dyn Error + 'static)) -> Option<Self> {
        let refused =
            |error: &std::io::Error| error.kind() == std::io::ErrorKind::ConnectionRefused;
        if cause::<std::io::Error>(failure).is_some_and(refused) {
            return Some(Self::Refused);
        }
        // The resolver's error has no type of its own.
        let mut told = causes(failure).map(ToString::to_string);
        told.any(|words| words.starts_with("dns error")).then_some(Self::Unresolved)
    }
}

/// A cause in words, without the system's number for it.
fn told(cause: &(dyn Error + 'static)) -> String {
    let told = cause.to_string();
    told.split(" (os error ").next().unwrap_or_default().to_owned()
}

/// The innermost cause: the ones around it only say which layer passed it on.
pub(crate) fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

#[cfg(test)]
mod tests;
