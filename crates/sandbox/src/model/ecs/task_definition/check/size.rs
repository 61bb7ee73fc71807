//! What the task and its containers ask of a machine.

use super::super::Registration;
use super::given::Given;
use super::{container, containers};
use crate::model::ApiError;
use crate::model::ecs::error::client;
use crate::model::ecs::{ContainerDefinition, fargate};

/// The CPU units that a task outside Fargate can ask for.
const CPU: std::ops::RangeInclusive<u32> = 128..=196_608;

/// Docker gives a container no less, in MiB.
const LEAST_MEMORY: u32 = 4;

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    let cpu = task_size("cpu", registration.cpu.as_deref(), fargate::cpu)?;
    let memory = task_size("memory", registration.memory.as_deref(), fargate::memory)?;
    for it in &registration.containers {
        container_memory(it)?;
        within_task(it, memory)?;
    }
    let given = containers(registration).map(container_cpu).sum::<Result<i64, _>>()?;
    if cpu.is_some_and(|cpu| given > i64::from(cpu)) {
        return Err(client(
            "The sum of all container 'cpu' values cannot be greater than the value of the task \
             'cpu'.",
        ));
    }
    Ok(())
}

/// The CPU of a task that runs elsewhere than on Fargate, which has sizes of its own.
pub(super) fn outside_fargate(registration: &Registration) -> Result<(), ApiError> {
    match registration.cpu.as_deref().and_then(fargate::cpu) {
        Some(cpu) if !CPU.contains(&cpu) => Err(client("Invalid 'cpu' setting for task.")),
        _ => memory_somewhere(registration),
    }
}

fn task_size(
    what: &str,
    given: Option<&str>,
    units: impl Fn(&str) -> Option<u32>,
) -> Result<Option<u32>, ApiError> {
    let size = given.filter(|text| !text.is_empty()).map(|text| {
        units(text)
            .filter(|units| *units > 0)
            .ok_or_else(|| client(format!("Invalid '{what}' setting for task.")))
    });
    size.transpose()
}

fn container_memory(it: &ContainerDefinition) -> Result<(), ApiError> {
    let ContainerDefinition { name, memory, memory_reservation, .. } = it;
    for (what, value) in [("memory", memory), ("memoryReservation", memory_reservation)] {
        if value.is_some_and(|value| (1..LEAST_MEMORY).contains(&value)) {
            return Err(client(format!(
                "Invalid setting for container '{name}'. '{what}' must be at least {LEAST_MEMORY}."
            )));
        }
    }
    match (memory, memory_reservation) {
        (Some(memory), Some(reservation)) if *memory > 0 && reservation > memory => {
            Err(client(format!(
                "Invalid setting for container '{name}'. 'memory' must be greater than \
                 'memoryReservation'."
            )))
        }
        _ => Ok(()),
    }
}

fn within_task(it: &ContainerDefinition, task: Option<u32>) -> Result<(), ApiError> {
    let Some(task) = task else { return Ok(()) };
    for (what, value) in [("memory", it.memory), ("memoryReservation", it.memory_reservation)] {
        if value.is_some_and(|value| value > task) {
            return Err(client(format!(
                "The '{what}' setting for container '{}' is greater than for the task.",
                it.name
            )));
        }
    }
    Ok(())
}

fn container_cpu(given: Given<'_>) -> Result<i64, ApiError> {
    match given.number("cpu").unwrap_or_default() {
        cpu if cpu < 0 => Err(client(format!(
            "Invalid 'cpu' setting for container '{}'.",
            container::name(given)
        ))),
        cpu => Ok(cpu),
    }
}

fn memory_somewhere(registration: &Registration) -> Result<(), ApiError> {
    let has = |value: Option<u32>| value.is_some_and(|value| value > 0);
    let unbounded = registration
        .containers
        .iter()
        .find(|container| !has(container.memory) && !has(container.memory_reservation));
    let of_task = registration.memory.as_ref().is_some_and(|memory| !memory.is_empty());
    match unbounded {
        Some(container) if !of_task => Err(client(format!(
            "Invalid setting for container '{}'. At least one of 'memory' or 'memoryReservation' must \
             be specified.",
            container.name
        ))),
        _ => Ok(()),
    }
}
