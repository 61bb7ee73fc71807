//! What ECS answers, in the words of the port.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::types::{self, StabilityStatus, Tag};
use ecs_deploy::cloud::{CloudError, LatestTaskDefinition, Service, TaskSet, TaskSetStatus};

use super::{DESCRIBE_SERVICES, DESCRIBE_TASK_DEFINITION};
use crate::error::odd_answer;

pub(super) fn service(service: &types::Service) -> Result<Service, CloudError> {
    let sets = service.task_sets().iter();
    Ok(Service {
        status: service.status().unwrap_or_default().to_owned(),
        deployment_controller: controller(service),
        desired_count: count(service.desired_count()),
        task_sets: sets.map(|set| task_set(DESCRIBE_SERVICES, set)).collect::<Result<_, _>>()?,
        health_check_grace_period: Duration::from_secs(
            count(service.health_check_grace_period_seconds().unwrap_or_default()).into(),
        ),
        events: service.events().iter().filter_map(|event| event.message.clone()).collect(),
    })
}

/// ECS leaves the controller out where it is its own.
fn controller(service: &types::Service) -> String {
    let controller = service.deployment_controller();
    controller.map_or("ECS", |controller| controller.r#type().as_str()).to_owned()
}

pub(super) fn task_set(action: &'static str, set: &types::TaskSet) -> Result<TaskSet, CloudError> {
    let groups = set.load_balancers().iter().filter_map(|balancer| balancer.target_group_arn());
    Ok(TaskSet {
        id: set.id().unwrap_or_default().parse().map_err(|error| odd_answer(action, error))?,
        arn: set
            .task_set_arn()
            .unwrap_or_default()
            .parse()
            .map_err(|error| odd_answer(action, error))?,
        status: status(action, set.status().unwrap_or_default())?,
        task_definition: set
            .task_definition()
            .unwrap_or_default()
            .parse()
            .map_err(|error| odd_answer(action, error))?,
        external_id: set.external_id().filter(|id| !id.is_empty()).map(str::to_owned),
        target_groups: groups
            .map(|arn| arn.parse().map_err(|error| odd_answer(action, error)))
            .collect::<Result<_, _>>()?,
        scale: set.scale().map_or(0.0, |scale| scale.value()),
        computed_desired: count(set.computed_desired_count()),
        running: count(set.running_count()),
        pending: count(set.pending_count()),
        steady: set.stability_status() == Some(&StabilityStatus::SteadyState),
    })
}

fn status(action: &'static str, status: &str) -> Result<TaskSetStatus, CloudError> {
    match status {
        "PRIMARY" => Ok(TaskSetStatus::Primary),
        "ACTIVE" => Ok(TaskSetStatus::Active),
        "DRAINING" => Ok(TaskSetStatus::Draining),
        other => Err(odd_answer(action, format!("a task set with the status `{other}`"))),
    }
}

pub(super) fn latest_task_definition(
    answer: &DescribeTaskDefinitionOutput,
) -> Result<LatestTaskDefinition, CloudError> {
    let arn = answer.task_definition().and_then(|definition| definition.task_definition_arn());
    Ok(LatestTaskDefinition {
        arn: arn
            .unwrap_or_default()
            .parse()
            .map_err(|error| odd_answer(DESCRIBE_TASK_DEFINITION, error))?,
        tags: tags(answer.tags()),
    })
}

pub(super) fn tags(tags: &[Tag]) -> BTreeMap<String, String> {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
    tags.iter().filter_map(pair).collect()
}

/// The SDK's numbers have a sign, counts do not.
fn count(number: i32) -> u32 {
    number.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> aws_sdk_ecs::types::builders::TaskSetBuilder {
        types::TaskSet::builder()
            .id("ecs-svc/1")
            .task_set_arn("arn:aws:ecs:us-east-1:222222222222:task-set/main/shop/ecs-svc/1")
            .status("ACTIVE")
            .task_definition("arn:aws:ecs:us-east-1:222222222222:task-definition/shop:3")
    }

    #[test]
    fn a_task_set_without_counts_tags_and_balancers_is_read() {
        let set = task_set("ecs:X", &set().build()).unwrap();
        assert_eq!((set.running, set.external_id, set.steady), (0, None, false));
        assert!(set.target_groups.is_empty());
    }

    #[test]
    fn a_task_set_that_makes_no_sense_is_refused() {
        let told = |set| task_set("ecs:X", &set).unwrap_err().to_string();
        assert!(told(set().status("SLEEPING").build()).contains("`SLEEPING`"));
        assert!(told(set().set_id(None).build()).contains("task set's id"));
        assert!(told(set().set_task_set_arn(None).build()).contains("an ARN"));
    }

    #[test]
    fn a_service_without_a_controller_is_deployed_by_ecs() {
        let read = service(&types::Service::builder().status("ACTIVE").build()).unwrap();
        assert_eq!(read.deployment_controller, "ECS");
    }
}
