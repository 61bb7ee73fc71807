//! Operations on tasks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Call;
use super::include::{Include, tags_if_asked};
use super::page::page;
use super::{default_cluster, invalid, missing, show};
use crate::model::ApiError;
use crate::model::ecs::Task;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListTasks {
    #[serde(default = "default_cluster")]
    cluster: String,
    service_name: Option<String>,
    family: Option<String>,
    started_by: Option<String>,
    desired_status: Option<DesiredStatus>,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum DesiredStatus {
    Running,
    Pending,
    Stopped,
}

impl ListTasks {
    fn check(&self) -> Result<(), ApiError> {
        let filtered =
            self.service_name.is_some() || self.family.is_some() || self.desired_status.is_some();
        if self.started_by.is_some() && filtered {
            return Err(invalid("startedBy can not be combined with other filters."));
        }
        Ok(())
    }

    fn wants(&self, task: &Task, service: Option<&str>) -> bool {
        let status = match self.desired_status.unwrap_or(DesiredStatus::Running) {
            DesiredStatus::Running => task.should_run(),
            // ECS never gives a task this desired status.
            DesiredStatus::Pending => false,
            DesiredStatus::Stopped => !task.should_run(),
        };
        let of_family = |family: &String| task.family() == family;
        status
            && service.is_none_or(|service| task.service == service)
            && self.family.as_ref().is_none_or(of_family)
            && self.started_by.as_ref().is_none_or(|by| task.started_by == *by)
    }
}

pub(super) fn list(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ListTasks = call.input(input)?;
    input.check()?;
    let cluster = call.cloud.region(&call.scope).ecs.cluster(&input.cluster)?;
    let service = match &input.service_name {
        Some(reference) => Some(cluster.service_as_it_is(reference)?.name.as_str()),
        None => None,
    };
    let wanted = cluster.tasks().filter(|task| input.wants(task, service));
    let arns = wanted.map(|task| task.arn.clone()).collect();
    page("taskArns", arns, input.max_results, input.next_token)
}

#[derive(Deserialize)]
struct DescribeTasks {
    #[serde(default = "default_cluster")]
    cluster: String,
    tasks: Vec<String>,
    #[serde(default)]
    include: Vec<Include>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeTasks = call.input(input)?;
    if input.tasks.is_empty() || input.tasks.len() > 100 {
        return Err(invalid("Tasks must have 1 to 100 entries."));
    }
    let cluster = call.cloud.region(&call.scope).ecs.cluster(&input.cluster)?;
    let (mut tasks, mut failures) = (Vec::new(), Vec::new());
    for reference in &input.tasks {
        match cluster.task(reference) {
            Some(task) => {
                let mut shown = show::task(cluster, task);
                tags_if_asked(&mut shown, &task.tags, &input.include);
                tasks.push(shown);
            }
            None => failures.push(missing(reference)),
        }
    }
    Ok(Value::from_iter([("tasks", tasks), ("failures", failures)]))
}

#[derive(Deserialize)]
struct StopTask {
    #[serde(default = "default_cluster")]
    cluster: String,
    task: String,
    reason: Option<String>,
}

pub(super) fn stop(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let StopTask { cluster, task, reason } = call.input(input)?;
    call.place().stop_task(&cluster, &task, reason)?;
    let cluster = call.cloud.region(&call.scope).ecs.cluster(&cluster)?;
    Ok(json!({"task": cluster.task(&task).map(|task| show::task(cluster, task))}))
}
