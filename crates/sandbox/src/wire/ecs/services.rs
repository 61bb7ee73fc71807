//! Operations on services.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::Call;
use super::include::{Include, tags_if_asked};
use super::page::page;
use super::{default_cluster, invalid, missing, show};
use crate::model::ApiError;
use crate::model::ecs::{
    Deletion, DeploymentController, NewService, ServiceChange, ServiceStatus, Tag, Tags,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateService {
    #[serde(default = "default_cluster")]
    cluster: String,
    service_name: String,
    #[serde(default)]
    deployment_controller: Controller,
    desired_count: Option<u32>,
    #[serde(default)]
    health_check_grace_period_seconds: u64,
    scheduling_strategy: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Default, Deserialize)]
struct Controller {
    #[serde(rename = "type")]
    kind: DeploymentController,
}

/// Members that belong to the task sets of an EXTERNAL service, not to the service.
const OF_TASK_SETS: [&str; 9] = [
    "taskDefinition",
    "loadBalancers",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "serviceRegistries",
    "forceNewDeployment",
];

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: CreateService = call.input(input)?;
    if input.deployment_controller.kind == DeploymentController::External {
        refuse_members_of_task_sets(&input.others)?;
    }
    if input.scheduling_strategy.is_some_and(|strategy| strategy != "REPLICA") {
        return Err(invalid("This local AWS has the scheduling strategy REPLICA only."));
    }
    note_others(call, &input.others);
    let new = NewService {
        name: input.service_name,
        controller: input.deployment_controller.kind,
        desired_count: input.desired_count.unwrap_or_default(),
        grace: Duration::from_secs(input.health_check_grace_period_seconds),
        tags: Tags::new(input.tags)?,
    };
    let name = new.name.clone();
    call.place().create_service(&input.cluster, new)?;
    shown(call, &input.cluster, &name)
}

fn refuse_members_of_task_sets(others: &Map<String, Value>) -> Result<(), ApiError> {
    let given = OF_TASK_SETS.iter().find(|name| {
        others
            .get(**name)
            .is_some_and(|value| !matches!(value.as_array(), Some(list) if list.is_empty()))
    });
    match given {
        Some(name) => Err(invalid(format!(
            "{name} can not be given for a service with an EXTERNAL deployment controller: it \
             belongs to its task sets."
        ))),
        None => Ok(()),
    }
}

fn note_others(call: &mut Call<'_>, others: &Map<String, Value>) {
    for name in others.keys() {
        call.cloud.ignore(&call.operation, name);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdateService {
    #[serde(default = "default_cluster")]
    cluster: String,
    service: String,
    desired_count: Option<u32>,
    health_check_grace_period_seconds: Option<u64>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

pub(super) fn update(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: UpdateService = call.input(input)?;
    refuse_members_of_task_sets(&input.others)?;
    note_others(call, &input.others);
    let change = ServiceChange {
        desired_count: input.desired_count,
        grace: input.health_check_grace_period_seconds.map(Duration::from_secs),
    };
    call.place().update_service(&input.cluster, &input.service, change)?;
    shown(call, &input.cluster, &input.service)
}

#[derive(Deserialize)]
struct DeleteService {
    #[serde(default = "default_cluster")]
    cluster: String,
    service: String,
    #[serde(default)]
    force: bool,
}

pub(super) fn delete(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DeleteService = call.input(input)?;
    let deletion = if input.force { Deletion::Force } else { Deletion::WhenIdle };
    call.place().delete_service(&input.cluster, &input.service, deletion)?;
    shown(call, &input.cluster, &input.service)
}

/// The service as the answer to its change shows it: without a lag.
fn shown(call: &mut Call<'_>, cluster: &str, service: &str) -> Result<Value, ApiError> {
    let cluster = call.cloud.region(&call.scope).ecs.cluster(cluster)?;
    Ok(json!({"service": show::service(cluster, cluster.service_as_it_is(service)?)}))
}

#[derive(Deserialize)]
struct DescribeServices {
    #[serde(default = "default_cluster")]
    cluster: String,
    services: Vec<String>,
    #[serde(default)]
    include: Vec<Include>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeServices = call.input(input)?;
    if input.services.is_empty() || input.services.len() > 10 {
        return Err(invalid("Services must have 1 to 10 entries."));
    }
    let cluster = call.cloud.region(&call.scope).ecs.cluster(&input.cluster)?;
    let (mut services, mut failures) = (Vec::new(), Vec::new());
    for reference in &input.services {
        match cluster.service(reference, call.now) {
            Ok(service) => {
                let mut shown = show::service(cluster, service);
                tags_if_asked(&mut shown, &service.tags, &input.include);
                services.push(shown);
            }
            Err(_) => {
                let arn = call.scope.arn("ecs", &format!("service/{}/{reference}", cluster.name));
                failures.push(missing(if reference.starts_with("arn:") {
                    reference
                } else {
                    &arn
                }));
            }
        }
    }
    Ok(Value::from_iter([("services", services), ("failures", failures)]))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListServices {
    #[serde(default = "default_cluster")]
    cluster: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

pub(super) fn list(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ListServices = call.input(input)?;
    let cluster = call.cloud.region(&call.scope).ecs.cluster(&input.cluster)?;
    let active = cluster.services().filter(|service| service.status != ServiceStatus::Inactive);
    let arns = active.map(|service| service.arn.clone()).collect();
    page("serviceArns", arns, input.max_results.or(Some(10)), input.next_token)
}
