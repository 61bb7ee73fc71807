//! ECS's errors, in its words.

use crate::model::ApiError;

pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("InvalidParameterException", message)
}

pub(super) fn client(message: impl Into<String>) -> ApiError {
    ApiError::client("ClientException", message)
}

pub(super) fn unsupported(message: impl Into<String>) -> ApiError {
    ApiError::client("UnsupportedFeatureException", message)
}

pub(super) fn cluster_not_found() -> ApiError {
    ApiError::client("ClusterNotFoundException", "Cluster not found.")
}

pub(super) fn service_not_found() -> ApiError {
    ApiError::client("ServiceNotFoundException", "Service not found.")
}

pub(super) fn service_not_active() -> ApiError {
    ApiError::client("ServiceNotActiveException", "Service was not ACTIVE.")
}

pub(super) fn task_set_not_found() -> ApiError {
    ApiError::client("TaskSetNotFoundException", "The specified task set wasn't found.")
}

pub(super) fn serialization(message: impl Into<String>) -> ApiError {
    ApiError::client("SerializationException", message)
}

pub(super) fn platform_unknown() -> ApiError {
    ApiError::client("PlatformUnknownException", "The specified platform version does not exist.")
}

/// Refuses a name that ECS would not take: letters, digits, `-` and `_`, 255 at most.
pub(super) fn check_name(what: &str, name: &str) -> Result<(), ApiError> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (1..=255).contains(&name.len()) && name.bytes().all(good) {
        Ok(())
    } else {
        Err(invalid(format!("{what} name is invalid: letters, digits, - and _, 255 at most.")))
    }
}
