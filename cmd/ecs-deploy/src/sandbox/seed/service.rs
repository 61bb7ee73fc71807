//! Cluster, service and the first version.

use std::time::Duration;

use ecs_deploy::config::{Rendered, Target};
use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::ecs::{
    AssignPublicIp, AwsvpcConfiguration, ContainerDefinition, DeploymentController, LaunchType,
    LoadBalancer, NetworkConfiguration, NewService, NewTaskSet, Registration, Scale, Tag, Tags,
    Template,
};
use ecs_deploy_sandbox::model::{ApiError, Cloud, Time};
use serde_json::{Map, Value, json};

use super::{CONFIG_SHA, SeedError, scope_of};
use crate::sandbox::builds::FIRST;

/// How many tasks serve.
const DESIRED: u32 = 2;

/// How long a new task may fail its checks: long enough to start, short enough to see it fail.
const GRACE: Duration = Duration::from_secs(3);

/// Makes the service with the first version, PRIMARY on green.
pub(super) fn create(
    cloud: &mut Cloud,
    target: &Target,
    first: &Rendered,
) -> Result<(), SeedError> {
    let scope = scope_of(target);
    let place = &mut cloud.at(&scope, Time::default());
    let cluster = target.cluster.to_string();
    let name = cluster.rsplit('/').next().unwrap_or_default();
    place.create_cluster(name, Tags::default())?;
    let service = NewService {
        name: target.family.to_string(),
        controller: DeploymentController::External,
        desired_count: DESIRED,
        grace: GRACE,
        tags: Tags::default(),
    };
    place.create_service(name, service)?;
    let definition = place.register_task_definition(registration(target, first)?)?.arn.clone();
    let set = place.create_task_set(
        name,
        target.family.as_str(),
        task_set(target, first, definition)?,
    )?;
    let set = set.id.clone();
    place.update_service_primary_task_set(name, target.family.as_str(), &set)?;
    Ok(())
}

fn registration(target: &Target, first: &Rendered) -> Result<Registration, SeedError> {
    let containers = first.containers.iter().map(container).collect::<Result<_, _>>()?;
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(Registration {
        family: target.family.to_string(),
        network_mode: Some("awsvpc".to_owned()),
        requires_compatibilities: vec![LaunchType::Fargate],
        cpu: text(&target.cpu),
        memory: text(&target.memory),
        containers,
        tags: tags()?,
        members: members(target, first),
    })
}

/// The part of a container definition that the sandbox reads.
fn container(definition: &Value) -> Result<ContainerDefinition, ApiError> {
    serde_json::from_value(definition.clone())
        .map_err(|error| ApiError::client("ClientException", error.to_string()))
}

/// What the API shows of it.
fn members(target: &Target, first: &Rendered) -> Map<String, Value> {
    let members = json!({
        "family": target.family,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": target.cpu,
        "memory": target.memory,
        "taskRoleArn": target.task_role,
        "executionRoleArn": target.execution_role,
        "containerDefinitions": first.containers,
    });
    let mut members = members.as_object().cloned().unwrap_or_default();
    members.extend(first.task_definition.clone());
    members
}

fn task_set(target: &Target, first: &Rendered, definition: String) -> Result<NewTaskSet, ApiError> {
    let texts = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect();
    let network = AwsvpcConfiguration {
        subnets: texts(target.subnets.iter().map(AsRef::as_ref).collect()),
        security_groups: texts(target.security_groups.iter().map(AsRef::as_ref).collect()),
        assign_public_ip: AssignPublicIp::default(),
    };
    let balancer = LoadBalancer {
        target_group_arn: target.target_groups[Color::Green].to_string(),
        container_name: first.container_name.to_string(),
        container_port: first.container_port,
    };
    let template = Template {
        task_definition: definition,
        launch_type: Some(LaunchType::Fargate),
        capacity_provider_strategy: Vec::new(),
        platform_version: None,
        network: Some(NetworkConfiguration { awsvpc_configuration: network }),
        load_balancer: Some(balancer),
        service_registries: Vec::new(),
    };
    Ok(NewTaskSet {
        external_id: None,
        client_token: None,
        template,
        scale: Scale::default(),
        tags: tags()?,
    })
}

/// The tags that a deploy would have set.
fn tags() -> Result<Tags, ApiError> {
    let tag = |key: &str, value: String| Tag { key: key.to_owned(), value };
    Tags::new(vec![
        tag("config-sha", CONFIG_SHA.to_owned()),
        tag("artifact-build-number", FIRST.number().to_string()),
    ])
}
