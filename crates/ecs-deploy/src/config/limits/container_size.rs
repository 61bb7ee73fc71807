//! Sizes of containers within that of their task.

use super::super::size;
use super::Calls;
use super::part::{Finding, Part};

/// The least memory that Docker ever gave a container, in MiB.
const LEAST_MEMORY: i64 = 4;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let task = calls.task();
    let of_task = |text: Option<u64>| text.and_then(|size| i64::try_from(size).ok());
    let cpu = of_task(task.text("cpu").and_then(size::cpu_units));
    let memory = of_task(task.text("memory").and_then(size::mebibytes));
    let containers = calls.containers();
    let mut findings: Vec<Finding> =
        containers.iter().flat_map(|container| check_memory(container, memory)).collect();
    let sum: i64 = containers.iter().filter_map(|container| container.integer("cpu")).sum();
    if let Some(cpu) = cpu.filter(|cpu| sum > *cpu) {
        let why = format!(
            "the containers' `cpu` is {sum} together, more than the task's `CPU` of {cpu}: make it \
             less, or leave it out to share what the task has"
        );
        findings.push(task.refuse_member("cpu", why));
    }
    findings
}

fn check_memory(container: &Part<'_>, task: Option<i64>) -> Vec<Finding> {
    let hard = container.integer("memory");
    let mut findings = Vec::new();
    for name in ["memory", "memoryReservation"] {
        let Some(size) = container.integer(name) else { continue };
        if size < 0 || (1..LEAST_MEMORY).contains(&size) {
            let why = format!("it is {size}, and {LEAST_MEMORY} MiB are the least of a container");
            findings.push(container.refuse_member(name, why));
        } else if let Some(task) = task.filter(|task| size > *task) {
            let why =
                format!("it is {size}, more than the {task} MiB of the whole task (`Memory`)");
            findings.push(container.refuse_member(name, why));
        }
    }
    match (hard, container.integer("memoryReservation")) {
        (Some(hard), Some(soft)) if hard > 0 && soft > hard => {
            let why = format!("it is {soft}, more than the container's `memory` of {hard}");
            findings.push(container.refuse_member("memoryReservation", why));
        }
        _ => {}
    }
    findings
}
