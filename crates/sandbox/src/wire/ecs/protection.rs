//! Operations on the scale-in protection of tasks.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Call;
use super::{default_cluster, missing};
use crate::model::ecs::{Protection, Task};
use crate::model::{ApiError, Time};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdateTaskProtection {
    #[serde(default = "default_cluster")]
    cluster: String,
    tasks: Vec<String>,
    protection_enabled: bool,
    expires_in_minutes: Option<u64>,
}

impl UpdateTaskProtection {
    fn protection(&self) -> Protection {
        match (self.protection_enabled, self.expires_in_minutes) {
            (false, _) => Protection::Off,
            (true, None) => Protection::DEFAULT,
            (true, Some(minutes)) => {
                Protection::For(Duration::from_secs(minutes.saturating_mul(60)))
            }
        }
    }
}

pub(super) fn update(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: UpdateTaskProtection = call.input(input)?;
    for task in &input.tasks {
        call.place().protect_task(&input.cluster, task, input.protection())?;
    }
    told(call, &input.cluster, &input.tasks)
}

#[derive(Deserialize)]
struct GetTaskProtection {
    #[serde(default = "default_cluster")]
    cluster: String,
    #[serde(default)]
    tasks: Vec<String>,
}

pub(super) fn get(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: GetTaskProtection = call.input(input)?;
    told(call, &input.cluster, &input.tasks)
}

fn told(call: &mut Call<'_>, cluster: &str, tasks: &[String]) -> Result<Value, ApiError> {
    let now = call.now;
    let cluster = call.cloud.region(&call.scope).ecs.cluster(cluster)?;
    let (mut protected, mut failures) = (Vec::new(), Vec::new());
    for reference in tasks {
        match cluster.task(reference) {
            Some(task) => protected.push(show(task, now)),
            None => failures.push(missing(reference)),
        }
    }
    Ok(json!({"protectedTasks": protected, "failures": failures}))
}

fn show(task: &Task, now: Time) -> Value {
    let until = task.protected_until(now);
    let mut shown = json!({"taskArn": task.arn, "protectionEnabled": until.is_some()});
    if let Some(until) = until {
        shown["expirationDate"] = json!(until.epoch_seconds());
    }
    shown
}
