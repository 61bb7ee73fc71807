//! Operations on task sets.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Call;
use super::include::{Include, tags_if_asked};
use super::{invalid, missing, show};
use crate::model::ApiError;
use crate::model::ecs::{
    CapacityProviderStrategyItem, Deletion, LaunchType, LoadBalancer, NetworkConfiguration,
    NewTaskSet, Scale, Tag, Tags, Template,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateTaskSet {
    cluster: String,
    service: String,
    task_definition: String,
    external_id: Option<String>,
    client_token: Option<String>,
    launch_type: Option<LaunchType>,
    #[serde(default)]
    capacity_provider_strategy: Vec<CapacityProviderStrategyItem>,
    platform_version: Option<String>,
    network_configuration: Option<NetworkConfiguration>,
    #[serde(default)]
    load_balancers: Vec<LoadBalancer>,
    #[serde(default)]
    service_registries: Vec<Value>,
    #[serde(default)]
    scale: Scale,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let mut input: CreateTaskSet = call.input(input)?;
    if input.load_balancers.len() > 1 {
        return Err(invalid("load balancers can have at most 1 items."));
    }
    if !input.service_registries.is_empty() {
        call.cloud.ignore(&call.operation, "serviceRegistries");
    }
    let new = NewTaskSet {
        external_id: input.external_id,
        client_token: input.client_token,
        template: Template {
            task_definition: input.task_definition,
            launch_type: input.launch_type,
            capacity_provider_strategy: input.capacity_provider_strategy,
            platform_version: input.platform_version,
            network: input.network_configuration,
            load_balancer: input.load_balancers.pop(),
            service_registries: input.service_registries,
        },
        scale: input.scale,
        tags: Tags::new(input.tags)?,
    };
    let id = call.place().create_task_set(&input.cluster, &input.service, new)?.id.clone();
    shown(call, &input.cluster, &input.service, &id)
}

/// The task set as the answer to its change shows it: without a lag.
fn shown(call: &mut Call<'_>, cluster: &str, service: &str, id: &str) -> Result<Value, ApiError> {
    let cluster = call.cloud.region(&call.scope).ecs.cluster(cluster)?;
    let service = cluster.service_as_it_is(service)?;
    let task_set = service.task_set(id).map(|set| {
        let mut shown = show::task_set(cluster, service, set);
        shown["tags"] = json!(set.tags);
        shown
    });
    Ok(json!({"taskSet": task_set}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdateTaskSet {
    cluster: String,
    service: String,
    task_set: String,
    scale: Scale,
}

pub(super) fn update(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let UpdateTaskSet { cluster, service, task_set, scale } = call.input(input)?;
    call.place().update_task_set(&cluster, &service, &task_set, scale)?;
    shown(call, &cluster, &service, &task_set)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdateServicePrimaryTaskSet {
    cluster: String,
    service: String,
    primary_task_set: String,
}

pub(super) fn update_primary(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let UpdateServicePrimaryTaskSet { cluster, service, primary_task_set } = call.input(input)?;
    call.place().update_service_primary_task_set(&cluster, &service, &primary_task_set)?;
    shown(call, &cluster, &service, &primary_task_set)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeleteTaskSet {
    cluster: String,
    service: String,
    task_set: String,
    #[serde(default)]
    force: bool,
}

pub(super) fn delete(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let DeleteTaskSet { cluster, service, task_set, force } = call.input(input)?;
    let deletion = if force { Deletion::Force } else { Deletion::WhenIdle };
    call.place().delete_task_set(&cluster, &service, &task_set, deletion)?;
    shown(call, &cluster, &service, &task_set)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeTaskSets {
    cluster: String,
    service: String,
    #[serde(default)]
    task_sets: Vec<String>,
    #[serde(default)]
    include: Vec<Include>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeTaskSets = call.input(input)?;
    let cluster = call.cloud.region(&call.scope).ecs.cluster(&input.cluster)?;
    let service = cluster.service(&input.service, call.now)?;
    let asked = if input.task_sets.is_empty() {
        service.task_sets.iter().map(|set| set.id.clone()).collect()
    } else {
        input.task_sets
    };
    let (mut task_sets, mut failures) = (Vec::new(), Vec::new());
    for reference in &asked {
        match service.task_set(reference) {
            Some(set) => {
                let mut shown = show::task_set(cluster, service, set);
                tags_if_asked(&mut shown, &set.tags, &input.include);
                task_sets.push(shown);
            }
            None => failures.push(missing(reference)),
        }
    }
    Ok(Value::from_iter([("taskSets", task_sets), ("failures", failures)]))
}
