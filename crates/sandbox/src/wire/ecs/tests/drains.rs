use serde_json::{Value, json};

use super::bench::{ACCOUNT, Bench, GREEN, LISTENER, on};
use crate::model::Scope;

/// Deletes the target group, and before it the listener that forwards to it.
fn delete_group(bench: &mut Bench) {
    let scope = Scope { account: ACCOUNT.into(), region: "us-east-1".into() };
    let elb = &mut bench.cloud.region(&scope).elb;
    elb.delete_listener(LISTENER, bench.now).unwrap();
    elb.delete_target_group(GREEN).unwrap();
}

#[test]
fn a_task_set_whose_target_group_was_deleted_hangs_in_draining() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    delete_group(&mut bench);
    bench.ok("DeleteTaskSet", on(&id, json!({"force": true})));
    bench.wait(3600.0 * 3.0);
    let set = bench.task_set(&id);
    assert_eq!([&set["status"], &set["runningCount"]], [&json!("DRAINING"), &json!(0)]);
    assert!(bench.tasks("STOPPED").is_empty() && bench.tasks("RUNNING").is_empty());
}

#[test]
fn a_protected_task_keeps_its_deleted_task_set_draining_for_as_long_as_it_is_protected() {
    let mut bench = Bench::prompt();
    let id = bench.create_id(json!({}));
    bench.wait(10.0);
    let task = bench.tasks("RUNNING")[0]["taskArn"].clone();
    let protect = json!({"cluster": "main", "tasks": [task], "protectionEnabled": true,
                         "expiresInMinutes": 2880});
    bench.ok("UpdateTaskProtection", protect);
    bench.ok("DeleteTaskSet", on(&id, json!({"force": true})));
    bench.wait(2879.0 * 60.0);
    let set = bench.task_set(&id);
    assert_eq!([&set["status"], &set["runningCount"]], [&json!("DRAINING"), &json!(1)]);
    bench.wait(120.0);
    assert_eq!(bench.task_set(&id), Value::Null);
}

#[test]
fn a_token_answers_with_a_draining_task_set_and_is_forgotten_when_that_is_gone() {
    let mut bench = Bench::prompt();
    let token = json!({"clientToken": "0b7c2f5e-7a3d-4a2b-9d53-6c1b1f0e8a11"});
    let first = bench.create(token.clone());
    bench.wait(10.0);
    bench.ok("DeleteTaskSet", on(first["id"].as_str().unwrap(), json!({"force": true})));
    let again = bench.create(token.clone());
    assert_eq!([&again["id"], &again["status"]], [&first["id"], &json!("DRAINING")]);
    bench.wait(10.0);
    assert_ne!(bench.create(token)["id"], first["id"]);
}
