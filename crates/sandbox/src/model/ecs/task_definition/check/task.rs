//! What concerns the task as a whole.

use super::super::Registration;
use super::given::Given;
use crate::model::ApiError;
use crate::model::ecs::error::client;

/// The most bytes of a task definition.
const MOST_BYTES: usize = 64 * 1024;

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    length(registration)?;
    let task = Given(&registration.members);
    proxy(task, registration)?;
    platform(task)
}

fn length(registration: &Registration) -> Result<(), ApiError> {
    let written = serde_json::to_string(&registration.members).unwrap_or_default();
    if written.len() > MOST_BYTES {
        return Err(client(format!(
            "Actual length: '{}'. Max allowed length is '{MOST_BYTES}' bytes.",
            written.len()
        )));
    }
    Ok(())
}

fn proxy(task: Given<'_>, registration: &Registration) -> Result<(), ApiError> {
    let Some(proxy) = task.inside("proxyConfiguration") else { return Ok(()) };
    let name = proxy.text("containerName").unwrap_or_default();
    if registration.containers.iter().any(|container| container.name == name) {
        Ok(())
    } else {
        Err(client(format!("Proxy container '{name}' does not exist in the task definition.")))
    }
}

fn platform(task: Given<'_>) -> Result<(), ApiError> {
    let Some(platform) = task.inside("runtimePlatform") else { return Ok(()) };
    let is_windows =
        platform.text("operatingSystemFamily").is_some_and(|family| family.starts_with("WINDOWS"));
    if is_windows && platform.text("cpuArchitecture") == Some("ARM64") {
        return Err(client("CPU architecture ARM64 is not supported for Windows containers."));
    }
    Ok(())
}
