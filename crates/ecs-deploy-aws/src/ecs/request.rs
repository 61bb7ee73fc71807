//! The longer requests to ECS.

use std::collections::BTreeMap;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::error::BuildError;
use aws_sdk_ecs::operation::create_task_set::builders::CreateTaskSetFluentBuilder;
use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionFluentBuilder;
use aws_sdk_ecs::types::{
    AssignPublicIp, AwsVpcConfiguration, Compatibility, LaunchType, LoadBalancer,
    NetworkConfiguration, NetworkMode, Scale, ScaleUnit, Tag,
};
use ecs_deploy::cloud::{NewTaskSet, ServiceRef, TaskDefinition};

/// Everything of a revision but what is sent as it was read.
pub(super) fn register(
    client: &Client,
    definition: &TaskDefinition,
) -> RegisterTaskDefinitionFluentBuilder {
    client
        .register_task_definition()
        .family(definition.family.as_str())
        .requires_compatibilities(Compatibility::Fargate)
        .network_mode(NetworkMode::Awsvpc)
        .cpu(&definition.cpu)
        .memory(&definition.memory)
        .task_role_arn(definition.task_role.as_str())
        .execution_role_arn(definition.execution_role.as_str())
        .set_tags(tags(&definition.tags))
}

/// Everything of a task set but what is sent as it was read.
pub(super) fn create_task_set(
    client: &Client,
    service: &ServiceRef,
    set: &NewTaskSet,
) -> Result<CreateTaskSetFluentBuilder, BuildError> {
    Ok(client
        .create_task_set()
        .cluster(service.cluster.as_str())
        .service(service.service.as_str())
        .external_id(&set.token)
        .client_token(&set.token)
        .task_definition(set.task_definition.to_string())
        .set_launch_type((!set.has_strategy()).then_some(LaunchType::Fargate))
        .scale(percent(100))
        .network_configuration(network(set)?)
        .load_balancers(balancer(set))
        .set_tags(tags(&set.tags)))
}

pub(super) fn percent(percent: u8) -> Scale {
    Scale::builder().value(percent.into()).unit(ScaleUnit::Percent).build()
}

fn network(set: &NewTaskSet) -> Result<NetworkConfiguration, BuildError> {
    let vpc = AwsVpcConfiguration::builder()
        .set_subnets(Some(set.subnets.iter().map(ToString::to_string).collect()))
        .set_security_groups(Some(set.security_groups.iter().map(ToString::to_string).collect()))
        .set_assign_public_ip(set.assign_public_ip.as_deref().map(AssignPublicIp::from))
        .build()?;
    Ok(NetworkConfiguration::builder().awsvpc_configuration(vpc).build())
}

fn balancer(set: &NewTaskSet) -> LoadBalancer {
    LoadBalancer::builder()
        .target_group_arn(set.target_group.to_string())
        .container_name(&set.container_name)
        .container_port(set.container_port.into())
        .build()
}

fn tags(tags: &BTreeMap<String, String>) -> Option<Vec<Tag>> {
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}
