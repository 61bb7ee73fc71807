//! The tasks of a service.

use std::collections::BTreeSet;
use std::net::IpAddr;

use aws_sdk_ecs::types::{self, DesiredStatus};
use ecs_deploy::cloud::{CloudError, ServiceRef, StoppedContainer, StoppedTask, Task};

use super::{EcsApi, only_missing};
use crate::call::Call;
use crate::error::odd_answer;
use crate::pages::{self, Page};

const LIST_TASKS: &str = "ecs:ListTasks";
const DESCRIBE_TASKS: &str = "ecs:DescribeTasks";
const GET_TASK_PROTECTION: &str = "ecs:GetTaskProtection";

/// How many tasks ECS takes in one call.
const TASKS_PER_CALL: usize = 100;

impl EcsApi {
    /// The service's tasks that are meant to run, or those that stopped. A task that ends between
    /// the list and its description is left out.
    pub(super) async fn described(
        &self,
        service: &ServiceRef,
        status: DesiredStatus,
    ) -> Result<Vec<types::Task>, CloudError> {
        let arns =
            pages::all(LIST_TASKS, |token| self.listed(service, status.clone(), token)).await?;
        let mut tasks = Vec::with_capacity(arns.len());
        for arns in arns.chunks(TASKS_PER_CALL) {
            let call = Call::read(DESCRIBE_TASKS);
            let request = self
                .client
                .describe_tasks()
                .cluster(service.cluster.as_str())
                .set_tasks(Some(arns.to_vec()))
                .customize()
                .interceptor(call.fence());
            let answer = call.answer(request.send()).await?;
            only_missing(DESCRIBE_TASKS, answer.failures())?;
            tasks.extend(answer.tasks.unwrap_or_default());
        }
        Ok(tasks)
    }

    async fn listed(
        &self,
        service: &ServiceRef,
        status: DesiredStatus,
        token: Option<String>,
    ) -> Result<Page<String, String>, CloudError> {
        let call = Call::read(LIST_TASKS);
        let request = self
            .client
            .list_tasks()
            .cluster(service.cluster.as_str())
            .service_name(service.service.as_str())
            .desired_status(status)
            .set_next_token(token)
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await?;
        Ok(Page { items: answer.task_arns.unwrap_or_default(), next: answer.next_token })
    }

    pub(super) async fn protected(
        &self,
        service: &ServiceRef,
        tasks: &[String],
    ) -> Result<Vec<String>, CloudError> {
        let mut protected = Vec::new();
        for arns in tasks.chunks(TASKS_PER_CALL) {
            let call = Call::read(GET_TASK_PROTECTION);
            let request = self
                .client
                .get_task_protection()
                .cluster(service.cluster.as_str())
                .set_tasks(Some(arns.to_vec()))
                .customize()
                .interceptor(call.fence());
            let answer = call.answer(request.send()).await?;
            only_missing(GET_TASK_PROTECTION, answer.failures())?;
            let kept = answer.protected_tasks.unwrap_or_default().into_iter();
            protected
                .extend(kept.filter(|task| task.protection_enabled).filter_map(|t| t.task_arn));
        }
        Ok(protected)
    }
}

pub(super) fn task(task: &types::Task) -> Result<Task, CloudError> {
    Ok(Task {
        arn: arn(task)?,
        started_by: task.started_by().map(str::to_owned),
        addresses: addresses(task),
        last_status: task.last_status().unwrap_or_default().to_owned(),
    })
}

pub(super) fn stopped(task: &types::Task) -> Result<StoppedTask, CloudError> {
    Ok(StoppedTask {
        arn: arn(task)?,
        stop_code: task.stop_code().map(|code| code.as_str().to_owned()),
        stopped_reason: task.stopped_reason().map(str::to_owned),
        containers: task.containers().iter().map(stopped_container).collect(),
    })
}

fn arn(task: &types::Task) -> Result<String, CloudError> {
    let arn = task.task_arn().map(str::to_owned);
    arn.ok_or_else(|| odd_answer(DESCRIBE_TASKS, "a task without an ARN"))
}

fn stopped_container(container: &types::Container) -> StoppedContainer {
    StoppedContainer {
        name: container.name().unwrap_or_default().to_owned(),
        exit_code: container.exit_code(),
        reason: container.reason().map(str::to_owned),
    }
}

/// The task's network interface shows its addresses as soon as it is attached, the containers show
/// the same ones (and the IPv6 address) once they run.
fn addresses(task: &types::Task) -> Vec<IpAddr> {
    let attached = task
        .attachments()
        .iter()
        .flat_map(|attachment| attachment.details())
        .filter(|detail| detail.name() == Some("privateIPv4Address"))
        .filter_map(|detail| detail.value());
    let of_containers = task
        .containers()
        .iter()
        .flat_map(|container| container.network_interfaces())
        .flat_map(|interface| [interface.private_ipv4_address(), interface.ipv6_address()])
        .flatten();
    let known: BTreeSet<IpAddr> =
        attached.chain(of_containers).filter_map(|address| address.parse().ok()).collect();
    known.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_ecs::types::{Attachment, Container, KeyValuePair, NetworkInterface};

    use super::*;

    #[test]
    fn addresses_of_attachment_and_containers_are_told_once() {
        let detail =
            |name: &str, value: &str| KeyValuePair::builder().name(name).value(value).build();
        let interface = NetworkInterface::builder()
            .private_ipv4_address("10.0.0.7")
            .ipv6_address("2600:1f18::7")
            .build();
        let built = types::Task::builder()
            .task_arn("arn:task")
            .attachments(
                Attachment::builder()
                    .details(detail("macAddress", "0e:89:76:28:07:b3"))
                    .details(detail("privateIPv4Address", "10.0.0.7"))
                    .build(),
            )
            .containers(Container::builder().network_interfaces(interface).build())
            .build();
        let addresses = task(&built).unwrap().addresses;
        assert_eq!(
            addresses,
            ["10.0.0.7".parse::<IpAddr>().unwrap(), "2600:1f18::7".parse().unwrap()]
        );
    }

    #[test]
    fn a_container_that_never_ran_has_no_exit_code() {
        let container =
            Container::builder().name("web").reason("CannotPullContainerError: x").build();
        let built = types::Task::builder()
            .task_arn("arn:task")
            .stop_code(types::TaskStopCode::TaskFailedToStart)
            .containers(container)
            .build();
        let stopped = stopped(&built).unwrap();
        assert_eq!(stopped.stop_code.as_deref(), Some("TaskFailedToStart"));
        assert_eq!(stopped.containers[0].exit_code, None);
    }
}
