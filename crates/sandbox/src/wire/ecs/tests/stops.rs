use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{Bench, GREEN, on};
use crate::model::simulate::Behaviour;

/// The code, the reason and the statuses of the stopped tasks, each once.
fn stops(bench: &mut Bench) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut stops: Vec<_> = bench
        .tasks("STOPPED")
        .iter()
        .map(|task| (text(&task["stopCode"]), text(&task["stoppedReason"])))
        .collect();
    stops.sort();
    stops.dedup();
    stops
}

fn with(behaviour: Behaviour) -> (Bench, String) {
    let mut bench = Bench::prompt();
    bench.behave("web:1", behaviour);
    let id = bench.create_id(json!({}));
    (bench, id)
}

#[test]
fn an_image_that_is_not_there_fails_to_start() {
    let reason = "CannotPullContainerError: pull access denied for web";
    let (mut bench, id) =
        with(Behaviour { pull_fails: Some(reason.into()), ..Behaviour::default() });
    bench.wait(10.0);
    assert_eq!(stops(&mut bench), [("TaskFailedToStart".into(), reason.into())]);
    assert_eq!(bench.tasks("STOPPED")[0]["containers"][0]["reason"], reason);
    let set = bench.task_set(&id);
    assert_eq!([&set["stabilityStatus"], &set["runningCount"]], [&json!("STABILIZING"), &json!(0)]);
}

#[test]
fn a_program_that_ends_takes_its_task_with_it() {
    let (mut bench, _) = with(Behaviour {
        exits: Some((Duration::from_secs(1), 3)),
        healthy_after: None,
        ..Behaviour::default()
    });
    bench.wait(5.0);
    let reason = "Essential container in task exited";
    assert_eq!(stops(&mut bench), [("EssentialContainerExited".into(), reason.into())]);
    let task = bench.tasks("STOPPED")[0].clone();
    assert_eq!(task["containers"][0]["exitCode"], 3);
    assert_eq!([&task["lastStatus"], &task["containers"][0]["lastStatus"]], ["STOPPED", "STOPPED"]);
}

#[test]
fn failing_tasks_are_replaced_ever_more_slowly() {
    let (mut bench, _) = with(Behaviour {
        start_after: Duration::ZERO,
        pull_fails: Some("CannotPullContainerError".into()),
        ..Behaviour::default()
    });
    let mut count = |seconds| {
        bench.wait(seconds);
        bench.tasks("STOPPED").len()
    };
    let (minute, later) = (count(60.0), count(60.0));
    assert!((4..=14).contains(&minute), "{minute}");
    assert!(later - minute <= 4, "{minute} {later}");
}

#[test]
fn a_task_that_fails_its_target_health_is_stopped_and_replaced() {
    let (mut bench, _) = with(Behaviour { healthy_after: None, ..Behaviour::default() });
    bench.wait(30.0);
    let reason = format!("Task failed ELB health checks in (target-group {GREEN})");
    assert_eq!(stops(&mut bench), [("ServiceSchedulerInitiated".into(), reason)]);
    assert!(bench.tasks("STOPPED").len() >= 2);
}

#[test]
fn a_grace_period_lets_a_slow_program_start() {
    let slow =
        || Behaviour { healthy_after: Some(Duration::from_secs(40)), ..Behaviour::default() };
    let (mut bench, id) = with(slow());
    let grace = json!({"cluster": "main", "service": "shop", "healthCheckGracePeriodSeconds": 120});
    bench.ok("UpdateService", grace);
    bench.wait(30.0);
    assert_eq!(bench.task_set(&id)["stabilityStatus"], "STABILIZING");
    bench.wait(60.0);
    assert_eq!(bench.task_set(&id)["stabilityStatus"], "STEADY_STATE");
    assert_eq!(stops(&mut bench), []);
    let (mut hasty, _) = with(slow());
    hasty.wait(30.0);
    assert_ne!(stops(&mut hasty), []);
}

#[test]
fn scaling_in_is_no_failure() {
    let (mut bench, id) = with(Behaviour::default());
    bench.wait(10.0);
    bench.ok("UpdateTaskSet", on(&id, json!({"scale": {"value": 50.0, "unit": "PERCENT"}})));
    bench.wait(10.0);
    let reason = format!("Scaling activity initiated by (deployment {id})");
    assert_eq!(stops(&mut bench), [("ServiceSchedulerInitiated".into(), reason)]);
    assert_eq!(bench.task_set(&id)["stabilityStatus"], "STEADY_STATE");
    assert_eq!(bench.tasks("RUNNING").len(), 1);
}

#[test]
fn a_task_that_somebody_stops_is_replaced_at_once() {
    let (mut bench, id) = with(Behaviour::default());
    bench.wait(10.0);
    let arn = bench.tasks("RUNNING")[0]["taskArn"].clone();
    bench.ok("StopTask", json!({"cluster": "main", "task": arn, "reason": "try me"}));
    bench.wait(0.1);
    assert_eq!(bench.task_set(&id)["pendingCount"], 1);
    bench.wait(15.0);
    assert_eq!(stops(&mut bench), [("UserInitiated".into(), "try me".into())]);
    assert_eq!(bench.task_set(&id)["stabilityStatus"], "STEADY_STATE");
    let nobody = json!({"cluster": "main", "task": "none"});
    assert_eq!(bench.refused("StopTask", nobody).0, "InvalidParameterException");
}

#[test]
fn a_task_that_is_not_wanted_any_more_before_it_started_just_goes() {
    let (mut bench, id) =
        with(Behaviour { start_after: Duration::from_secs(60), ..Behaviour::default() });
    bench.wait(2.0);
    bench.ok("DeleteTaskSet", on(&id, json!({"force": true})));
    bench.wait(2.0);
    assert_eq!(bench.task_set(&id), Value::Null);
    bench.wait(70.0);
    assert!(bench.tasks("STOPPED").iter().all(|task| task["startedAt"].is_null()));
}
