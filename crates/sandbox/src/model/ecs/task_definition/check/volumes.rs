//! Volumes, and who mounts them.

use std::collections::BTreeSet;

use super::super::Registration;
use super::containers;
use super::given::Given;
use crate::model::ApiError;
use crate::model::ecs::error::{check_name, client};

/// What a volume can be of.
const KINDS: &[&str] = &[
    "host",
    "dockerVolumeConfiguration",
    "efsVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "s3filesVolumeConfiguration",
];

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    let mut names = BTreeSet::new();
    for volume in Given(&registration.members).list("volumes") {
        // AWS's API leaves a name out of what a volume requires, unless a task set configures it.
        let name = volume.text("name").unwrap_or_default();
        if !name.is_empty() || volume.says("configuredAtLaunch") {
            check_name("Volume", name).map_err(|error| client(error.message))?;
        }
        if !name.is_empty() && !names.insert(name) {
            return Err(client(format!("Volume.name contains duplicate: {name}.")));
        }
        if KINDS.iter().filter(|kind| volume.says(kind)).count() > 1 {
            return Err(client(format!("Volume '{name}' can have only one configuration.")));
        }
        volume.inside("efsVolumeConfiguration").map_or(Ok(()), efs)?;
    }
    containers(registration).try_for_each(|given| mounts(given, &names, registration))
}

/// Access points and IAM need encryption on the way, and an access point has its own root.
fn efs(volume: Given<'_>) -> Result<(), ApiError> {
    let Some(authorization) = volume.inside("authorizationConfig") else { return Ok(()) };
    let has_access_point = authorization.says("accessPointId");
    let uses_iam = authorization.text("iam") == Some("ENABLED");
    let is_encrypted = volume.text("transitEncryption") == Some("ENABLED");
    if (has_access_point || uses_iam) && !is_encrypted {
        return Err(client(
            "EFS transit encryption must be enabled when an access point or IAM authorization is used.",
        ));
    }
    if has_access_point && volume.text("rootDirectory").is_some_and(|root| root != "/") {
        return Err(client(
            "EFS root directory must be omitted or set to / when an access point is used.",
        ));
    }
    Ok(())
}

fn mounts(
    given: Given<'_>,
    volumes: &BTreeSet<&str>,
    registration: &Registration,
) -> Result<(), ApiError> {
    for mount in given.list("mountPoints") {
        let source = mount.text("sourceVolume").unwrap_or("null");
        if !volumes.contains(source) {
            return Err(client(format!("Unknown volume '{source}'.")));
        }
    }
    for from in given.list("volumesFrom") {
        let source = from.text("sourceContainer").unwrap_or("null");
        if !registration.containers.iter().any(|container| container.name == source) {
            return Err(client(format!("Unknown container '{source}'.")));
        }
    }
    Ok(())
}
