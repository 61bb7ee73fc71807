//! Volumes, and what mounts them.

use std::collections::BTreeSet;

use super::Calls;
use super::part::{Finding, Part};

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let (volumes, containers) = (calls.task().elements("volumes"), calls.containers());
    let mut names = BTreeSet::new();
    let mut findings = Vec::new();
    for volume in &volumes {
        let twice = volume.text("name").filter(|name| !names.insert(*name));
        let twice = twice.map(|name| format!("two volumes are named `{name}`"));
        findings.extend(twice.map(|why| volume.refuse_member("name", why)));
        findings.extend(check_kind(volume));
    }
    let others: BTreeSet<&str> = containers.iter().filter_map(|it| it.text("name")).collect();
    for container in &containers {
        for mount in container.elements("mountPoints") {
            let unknown = mount.text("sourceVolume").filter(|name| !names.contains(name));
            let unknown =
                unknown.map(|name| format!("`TaskDefinition.Volumes` has no volume `{name}`"));
            findings.extend(unknown.map(|why| mount.refuse_member("sourceVolume", why)));
        }
        for from in container.elements("volumesFrom") {
            let unknown = from.text("sourceContainer").filter(|name| !others.contains(name));
            let unknown = unknown.map(|name| format!("there is no container `{name}`"));
            findings.extend(unknown.map(|why| from.refuse_member("sourceContainer", why)));
        }
    }
    findings
}

fn check_kind(volume: &Part<'_>) -> Option<Finding> {
    let instead = "leave it out for a volume that lives as long as its task, or use EFS";
    if volume.member("dockerVolumeConfiguration").is_some() {
        let why = format!("Fargate has no Docker volumes: {instead}");
        return Some(volume.refuse_member("dockerVolumeConfiguration", why));
    }
    let host = volume.member("host")?;
    host.text("sourcePath")?;
    let why = format!("Fargate has no folders of a host: {instead}");
    Some(host.refuse_member("sourcePath", why))
}
