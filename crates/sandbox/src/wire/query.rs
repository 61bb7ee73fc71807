//! Query requests and XML answers.

use serde_json::Value;

use crate::model::ApiError;

/// The operation and its input, from a form.
pub(super) fn decode(_body: &[u8]) -> Result<(String, Value), ApiError> {
    Err(ApiError::client("MissingAction", "the request names no action"))
}

/// The answer to an operation.
pub(super) fn encode(_operation: &str, _result: &Value, _request_id: &str) -> String {
    String::new()
}

/// An error's answer.
pub(super) fn error(error: &ApiError, request_id: &str) -> String {
    format!("{} {}", error.code, request_id)
}
