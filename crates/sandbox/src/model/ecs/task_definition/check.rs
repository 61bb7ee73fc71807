//! What ECS refuses to register, one theme a file.

mod container;
mod depends;
mod fargate;
mod given;
mod health;
mod kinds;
mod logs;
mod network;
mod ports;
mod size;
mod task;
mod volumes;
mod words;

use serde_json::Value;

use self::given::Given;
use super::Registration;
use crate::model::ApiError;
use crate::model::ecs::LaunchType;
use crate::model::ecs::error::{check_name, client};

pub(super) fn registration(registration: &Registration) -> Result<(), ApiError> {
    kinds::check(Given(&registration.members))?;
    check_name("Family", &registration.family).map_err(|error| client(error.message))?;
    container::check(registration)?;
    words::check(Given(&registration.members))?;
    task::check(registration)?;
    network::check(registration)?;
    ports::check(registration)?;
    size::check(registration)?;
    volumes::check(registration)?;
    health::check(registration)?;
    depends::check(registration)?;
    logs::check(registration)?;
    if registration.requires_compatibilities.contains(&LaunchType::Fargate) {
        fargate::check(registration)
    } else {
        size::outside_fargate(registration)
    }
}

/// Whether Fargate could run it, although it may not ask for that.
pub(super) fn suits_fargate(registration: &Registration) -> bool {
    fargate::check(registration).is_ok()
}

/// The containers as they were given.
fn containers(registration: &Registration) -> impl Iterator<Item = Given<'_>> {
    let list = registration.members.get("containerDefinitions").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object).map(Given)
}
