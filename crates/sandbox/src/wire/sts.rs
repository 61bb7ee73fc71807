//! The operations of sts.

use serde_json::Value;

use super::Call;
use crate::model::ApiError;

/// Answers one call.
pub(super) fn call(_call: &mut Call<'_>, _input: Value) -> Result<Value, ApiError> {
    Ok(Value::Null)
}
