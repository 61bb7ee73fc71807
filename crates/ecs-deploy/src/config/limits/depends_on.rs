//! What containers wait for.

use std::collections::BTreeMap;

use super::Calls;
use super::part::{Finding, Part};

/// Containers by name.
type Containers<'a> = BTreeMap<&'a str, Part<'a>>;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let named = calls.containers().into_iter().filter_map(|part| Some((part.text("name")?, part)));
    let all: Containers<'_> = named.collect();
    let containers = calls.containers();
    let mut findings: Vec<Finding> = Vec::new();
    for container in &containers {
        for dependency in container.elements("dependsOn") {
            findings.extend(check_dependency(container, &dependency, &all));
        }
    }
    if findings.is_empty() {
        findings.extend(containers.iter().find_map(|container| check_circle(container, &all)));
    }
    findings
}

fn check_dependency(
    container: &Part<'_>,
    dependency: &Part<'_>,
    all: &Containers<'_>,
) -> Option<Finding> {
    let name = dependency.text("containerName")?;
    if container.text("name") == Some(name) {
        return Some(dependency.refuse("the container waits for itself"));
    }
    let Some(other) = all.get(name) else {
        let why = format!("there is no container `{name}`");
        return Some(dependency.refuse_member("containerName", why));
    };
    match dependency.text("condition") {
        Some("HEALTHY") if other.member("healthCheck").is_none() => {
            let why = format!(
                "`{name}` has no `healthCheck`, so it never is HEALTHY to ECS: give it one"
            );
            Some(dependency.refuse_member("condition", why))
        }
        Some("COMPLETE" | "SUCCESS") if other.boolean("essential") != Some(false) => {
            let why = format!(
                "`{name}` is essential, so its end would be the task's: set its `essential` to false"
            );
            Some(dependency.refuse_member("condition", why))
        }
        _ => dependency.one_of("condition", &["START", "COMPLETE", "SUCCESS", "HEALTHY"]),
    }
}

/// Whether a container comes before itself by way of others.
fn check_circle(container: &Part<'_>, all: &Containers<'_>) -> Option<Finding> {
    let own = container.text("name")?;
    let mut behind = vec![container.clone()];
    let mut seen: Vec<&str> = Vec::new();
    while let Some(next) = behind.pop() {
        for dependency in next.elements("dependsOn") {
            let Some(name) = dependency.text("containerName") else { continue };
            if name == own {
                let why = format!("`{own}` waits for containers that wait for it");
                return Some(container.refuse_member("dependsOn", why));
            }
            if let Some(other) = all.get(name).filter(|_| !seen.contains(&name)) {
                seen.push(name);
                behind.push(other.clone());
            }
        }
    }
    None
}
