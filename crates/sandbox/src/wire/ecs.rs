//! The operations of ECS.

mod clusters;
mod page;
mod protection;
mod services;
mod show;
mod tags;
mod task_definitions;
mod task_sets;
mod tasks;

use serde_json::{Value, json};

use super::Call;
use crate::model::ApiError;

/// Answers one call.
pub(super) fn call(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    match call.operation.as_str() {
        "CreateCluster" => clusters::create(call, input),
        "DescribeClusters" => clusters::describe(call, input),
        "ListClusters" => clusters::list(call, input),
        "CreateService" => services::create(call, input),
        "UpdateService" => services::update(call, input),
        "DeleteService" => services::delete(call, input),
        "DescribeServices" => services::describe(call, input),
        "ListServices" => services::list(call, input),
        "RegisterTaskDefinition" => task_definitions::register(call, input),
        "DeregisterTaskDefinition" => task_definitions::deregister(call, input),
        "DescribeTaskDefinition" => task_definitions::describe(call, input),
        "ListTaskDefinitions" => task_definitions::list(call, input),
        "CreateTaskSet" => task_sets::create(call, input),
        "UpdateTaskSet" => task_sets::update(call, input),
        "UpdateServicePrimaryTaskSet" => task_sets::update_primary(call, input),
        "DeleteTaskSet" => task_sets::delete(call, input),
        "DescribeTaskSets" => task_sets::describe(call, input),
        "ListTasks" => tasks::list(call, input),
        "DescribeTasks" => tasks::describe(call, input),
        "UpdateTaskProtection" => protection::update(call, input),
        "GetTaskProtection" => protection::get(call, input),
        "StopTask" => tasks::stop(call, input),
        "ListTagsForResource" => tags::list(call, input),
        "TagResource" => tags::add(call, input),
        "UntagResource" => tags::remove(call, input),
        _ => Err(call.unknown_operation()),
    }
}

/// The cluster that a call means when it names none.
fn default_cluster() -> String {
    "default".to_owned()
}

/// A `failures` entry: what was asked for is not there.
fn missing(arn: &str) -> Value {
    json!({"arn": arn, "reason": "MISSING"})
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("InvalidParameterException", message)
}

#[cfg(test)]
mod tests;
