//! Operations on task definitions.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::Call;
use super::include::{Include, tags_if_asked};
use super::page::page;
use super::{invalid, show};
use crate::model::ApiError;
use crate::model::ecs::{
    ContainerDefinition, LaunchType, Registration, Tag, Tags, TaskDefinitionStatus,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegisterTaskDefinition {
    #[serde(default)]
    family: String,
    network_mode: Option<String>,
    #[serde(default)]
    requires_compatibilities: Vec<LaunchType>,
    cpu: Option<String>,
    memory: Option<String>,
    #[serde(default)]
    container_definitions: Vec<ContainerDefinition>,
    #[serde(default)]
    tags: Vec<Tag>,
}

pub(super) fn register(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let members = members(&input);
    // What is not read here has no effect, but is kept and shown: it is noted as ignored all the same.
    let input: RegisterTaskDefinition = call.input(input)?;
    let registration = Registration {
        family: input.family,
        network_mode: input.network_mode,
        requires_compatibilities: input.requires_compatibilities,
        cpu: input.cpu,
        memory: input.memory,
        containers: input.container_definitions,
        tags: Tags::new(input.tags)?,
        members,
    };
    let mut place = call.place();
    let definition = place.register_task_definition(registration)?;
    Ok(json!({"taskDefinition": show::task_definition(definition), "tags": definition.tags}))
}

fn members(input: &Value) -> Map<String, Value> {
    let mut members = input.as_object().cloned().unwrap_or_default();
    members.remove("tags");
    members
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeregisterTaskDefinition {
    task_definition: String,
}

pub(super) fn deregister(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DeregisterTaskDefinition = call.input(input)?;
    let mut place = call.place();
    let definition = place.deregister_task_definition(&input.task_definition)?;
    Ok(json!({"taskDefinition": show::task_definition(definition)}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeTaskDefinition {
    task_definition: String,
    #[serde(default)]
    include: Vec<Include>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeTaskDefinition = call.input(input)?;
    let definitions = &call.cloud.region(&call.scope).ecs.task_definitions;
    let definition = definitions.get(&input.task_definition).ok_or_else(|| {
        ApiError::client("ClientException", "Unable to describe task definition.")
    })?;
    let mut answer = json!({"taskDefinition": show::task_definition(definition)});
    tags_if_asked(&mut answer, &definition.tags, &input.include);
    Ok(answer)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListTaskDefinitions {
    family_prefix: Option<String>,
    status: Option<String>,
    #[serde(default)]
    sort: Sort,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Sort {
    #[default]
    Asc,
    Desc,
}

pub(super) fn list(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ListTaskDefinitions = call.input(input)?;
    let status = status(input.status.as_deref())?;
    let definitions = &call.cloud.region(&call.scope).ecs.task_definitions;
    // The member is called a prefix, but ECS takes it for the whole name of the family.
    let family = input.family_prefix.as_deref();
    let mut arns: Vec<String> = definitions
        .iter()
        .filter(|it| it.status == status && family.is_none_or(|name| name == it.registered.family))
        .map(|it| it.arn.clone())
        .collect();
    if matches!(input.sort, Sort::Desc) {
        arns.reverse();
    }
    page("taskDefinitionArns", arns, input.max_results, input.next_token)
}

fn status(name: Option<&str>) -> Result<TaskDefinitionStatus, ApiError> {
    match name {
        None | Some("ACTIVE") => Ok(TaskDefinitionStatus::Active),
        Some("INACTIVE") => Ok(TaskDefinitionStatus::Inactive),
        Some(other) => Err(invalid(format!("Invalid status: {other}."))),
    }
}
