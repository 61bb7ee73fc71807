//! JSON 1.0 and 1.1.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};
use serde_json::{Value, json};

use super::{Service, respond};
use crate::model::ApiError;

/// What a request without a content type is taken to be.
pub(super) const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The service and the operation that `X-Amz-Target` names.
pub(super) fn target(target: &str) -> Result<(Service, String), ApiError> {
    let (prefix, operation) = target.split_once('.').unwrap_or((target, ""));
    let service = match prefix {
        "AmazonEC2ContainerServiceV20141113" => Service::Ecs,
        "DynamoDB_20120810" => Service::Dynamo,
        _ => {
            return Err(ApiError::client(
                "UnknownOperationException",
                format!("this local AWS has no service behind the target {target}"),
            ));
        }
    };
    Ok((service, operation.to_owned()))
}

/// The input: an object, the empty one when there is no body.
pub(super) fn body(body: &Bytes) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(malformed("the body is not a JSON object")),
        Err(error) => Err(malformed(error.to_string())),
    }
}

fn malformed(message: impl Into<String>) -> ApiError {
    ApiError::client("SerializationException", message)
}

/// The answer, in the content type of the request.
pub(super) fn response(
    content_type: &str,
    outcome: &Result<Value, ApiError>,
    request_id: &str,
) -> Response<Bytes> {
    let (status, body) = match outcome {
        Ok(value) => (200, written(value)),
        Err(error) => (error.status, written(&error_body(error))),
    };
    let mut response = respond(status, content_type, request_id, body);
    if let Err(error) = outcome
        && let Ok(code) = HeaderValue::from_str(&error.code)
    {
        response.headers_mut().insert(HeaderName::from_static("x-amzn-errortype"), code);
    }
    response
}

fn written(value: &Value) -> Bytes {
    let written = serde_json::to_vec(value);
    debug_assert!(written.is_ok(), "keys are text, and a vector takes whatever is written to it");
    written.unwrap_or_default().into()
}

fn error_body(error: &ApiError) -> Value {
    let mut body = error.members.clone();
    body.insert("__type".into(), error.code.as_str().into());
    body.insert("message".into(), error.message.as_str().into());
    Value::Object(body)
}
