//! Why tasks do not come up, as far as ECS and the load balancer tell.

use std::collections::BTreeMap;

use crate::cloud::{HealthState, Service, StoppedContainer, StoppedTask, TargetHealth};

/// The reason that ECS gives for a task that it stopped because fewer are wanted.
const SCALING: &str = "Scaling activity initiated by";

/// How many reasons are told, and how many of the service's events are looked through.
const MOST: usize = 4;

/// Whether a stopped task counts as failed.
pub(super) fn is_failure(task: &StoppedTask) -> bool {
    match task.stop_code.as_deref() {
        Some("TaskFailedToStart" | "EssentialContainerExited") => true,
        Some("ServiceSchedulerInitiated") => {
            !task.stopped_reason.as_deref().unwrap_or_default().starts_with(SCALING)
        }
        _ => false,
    }
}

/// The reasons, the most telling first, each once.
pub(super) fn tell(
    failed: &[StoppedTask],
    targets: Option<&[TargetHealth]>,
    service: &Service,
) -> Vec<String> {
    let mut reasons = counted(failed.iter().map(of_task));
    reasons.extend(counted(targets.unwrap_or_default().iter().filter_map(of_target)));
    if reasons.is_empty() {
        let placed = |event: &&String| event.contains("unable to place a task");
        reasons.extend(service.events.iter().find(placed).cloned());
    }
    if failed.iter().any(is_health_check) && service.health_check_grace_period.is_zero() {
        reasons.push(
            "the service's healthCheckGracePeriodSeconds is 0: a slow start is killed by it".into(),
        );
    }
    reasons.truncate(MOST);
    reasons
}

/// The same words once, with how often, the most frequent first.
fn counted(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts = BTreeMap::<String, usize>::new();
    words.for_each(|words| *counts.entry(words).or_default() += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
        .into_iter()
        .map(|(words, count)| if count > 1 { format!("{count}× {words}") } else { words })
        .collect()
}

fn of_task(task: &StoppedTask) -> String {
    let code = task.stop_code.as_deref().unwrap_or("stopped");
    let reason = task.stopped_reason.as_deref().unwrap_or("no reason given");
    let mut words = format!("{code}: {reason}");
    for container in &task.containers {
        // ECS gives a container's reason as the task's, too.
        if !container.reason.as_ref().is_some_and(|reason| words.contains(reason)) {
            words.push_str(&of_container(container));
        }
    }
    words
}

fn of_container(container: &StoppedContainer) -> String {
    match (&container.exit_code, &container.reason) {
        (Some(0) | None, None) => String::new(),
        (Some(code), None) => format!("; container {} exited with {code}", container.name),
        (None, Some(reason)) => format!("; container {}: {reason}", container.name),
        (Some(code), Some(reason)) => {
            format!("; container {} exited with {code}: {reason}", container.name)
        }
    }
}

fn of_target(target: &TargetHealth) -> Option<String> {
    if matches!(target.state, HealthState::Healthy | HealthState::Draining) {
        return None;
    }
    let reason = target.reason.as_deref()?;
    let description = target.description.as_deref().unwrap_or_default();
    Some(format!("target {reason}: {description}"))
}

fn is_health_check(task: &StoppedTask) -> bool {
    task.stopped_reason.as_deref().is_some_and(|reason| reason.contains("ELB health checks"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stopped(code: &str, reason: &str) -> StoppedTask {
        StoppedTask {
            arn: "arn".into(),
            stop_code: Some(code.into()),
            stopped_reason: Some(reason.into()),
            containers: Vec::new(),
        }
    }

    #[test]
    fn a_task_that_scaling_ended_has_not_failed() {
        let scaled = "Scaling activity initiated by (deployment ecs-svc/1)";
        assert!(!is_failure(&stopped("ServiceSchedulerInitiated", scaled)));
        assert!(!is_failure(&stopped("UserInitiated", "stopped by a person")));
        assert!(!is_failure(&stopped("SpotInterruption", "spot")));
    }

    #[test]
    fn failing_starts_exits_and_health_checks_count() {
        assert!(is_failure(&stopped("TaskFailedToStart", "no image")));
        assert!(is_failure(&stopped("EssentialContainerExited", "exited")));
        let unhealthy = "Task failed ELB health checks in (target-group x)";
        assert!(is_failure(&stopped("ServiceSchedulerInitiated", unhealthy)));
    }

    #[test]
    fn the_same_reason_is_told_once_with_its_count() {
        let words = ["b", "a", "b"].map(String::from);
        assert_eq!(counted(words.into_iter()), ["2× b", "a"]);
    }
}
