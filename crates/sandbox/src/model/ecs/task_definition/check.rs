//! What ECS refuses to register.

use std::collections::BTreeSet;

use super::Registration;
use crate::model::ApiError;
use crate::model::ecs::error::{check_name, client};
use crate::model::ecs::{ContainerDefinition, LaunchType, PortMapping, fargate};

pub(super) fn registration(registration: &Registration) -> Result<(), ApiError> {
    check_name("Family", &registration.family).map_err(|error| client(error.message))?;
    network_mode(registration)?;
    containers(&registration.containers)?;
    host_ports(registration)?;
    if registration.requires_compatibilities.contains(&LaunchType::Fargate) {
        on_fargate(registration)
    } else {
        memory_somewhere(registration)
    }
}

fn network_mode(registration: &Registration) -> Result<(), ApiError> {
    match registration.network_mode.as_deref() {
        None | Some("awsvpc" | "bridge" | "host" | "none") => Ok(()),
        Some(other) => Err(client(format!("Invalid network mode: {other}."))),
    }
}

fn containers(containers: &[ContainerDefinition]) -> Result<(), ApiError> {
    if containers.is_empty() {
        return Err(client("Container list cannot be empty."));
    }
    let mut names = BTreeSet::new();
    for container in containers {
        check_name("Container", &container.name).map_err(|error| client(error.message))?;
        if container.image.is_empty() {
            return Err(client("Container.image should not be null or empty."));
        }
        if !names.insert(container.name.as_str()) {
            return Err(client(format!("Container.name contains duplicate: {}.", container.name)));
        }
    }
    if containers.iter().any(|container| container.essential) {
        Ok(())
    } else {
        Err(client("At least one container must be essential."))
    }
}

/// A task with a network interface of its own can't have its ports elsewhere.
fn host_ports(registration: &Registration) -> Result<(), ApiError> {
    let mut mappings = registration.containers.iter().flat_map(|it| &it.port_mappings);
    let moved = |mapping: &PortMapping| {
        mapping.host_port.is_some_and(|port| port != 0 && port != mapping.container_port)
    };
    if registration.network_mode.as_deref() == Some("awsvpc") && mappings.any(moved) {
        return Err(client(
            "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
        ));
    }
    Ok(())
}

fn on_fargate(registration: &Registration) -> Result<(), ApiError> {
    if registration.network_mode.as_deref() != Some("awsvpc") {
        return Err(client("Fargate only supports network mode ‘awsvpc’."));
    }
    let size = |value: &Option<String>, what: &str| {
        value.clone().ok_or_else(|| {
            client(format!("Fargate requires that '{what}' be defined at the task level."))
        })
    };
    let (cpu, memory) = (size(&registration.cpu, "cpu")?, size(&registration.memory, "memory")?);
    if fargate::offers(&cpu, &memory) {
        Ok(())
    } else {
        Err(client(format!(
            "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory."
        )))
    }
}

fn memory_somewhere(registration: &Registration) -> Result<(), ApiError> {
    let unbounded = registration
        .containers
        .iter()
        .find(|container| container.memory.or(container.memory_reservation).is_none());
    match unbounded {
        Some(container) if registration.memory.is_none() => Err(client(format!(
            "Invalid setting for container '{}'. At least one of 'memory' or 'memoryReservation' must \
             be specified.",
            container.name
        ))),
        _ => Ok(()),
    }
}

/// Whether Fargate could run it, although it may not ask for that.
pub(super) fn suits_fargate(registration: &Registration) -> bool {
    on_fargate(registration).is_ok()
}
