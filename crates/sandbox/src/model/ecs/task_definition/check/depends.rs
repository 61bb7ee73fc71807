//! The order in which containers start.

use std::collections::BTreeMap;

use super::super::Registration;
use super::given::Given;
use super::{container, containers};
use crate::model::ApiError;
use crate::model::ecs::error::client;

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    let all: BTreeMap<&str, Given<'_>> =
        containers(registration).map(|given| (container::name(given), given)).collect();
    for (name, given) in &all {
        given.list("dependsOn").try_for_each(|dependency| one(name, dependency, &all))?;
    }
    if has_cycle(&all) {
        return Err(client("Container dependencies cannot have a cycle."));
    }
    Ok(())
}

fn one(name: &str, dependency: Given<'_>, all: &BTreeMap<&str, Given<'_>>) -> Result<(), ApiError> {
    let other = dependency.text("containerName").unwrap_or_default();
    if other == name {
        return Err(client(format!("Container '{name}' cannot depend on itself.")));
    }
    let Some(given) = all.get(other) else {
        return Err(client(format!(
            "Container '{name}' depends on container '{other}', which does not exist."
        )));
    };
    let is_essential = given.member("essential").is_none_or(|value| value == true);
    match dependency.text("condition") {
        Some("COMPLETE" | "SUCCESS") if is_essential => Err(client(
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential \
             container",
        )),
        Some("HEALTHY") if !given.says("healthCheck") => Err(client(format!(
            "Container '{name}' depends on container '{other}' to be HEALTHY, which has no health \
             check."
        ))),
        _ => Ok(()),
    }
}

/// Takes away what depends on nothing that is left, until nothing goes any more.
fn has_cycle(all: &BTreeMap<&str, Given<'_>>) -> bool {
    let mut left = all.clone();
    loop {
        let before = left.len();
        let names: Vec<&str> = left.keys().copied().collect();
        left.retain(|_, given| {
            let mut others = given.list("dependsOn").filter_map(|it| it.text("containerName"));
            others.any(|other| names.contains(&other))
        });
        if left.is_empty() || left.len() == before {
            return !left.is_empty();
        }
    }
}
