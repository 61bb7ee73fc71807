//! What `RegisterTaskDefinition` takes and what it refuses: each rule with an input of either kind.

mod containers;
mod fargate;
mod logs;
mod network;
mod sizes;
mod task;
mod volumes;

use serde_json::{Value, json};

use super::bench::{Bench, merged, task_definition};

/// The message of the refusal.
fn refused(input: Value) -> String {
    let (code, message) = Bench::new().refused("RegisterTaskDefinition", input);
    assert_eq!(code, "ClientException", "{message}");
    message
}

fn taken(input: Value) {
    Bench::new().ok("RegisterTaskDefinition", input);
}

/// A task definition for Fargate.
fn task(change: Value) -> Value {
    let base = task_definition("web:1");
    merged(merged(base, json!({"executionRoleArn": "arn:aws:iam::111111111111:role/x"})), change)
}

/// One that does not ask for Fargate.
fn elsewhere(change: Value) -> Value {
    let base = json!({"requiresCompatibilities": null, "networkMode": "bridge"});
    merged(task(base), change)
}

/// The container of the task definition.
fn web(change: Value) -> Value {
    merged(json!({"name": "web", "image": "web:1"}), change)
}

/// A container beside it, which is not essential.
fn side(change: Value) -> Value {
    merged(json!({"name": "side", "image": "side:1", "essential": false}), change)
}

fn of(containers: &[Value]) -> Value {
    json!({"containerDefinitions": containers})
}

/// The task definition with one container.
fn one(change: Value) -> Value {
    task(of(&[web(change)]))
}

/// Not for Fargate, with one container.
fn one_elsewhere(change: Value) -> Value {
    elsewhere(of(&[web(change)]))
}
