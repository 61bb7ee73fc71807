//! The operations of ECS.

mod clusters;
mod include;
mod page;
mod protection;
mod services;
mod show;
mod tags;
mod task_definitions;
mod task_sets;
mod tasks;

use serde_json::{Value, json};

use super::Operation;
use crate::model::ApiError;

/// Members that would change what a call leads to and are not built here.
pub(super) const REFUSED: &[&str] = &[
    "*.deploymentConfiguration.alarms",
    "*.deploymentConfiguration.bakeTimeInMinutes",
    "*.deploymentConfiguration.canaryConfiguration",
    "*.deploymentConfiguration.deploymentCircuitBreaker",
    "*.deploymentConfiguration.earlySuccessCriteria",
    "*.deploymentConfiguration.lifecycleHooks",
    "*.deploymentConfiguration.linearConfiguration",
    "*.deploymentConfiguration.strategy",
    "*.gatewayConnectors",
    "*.placementConstraints",
    "*.placementStrategy",
    "*.volumeConfigurations",
    "*.vpcLatticeConfigurations",
    "CreateCluster.defaultCapacityProviderStrategy",
    "CreateTaskSet.loadBalancers.advancedConfiguration",
    "CreateTaskSet.loadBalancers.loadBalancerName",
    "ListServices.launchType",
    "ListServices.resourceManagementType",
    "ListServices.schedulingStrategy",
    "ListTasks.containerInstance",
    "ListTasks.daemonName",
    "ListTasks.launchType",
    "RegisterTaskDefinition.containerDefinitions.restartPolicy.enabled",
    "RegisterTaskDefinition.inferenceAccelerators",
    "UpdateService.deploymentController",
];

/// The operations, and what answers each.
pub(super) const OPERATIONS: &[Operation] = &[
    ("CreateCluster", clusters::create),
    ("DescribeClusters", clusters::describe),
    ("ListClusters", clusters::list),
    ("CreateService", services::create),
    ("UpdateService", services::update),
    ("DeleteService", services::delete),
    ("DescribeServices", services::describe),
    ("ListServices", services::list),
    ("RegisterTaskDefinition", task_definitions::register),
    ("DeregisterTaskDefinition", task_definitions::deregister),
    ("DescribeTaskDefinition", task_definitions::describe),
    ("ListTaskDefinitions", task_definitions::list),
    ("CreateTaskSet", task_sets::create),
    ("UpdateTaskSet", task_sets::update),
    ("UpdateServicePrimaryTaskSet", task_sets::update_primary),
    ("DeleteTaskSet", task_sets::delete),
    ("DescribeTaskSets", task_sets::describe),
    ("ListTasks", tasks::list),
    ("DescribeTasks", tasks::describe),
    ("UpdateTaskProtection", protection::update),
    ("GetTaskProtection", protection::get),
    ("StopTask", tasks::stop),
    ("ListTagsForResource", tags::list),
    ("TagResource", tags::add),
    ("UntagResource", tags::remove),
];

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
