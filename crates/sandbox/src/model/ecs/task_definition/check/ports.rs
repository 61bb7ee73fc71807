//! Port mappings.

use std::collections::BTreeSet;

use super::super::Registration;
use super::given::Given;
use super::{container, containers};
use crate::model::ApiError;
use crate::model::ecs::PortMapping;
use crate::model::ecs::error::client;

/// A container's most ranges of ports.
const MOST_RANGES: usize = 100;

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    for given in containers(registration) {
        given
            .list("portMappings")
            .try_for_each(|mapping| numbers(container::name(given), mapping))?;
        if given.list("portMappings").filter(|it| it.says("containerPortRange")).count()
            > MOST_RANGES
        {
            return Err(client(format!(
                "Container '{}' can have at most {MOST_RANGES} port ranges.",
                container::name(given)
            )));
        }
    }
    names(registration)?;
    match registration.network_mode.as_deref() {
        Some(mode @ ("awsvpc" | "host")) => {
            if mode == "host" {
                no_ranges(registration)?;
            }
            not_moved(registration, mode)?;
            only_once(registration, mode)
        }
        Some("none") => none_at_all(registration),
        _ => Ok(()),
    }
}

fn numbers(container: &str, mapping: Given<'_>) -> Result<(), ApiError> {
    let invalid =
        |what: &str| client(format!("Invalid '{what}' setting for container '{container}'."));
    let (port, range) = (mapping.number("containerPort"), mapping.text("containerPortRange"));
    match (port, range) {
        (Some(_), Some(_)) => {
            return Err(client(format!(
                "Invalid setting for container '{container}'. 'containerPort' and \
                 'containerPortRange' cannot both be specified."
            )));
        }
        (None, Some(range)) if !is_range(range) => return Err(invalid("containerPortRange")),
        (None, Some(_)) if mapping.says("hostPort") => return Err(invalid("hostPort")),
        (None, Some(_)) => {}
        (port, None) if !(1..=65_535).contains(&port.unwrap_or_default()) => {
            return Err(invalid("containerPort"));
        }
        (_, None) => {}
    }
    match mapping.number("hostPort") {
        Some(port) if !(0..=65_535).contains(&port) => Err(invalid("hostPort")),
        _ => Ok(()),
    }
}

fn is_range(text: &str) -> bool {
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0);
    let ends = text.split_once('-').and_then(|(first, last)| port(first).zip(port(last)));
    ends.is_some_and(|(first, last)| first <= last)
}

/// Names of mappings, by which other services know them.
fn names(registration: &Registration) -> Result<(), ApiError> {
    let mut taken = BTreeSet::new();
    let mappings = containers(registration).flat_map(|given| given.list("portMappings"));
    for name in mappings.filter_map(|mapping| mapping.text("name")) {
        let good = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
        };
        if name.len() > 64 || name.starts_with('-') || !name.bytes().all(good) {
            return Err(client(format!(
                "Invalid port mapping name '{name}': at most 64 lowercase letters, digits, \
                 underscores and hyphens, with no hyphen at the start."
            )));
        }
        if !taken.insert(name) {
            return Err(client(format!("Port mapping names must be unique, but '{name}' is not.")));
        }
    }
    Ok(())
}

/// A task that shares or has a whole network interface can't have its ports elsewhere.
fn not_moved(registration: &Registration, mode: &str) -> Result<(), ApiError> {
    let mut mappings = registration.containers.iter().flat_map(|it| &it.port_mappings);
    let moved = |mapping: &PortMapping| {
        let port = mapping.host_port.filter(|port| *port != 0);
        mapping.container_port != 0 && port.is_some_and(|port| port != mapping.container_port)
    };
    if mappings.any(moved) {
        return Err(client(format!(
            "When networkMode={mode}, the host ports and container ports in port mappings must match."
        )));
    }
    Ok(())
}

fn no_ranges(registration: &Registration) -> Result<(), ApiError> {
    let mut mappings = containers(registration).flat_map(|given| given.list("portMappings"));
    if mappings.any(|mapping| mapping.says("containerPortRange")) {
        return Err(client("Container port ranges are not supported when networkMode=host."));
    }
    Ok(())
}

fn only_once(registration: &Registration, mode: &str) -> Result<(), ApiError> {
    let mut taken = BTreeSet::new();
    for mapping in containers(registration).flat_map(|given| given.list("portMappings")) {
        let Some(port) = mapping.number("containerPort") else { continue };
        // ECS takes any other word for TCP.
        let protocol = if mapping.text("protocol") == Some("udp") { "udp" } else { "tcp" };
        if !taken.insert((port, protocol)) {
            return Err(client(format!(
                "When networkMode={mode}, container port {port}/{protocol} can be used in only one \
                 port mapping."
            )));
        }
    }
    Ok(())
}

fn none_at_all(registration: &Registration) -> Result<(), ApiError> {
    if registration.containers.iter().any(|container| !container.port_mappings.is_empty()) {
        return Err(client("Port mappings are not supported when networkMode=none."));
    }
    Ok(())
}
