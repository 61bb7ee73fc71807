//! Containers by themselves: their names, images and environments.

use std::collections::BTreeSet;

use super::super::Registration;
use super::containers;
use super::given::Given;
use crate::model::ApiError;
use crate::model::ecs::error::{check_name, client};

/// How many containers a task has at most.
const MOST: usize = 10;

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    let all = &registration.containers;
    if all.is_empty() {
        return Err(client("Container list cannot be empty."));
    }
    if all.len() > MOST {
        return Err(client("Too many containers."));
    }
    let mut names = BTreeSet::new();
    for container in all {
        check_name("Container", &container.name).map_err(|error| client(error.message))?;
        image(&container.image)?;
        if !names.insert(container.name.as_str()) {
            return Err(client(format!("Container.name contains duplicate: {}.", container.name)));
        }
    }
    if !all.iter().any(|container| container.essential) {
        return Err(client("At least one container must be essential."));
    }
    containers(registration).try_for_each(environment)?;
    secrets_have_a_role(registration)
}

fn image(image: &str) -> Result<(), ApiError> {
    if image.is_empty() {
        return Err(client("Container.image should not be null or empty."));
    }
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:./#@".contains(&byte);
    if !image.bytes().all(good) {
        return Err(client("Container.image contains invalid characters."));
    }
    let repository = image.split_once('@').map_or(image, |(repository, _)| repository);
    if repository.len() > 255 {
        return Err(client("Container.image repository should be 255 characters or less."));
    }
    Ok(())
}

/// The name of a container.
pub(super) fn name(given: Given<'_>) -> &str {
    given.text("name").unwrap_or_default()
}

/// A name stands for one value.
fn environment(given: Given<'_>) -> Result<(), ApiError> {
    let mut taken: BTreeSet<&str> =
        given.list("environment").filter_map(|variable| variable.text("name")).collect();
    for secret in given.list("secrets").filter_map(|secret| secret.text("name")) {
        if !taken.insert(secret) {
            return Err(client(format!(
                "The secret name must be unique and not shared with any new or existing environment \
                 variables set on the container, such as '{secret}'."
            )));
        }
    }
    Ok(())
}

fn secrets_have_a_role(registration: &Registration) -> Result<(), ApiError> {
    let has_role = Given(&registration.members).says("executionRoleArn");
    if !has_role && containers(registration).any(|given| given.says("secrets")) {
        return Err(client(
            "When you are specifying container secrets, you must also specify a value for \
             'executionRoleArn'.",
        ));
    }
    Ok(())
}
