//! What the tasks of a task set are attached to: a network, a target group, service discovery.

use serde::Deserialize;
use serde_json::Value;

use super::Template;
use crate::model::ApiError;
use crate::model::ecs::error::invalid;
use crate::model::ecs::{AwsvpcConfiguration, LoadBalancer, TaskDefinition};

const MOST_SUBNETS: usize = 16;
const MOST_SECURITY_GROUPS: usize = 5;

pub(super) fn check(template: &Template, definition: &TaskDefinition) -> Result<(), ApiError> {
    match (&template.network, definition.is_awsvpc()) {
        (None, true) => {
            return Err(invalid(
                "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
            ));
        }
        (Some(_), false) => {
            return Err(invalid(
                "Network Configuration is not valid for the given networkMode of this task definition.",
            ));
        }
        (Some(given), true) => network(&given.awsvpc_configuration)?,
        (None, false) => {}
    }
    if let Some(LoadBalancer { container_name, container_port, .. }) = &template.load_balancer {
        port_of(definition, container_name, *container_port)?;
    }
    registries(&template.service_registries, definition)
}

fn network(given: &AwsvpcConfiguration) -> Result<(), ApiError> {
    if given.subnets.is_empty() {
        return Err(invalid("subnets can not be empty."));
    }
    for (what, list, most) in [
        ("subnets", &given.subnets, MOST_SUBNETS),
        ("security groups", &given.security_groups, MOST_SECURITY_GROUPS),
    ] {
        if list.len() > most {
            return Err(invalid(format!("{what} can have at most {most} items.")));
        }
    }
    Ok(())
}

/// What is read of a service registry; an unset port is none.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registry {
    registry_arn: Option<String>,
    port: Option<u16>,
    container_name: Option<String>,
    container_port: Option<u16>,
}

fn registries(given: &[Value], definition: &TaskDefinition) -> Result<(), ApiError> {
    let [given] = given else {
        return match given.len() {
            0 => Ok(()),
            _ => Err(invalid("service registries can have at most 1 items.")),
        };
    };
    let registry = Registry::deserialize(given)
        .map_err(|error| invalid(format!("Service registry: {error}.")))?;
    if registry.registry_arn.is_none_or(|arn| arn.is_empty()) {
        return Err(invalid("A service registry must have a registryArn."));
    }
    let container = registry.container_name.filter(|name| !name.is_empty());
    match (container, registry.container_port, registry.port) {
        (_, Some(_), Some(_)) | (Some(_), _, Some(_)) => Err(invalid(
            "A service registry has either a port or a containerName and containerPort, not both.",
        )),
        (Some(_), None, None) | (None, Some(_), None) => Err(invalid(
            "A service registry must have both a containerName and a containerPort, or neither.",
        )),
        (Some(name), Some(port), None) => port_of(definition, &name, port),
        (None, None, _) if !definition.is_awsvpc() => Err(invalid(
            "A service registry must have a containerName and containerPort when the networkMode is \
             not 'awsvpc'.",
        )),
        (None, None, _) => Ok(()),
    }
}

fn port_of(definition: &TaskDefinition, name: &str, port: u16) -> Result<(), ApiError> {
    let container = definition.container(name).ok_or_else(|| {
        invalid(format!("The container {name} does not exist in the task definition."))
    })?;
    if container.listens_on(port) {
        Ok(())
    } else {
        Err(invalid(format!("The container {name} did not have a container port {port} defined.")))
    }
}
