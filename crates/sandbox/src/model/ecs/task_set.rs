//! Task sets.

mod attachment;
mod back_off;
mod create;
mod placement;

pub(super) use back_off::BackOff;
pub use create::NewTaskSet;

use serde_json::Value;

use super::error::{invalid, task_set_not_found};
use super::{
    CapacityProviderStrategyItem, Counts, LaunchType, LoadBalancer, NetworkConfiguration, Scale,
    Service, Tags,
};
use crate::model::{ApiError, Place, Time};

/// One version of a service.
#[derive(Debug, Clone)]
pub struct TaskSet {
    /// Its id, `ecs-svc/` and a number.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its part in the service.
    pub status: TaskSetStatus,
    /// What its tasks are made of.
    pub template: Template,
    /// How much of the service's desired count it runs.
    pub scale: Scale,
    /// How many tasks that is.
    pub computed_desired: u32,
    /// Whether it runs as it should.
    pub stability: Stability,
    /// Since when.
    pub stability_at: Time,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// Its tags.
    pub tags: Tags,
    pub(super) back_off: BackOff,
    made_of: NewTaskSet,
}

/// What the tasks of a task set are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The ARN of the task definition; a reference by family where it is input.
    pub task_definition: String,
    /// How tasks are placed, unless a capacity provider strategy tells.
    pub launch_type: Option<LaunchType>,
    /// The capacity providers to place tasks with.
    pub capacity_provider_strategy: Vec<CapacityProviderStrategyItem>,
    /// The version of Fargate's platform.
    pub platform_version: Option<String>,
    /// The network of a task.
    pub network: Option<NetworkConfiguration>,
    /// The target group that tasks are registered in.
    pub load_balancer: Option<LoadBalancer>,
    /// Service discovery, which is shown only.
    pub service_registries: Vec<Value>,
}

/// The part of a task set in its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskSetStatus {
    /// The one whose values the service shows.
    Primary,
    /// Any other.
    Active,
    /// Deleted: it goes when its tasks have stopped and their targets are drained.
    Draining,
}

impl TaskSetStatus {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "PRIMARY",
            Self::Active => "ACTIVE",
            Self::Draining => "DRAINING",
        }
    }
}

/// Whether a task set runs as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stability {
    /// As many tasks run as should, none is pending, all are healthy.
    Steady,
    /// Not so.
    Stabilizing,
}

impl Stability {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Steady => "STEADY_STATE",
            Self::Stabilizing => "STABILIZING",
        }
    }
}

/// How a task set is to be deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Deletion {
    /// Only when it runs nothing.
    #[default]
    WhenIdle,
    /// Whatever it runs.
    Force,
}

impl TaskSet {
    /// Whatever the caller wants to find it by later.
    pub fn external_id(&self) -> Option<&str> {
        self.made_of.external_id.as_deref()
    }

    pub(super) fn is(&self, reference: &str) -> bool {
        self.id == reference || self.arn == reference
    }

    /// Recounts its tasks after a change of scale, desired count or status.
    pub(super) fn rescale(&mut self, desired: u32, now: Time) {
        let computed = match self.status {
            TaskSetStatus::Draining => 0,
            TaskSetStatus::Primary | TaskSetStatus::Active => self.scale.of(desired),
        };
        if computed != self.computed_desired {
            self.computed_desired = computed;
            self.settle(Stability::Stabilizing, now);
        }
    }

    pub(super) fn settle(&mut self, stability: Stability, now: Time) {
        if self.stability != stability {
            self.stability = stability;
            self.stability_at = now;
        }
    }

    fn check_usable(&self) -> Result<(), ApiError> {
        match self.status {
            TaskSetStatus::Draining => Err(invalid("The task set is DRAINING.")),
            TaskSetStatus::Primary | TaskSetStatus::Active => Ok(()),
        }
    }

    fn drain(&mut self, now: Time) {
        self.status = TaskSetStatus::Draining;
        self.updated_at = now;
        self.rescale(0, now);
    }
}

impl Service {
    fn task_set_mut(&mut self, reference: &str) -> Result<&mut TaskSet, ApiError> {
        self.task_sets.iter_mut().find(|set| set.is(reference)).ok_or_else(task_set_not_found)
    }

