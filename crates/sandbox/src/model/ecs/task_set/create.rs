//! `CreateTaskSet`.

use super::{BackOff, Stability, TaskSet, TaskSetStatus, Template, attachment, placement};
use crate::model::ecs::error::{client, invalid};
use crate::model::ecs::{DeploymentController, Scale, Service, Tags, TaskDefinitionStatus};
use crate::model::{ApiError, Place};

/// What `CreateTaskSet` is given.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTaskSet {
    /// Whatever the caller wants to find it by later; not unique.
    pub external_id: Option<String>,
    /// A second call with the same token answers with the task set of the first.
    pub client_token: Option<String>,
    /// What its tasks are made of; the task definition may be named by family.
    pub template: Template,
    /// How much of the service's desired count it runs.
    pub scale: Scale,
    /// Its tags.
    pub tags: Tags,
}

/// Deployments that a service may have, DRAINING ones counted.
const LIMIT: usize = 5;

impl Place<'_> {
    /// Makes a task set, ACTIVE.
    ///
    /// # Errors
    /// `ClusterNotFoundException`, `ServiceNotFoundException`, `ServiceNotActiveException`;
    /// `ClientException` when there is no such task definition; `PlatformUnknownException` when
    /// Fargate has no such platform version; `InvalidParameterException` for everything else that
    /// ECS would not take.
    pub fn create_task_set(
        &mut self,
        cluster: &str,
        service: &str,
        new: NewTaskSet,
    ) -> Result<&TaskSet, ApiError> {
        let (cluster_name, there) = self.check_service(cluster, service, &new)?;
        let id = match there {
            Some(id) => id,
            None => self.add_task_set(&cluster_name, service, new)?,
        };
        let record = self.regional.ecs.cluster_mut(&cluster_name)?.record(service)?;
        Ok(record.truth_mut().task_set_mut(&id)?)
    }

    /// The cluster's name, and the task set that a call with the same token made.
    fn check_service(
        &mut self,
        cluster: &str,
        service: &str,
        new: &NewTaskSet,
    ) -> Result<(String, Option<String>), ApiError> {
        let cluster = self.regional.ecs.cluster_mut(cluster)?;
        let service = cluster.record(service)?.truth();
        service.check_active()?;
        if service.controller != DeploymentController::External {
            return Err(invalid("The service's deployment controller is not EXTERNAL."));
        }
        let there = made_by_token(service, new)?;
        Ok((cluster.name.clone(), there))
    }

    fn add_task_set(
        &mut self,
        cluster: &str,
        service: &str,
        new: NewTaskSet,
    ) -> Result<String, ApiError> {
        let template = self.check_template(&new)?;
        let scale = new.scale.check()?;
        let (visible, now) = (self.now + self.settings.answer_lag, self.now);
        let record = self.regional.ecs.cluster_mut(cluster)?.record(service)?;
        if record.truth().task_sets.len() >= LIMIT {
            return Err(invalid(
                "5 deployments exist on the service. Unable to create new TaskSet since this \
                 exceeds the maximum limit",
            ));
        }
        let service = record.change(visible, now);
        let id = format!("ecs-svc/{}", self.ids.decimal());
        service.task_sets.push(TaskSet {
            arn: self.scope.arn("ecs", &format!("task-set/{cluster}/{}/{id}", service.name)),
            id: id.clone(),
            status: TaskSetStatus::Active,
            template,
            scale,
            computed_desired: scale.of(service.desired_count),
            stability: Stability::Stabilizing,
            stability_at: now,
            created_at: now,
            updated_at: now,
            tags: new.tags.clone(),
            back_off: BackOff::default(),
            made_of: new,
        });
        Ok(id)
    }

    /// The template with its task definition's ARN.
    fn check_template(&self, new: &NewTaskSet) -> Result<Template, ApiError> {
        let template = &new.template;
        let definition = self
            .regional
            .ecs
            .task_definitions
            .get(&template.task_definition)
            .ok_or_else(|| client("TaskDefinition not found."))?;
        if definition.status == TaskDefinitionStatus::Inactive {
            return Err(client("TaskDefinition is inactive"));
        }
        placement::check(template, definition)?;
        attachment::check(template, definition)?;
        if let Some(balancer) = &template.load_balancer {
            self.regional
                .elb
                .group_usable(&balancer.target_group_arn)
                .map_err(|error| invalid(error.message))?;
        }
        Ok(Template { task_definition: definition.arn.clone(), ..template.clone() })
    }
}

/// The task set that was made with the same token, if there is one.
fn made_by_token(service: &Service, new: &NewTaskSet) -> Result<Option<String>, ApiError> {
    let Some(token) = &new.client_token else {
        return Ok(None);
    };
    if token.len() > 36 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(invalid("clientToken must have at most 36 visible ASCII characters."));
    }
    let made =
        service.task_sets.iter().find(|set| set.made_of.client_token.as_ref() == Some(token));
    match made {
        Some(set) if set.made_of != *new => {
            Err(invalid("The clientToken was used with other parameters before."))
        }
        made => Ok(made.map(|set| set.id.clone())),
    }
}
