//! ECS over the SDK.

mod answer;
mod members;
mod request;
mod tasks;

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{DesiredStatus, Failure, TaskDefinitionField};
use ecs_deploy::cloud::{
    CloudError, Ecs, ErrorClass, LatestTaskDefinition, NewTaskSet, Service, ServiceRef,
    StoppedTask, Task, TaskDefinition, TaskSet,
};
use ecs_deploy::fence::Permit;
use ecs_deploy::names::{ServiceName, TaskDefinitionArn, TaskSetArn, TaskSetId};

use self::members::RawMembers;
use crate::call::Call;
use crate::error::odd_answer;

const CREATE_TASK_SET: &str = "ecs:CreateTaskSet";
const DELETE_TASK_SET: &str = "ecs:DeleteTaskSet";
const DESCRIBE_SERVICES: &str = "ecs:DescribeServices";
const DESCRIBE_TASK_DEFINITION: &str = "ecs:DescribeTaskDefinition";
const LIST_TAGS: &str = "ecs:ListTagsForResource";
const REGISTER_TASK_DEFINITION: &str = "ecs:RegisterTaskDefinition";
const UPDATE_PRIMARY: &str = "ecs:UpdateServicePrimaryTaskSet";
const UPDATE_TASK_SET: &str = "ecs:UpdateTaskSet";

/// ECS in one account and region.
pub(crate) struct EcsApi {
    client: Client,
}

impl EcsApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Ecs for EcsApi {
    async fn service(&self, service: &ServiceRef) -> Result<Option<Service>, CloudError> {
        let call = Call::read(DESCRIBE_SERVICES);
        let request = self
            .client
            .describe_services()
            .cluster(service.cluster.as_str())
            .services(service.service.as_str())
            .customize()
            .interceptor(call.fence());
        match call.answer(request.send()).await {
            Ok(answer) => {
                only_missing(DESCRIBE_SERVICES, answer.failures())?;
                answer.services().first().map(answer::service).transpose()
            }
            Err(error) if error.class == ErrorClass::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn task_set_tags(
        &self,
        set: &TaskSetArn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        let call = Call::read(LIST_TAGS);
        let request = self
            .client
            .list_tags_for_resource()
            .resource_arn(set.to_string())
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        Ok(answer::tags(answer.tags()))
    }

    async fn tasks(&self, service: &ServiceRef) -> Result<Vec<Task>, CloudError> {
        let tasks = self.described(service, DesiredStatus::Running).await?;
        tasks.iter().map(tasks::task).collect()
    }

    async fn protected_tasks(
        &self,
        service: &ServiceRef,
        tasks: &[String],
    ) -> Result<Vec<String>, CloudError> {
        self.protected(service, tasks).await
    }

    async fn stopped_tasks(
        &self,
        service: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<Vec<StoppedTask>, CloudError> {
        let mut tasks = self.described(service, DesiredStatus::Stopped).await?;
        tasks.retain(|task| task.started_by() == Some(set.as_str()));
        tasks.sort_by_key(|task| std::cmp::Reverse(task.stopped_at().copied()));
        tasks.iter().map(tasks::stopped).collect()
    }

    async fn latest_task_definition(
        &self,
        family: &ServiceName,
    ) -> Result<Option<LatestTaskDefinition>, CloudError> {
        let call = Call::read(DESCRIBE_TASK_DEFINITION);
        let request = self
            .client
            .describe_task_definition()
            .task_definition(family.as_str())
            .include(TaskDefinitionField::Tags)
            .customize()
            .interceptor(call.fence());
        match call.answer(request.send()).await {
            Ok(answer) => answer::latest_task_definition(&answer).map(Some),
            Err(error) if is_unknown_family(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn register(
        &self,
        permit: &Permit,
        definition: &TaskDefinition,
    ) -> Result<TaskDefinitionArn, CloudError> {
        let call = Call::change(REGISTER_TASK_DEFINITION, permit);
        let members = RawMembers::new(&definition.members).with_containers(&definition.containers);
        let request = request::register(&self.client, definition)
            .customize()
            .map_request(move |request| members.put_into(request))
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        let arn = answer.task_definition().and_then(|definition| definition.task_definition_arn());
        arn.unwrap_or_default().parse().map_err(|error| odd_answer(REGISTER_TASK_DEFINITION, error))
    }

    async fn create_task_set(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &NewTaskSet,
    ) -> Result<TaskSet, CloudError> {
        let call = Call::change(CREATE_TASK_SET, permit);
        let members = RawMembers::new(&set.members);
        let request = request::create_task_set(&self.client, service, set)
            .map_err(|error| {
                CloudError::new(CREATE_TASK_SET, ErrorClass::Unknown, error.to_string())
            })?
            .customize()
            .map_request(move |request| members.put_into(request))
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        let created = answer.task_set();
        let created = created.ok_or_else(|| odd_answer(CREATE_TASK_SET, "no task set"))?;
        answer::task_set(CREATE_TASK_SET, created)
    }

    async fn scale(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &TaskSetId,
        percent: u8,
    ) -> Result<(), CloudError> {
        let call = Call::change(UPDATE_TASK_SET, permit);
        let request = self
            .client
            .update_task_set()
            .cluster(service.cluster.as_str())
            .service(service.service.as_str())
            .task_set(set.as_str())
            .scale(request::percent(percent))
            .customize()
            .interceptor(call.fence());
        call.answer(request.send()).await.map(drop)
    }

    async fn delete(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<(), CloudError> {
        let call = Call::change(DELETE_TASK_SET, permit);
        let request = self
            .client
            .delete_task_set()
            .cluster(service.cluster.as_str())
            .service(service.service.as_str())
            .task_set(set.as_str())
            .force(true)
            .customize()
            .interceptor(call.fence());
        call.answer(request.send()).await.map(drop)
    }

    async fn make_primary(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<(), CloudError> {
        let call = Call::change(UPDATE_PRIMARY, permit);
        let request = self
            .client
            .update_service_primary_task_set()
            .cluster(service.cluster.as_str())
            .service(service.service.as_str())
            .primary_task_set(set.as_str())
            .customize()
            .interceptor(call.fence());
        call.answer(request.send()).await.map(drop)
    }
}

/// Lets pass what an answer with status 200 reports as `MISSING`: it is then left out of the list.
fn only_missing(action: &'static str, failures: &[Failure]) -> Result<(), CloudError> {
    let other = failures.iter().find(|failure| failure.reason() != Some("MISSING"));
    other.map_or(Ok(()), |failure| {
        let reason = failure.reason().unwrap_or("a failure without a reason");
        let message = match (failure.arn(), failure.detail()) {
            (Some(arn), Some(detail)) => format!("{arn}: {detail}"),
            (Some(text), None) | (None, Some(text)) => text.to_owned(),
            (None, None) => "no details".to_owned(),
        };
        let code = Some(reason.to_owned());
        Err(CloudError { code, ..CloudError::new(action, ErrorClass::Unknown, message) })
    })
}

/// ECS has no code of its own for a family without an active revision.
fn is_unknown_family(error: &CloudError) -> bool {
    error.code.as_deref() == Some("ClientException")
        && error.message.contains("Unable to describe task definition")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_things_are_left_out_in_silence() {
        let failure = |reason: &str| Failure::builder().arn("arn:x").reason(reason).build();
        assert!(only_missing("ecs:X", &[failure("MISSING")]).is_ok());
        let error = only_missing("ecs:X", &[failure("MISSING"), failure("INACTIVE")]).unwrap_err();
        assert_eq!(error.to_string(), "ecs:X: INACTIVE: arn:x");
    }
}