    pub(super) fn drain(&mut self, now: Time) {
        for set in &mut self.task_sets {
            set.drain(now);
        }
    }

    fn mark_primary(&mut self, reference: &str, now: Time) -> Result<(), ApiError> {
        let set = self.task_set_mut(reference)?;
        set.check_usable()?;
        let (id, template) = (set.id.clone(), set.template.clone());
        for set in &mut self.task_sets {
            let status = match set.status {
                _ if set.id == id => TaskSetStatus::Primary,
                TaskSetStatus::Primary => TaskSetStatus::Active,
                other => other,
            };
            if set.status != status {
                set.status = status;
                set.updated_at = now;
            }
        }
        self.template = Some(template);
        Ok(())
    }
}

impl Place<'_> {
    /// Changes the scale of a task set.
    ///
    /// # Errors
    /// `ClusterNotFoundException`, `ServiceNotFoundException`, `ServiceNotActiveException`,
    /// `TaskSetNotFoundException`; `InvalidParameterException` when the scale is none or the task
    /// set is DRAINING.
    pub fn update_task_set(
        &mut self,
        cluster: &str,
        service: &str,
        task_set: &str,
        scale: Scale,
    ) -> Result<&TaskSet, ApiError> {
        let scale = scale.check()?;
        let (visible, now) = (self.now + self.settings.answer_lag, self.now);
        let record = self.regional.ecs.cluster_mut(cluster)?.record(service)?;
        record.truth().check_active()?;
        record.truth().task_set(task_set).ok_or_else(task_set_not_found)?.check_usable()?;
        let service = record.change(visible, now);
        let desired = service.desired_count;
        let set = service.task_set_mut(task_set)?;
        set.scale = scale;
        set.updated_at = now;
        set.rescale(desired, now);
        Ok(set)
    }

    /// Makes a task set the PRIMARY one: the one before becomes ACTIVE, and the service shows the
    /// values of the new one.
    ///
    /// # Errors
    /// As those of [`update_task_set`](Self::update_task_set).
    pub fn update_service_primary_task_set(
        &mut self,
        cluster: &str,
        service: &str,
        task_set: &str,
    ) -> Result<&TaskSet, ApiError> {
        let visible = self.now + self.settings.answer_lag;
        let record = self.regional.ecs.cluster_mut(cluster)?.record(service)?;
        record.truth().check_active()?;
        record.truth().task_set(task_set).ok_or_else(task_set_not_found)?.check_usable()?;
        let service = record.change(visible, self.now);
        service.mark_primary(task_set, self.now)?;
        service.task_set(task_set).ok_or_else(task_set_not_found)
    }

    /// Deletes a task set: it is DRAINING until its tasks have stopped and their targets are
    /// drained, then gone.
    ///
    /// # Errors
    /// `ClusterNotFoundException`, `ServiceNotFoundException`, `ServiceNotActiveException`,
    /// `TaskSetNotFoundException`; `InvalidParameterException` when it is PRIMARY, or when it runs
    /// something and is not to be forced.
    pub fn delete_task_set(
        &mut self,
        cluster: &str,
        service: &str,
        task_set: &str,
        deletion: Deletion,
    ) -> Result<&TaskSet, ApiError> {
        let (visible, now) = (self.now + self.settings.answer_lag, self.now);
        let cluster = self.regional.ecs.cluster_mut(cluster)?;
        let name = cluster.record(service)?.truth().name.clone();
        let service = cluster.services[&name].truth();
        service.check_active()?;
        let set = service.task_set(task_set).ok_or_else(task_set_not_found)?;
        let idle = set.computed_desired == 0 && cluster.counts(&set.id) == Counts::default();
        check_deletable(set.status, idle, deletion)?;
        let set = cluster.record(&name)?.change(visible, now).task_set_mut(task_set)?;
        set.drain(now);
        Ok(set)
    }
}

fn check_deletable(status: TaskSetStatus, idle: bool, deletion: Deletion) -> Result<(), ApiError> {
    match (status, deletion) {
        (TaskSetStatus::Primary, _) => Err(invalid("The PRIMARY task set cannot be deleted.")),
        (TaskSetStatus::Active, Deletion::WhenIdle) if !idle => {
            Err(invalid("The task set cannot be deleted while it is scaled above 0."))
        }
        _ => Ok(()),
    }
}
