//! Health checks of containers. Their numbers are among the limits of words and numbers.

use super::super::Registration;
use super::{container, containers};
use crate::model::ApiError;
use crate::model::ecs::error::client;

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    for given in containers(registration) {
        // A first word other than CMD, CMD-SHELL or NONE is registered by ECS, and fails in Docker.
        let check = given.inside("healthCheck");
        if check.is_some_and(|check| !check.says("command")) {
            return Err(client(format!(
                "The health check of container '{}' must have a command.",
                container::name(given)
            )));
        }
    }
    Ok(())
}
