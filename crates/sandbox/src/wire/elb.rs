//! The operations of elb.

use serde_json::Value;

use super::Call;
use crate::model::ApiError;

/// The namespace of its XML.
pub(super) const NAMESPACE: &str = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/// Answers one call.
pub(super) fn call(_call: &mut Call<'_>, _input: Value) -> Result<Value, ApiError> {
    Ok(Value::Null)
}
