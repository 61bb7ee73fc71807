//! Services.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::{check_name, invalid, service_not_active, service_not_found, unsupported};
use super::event::Events;
use super::lagging::Lagging;
use super::task_set::Template;
use super::{Cluster, Deletion, Event, Tags, TaskSet, named};
use crate::model::{ApiError, Ids, Place, Time};

/// A service and its task sets.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Whether it is there to be used.
    pub status: ServiceStatus,
    /// Who decides what it runs.
    pub controller: DeploymentController,
    /// How many tasks a task set of 100 % has.
    pub desired_count: u32,
    /// How long failed load balancer checks of a new task don't count.
    pub grace: Duration,
    /// When it was made.
    pub created_at: Time,
    /// Its tags.
    pub tags: Tags,
    /// Its task sets, DRAINING ones too, from the oldest.
    pub task_sets: Vec<TaskSet>,
    /// What the PRIMARY task set was made with, once there was one.
    pub template: Option<Template>,
    pub(super) events: Events,
}

/// Who decides what a service runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeploymentController {
    /// ECS; such a service can be described here, but runs nothing.
    #[default]
    Ecs,
    /// CodeDeploy; such a service can be described here, but runs nothing.
    CodeDeploy,
    /// Whoever makes its task sets.
    External,
}

/// Whether a service is there to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceStatus {
    /// It is.
    Active,
    /// It was deleted, and its tasks have not ended.
    Draining,
    /// It was deleted.
    Inactive,
}

impl ServiceStatus {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Draining => "DRAINING",
            Self::Inactive => "INACTIVE",
        }
    }
}

/// What `CreateService` is given.
#[derive(Debug, Clone)]
pub struct NewService {
    /// Its name.
    pub name: String,
    /// Who decides what it runs.
    pub controller: DeploymentController,
    /// How many tasks a task set of 100 % has.
    pub desired_count: u32,
    /// How long failed load balancer checks of a new task don't count.
    pub grace: Duration,
    /// Its tags.
    pub tags: Tags,
}

/// What `UpdateService` can change of a service whose controller is EXTERNAL.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServiceChange {
    /// How many tasks a task set of 100 % has.
    pub desired_count: Option<u32>,
    /// How long failed load balancer checks of a new task don't count.
    pub grace: Option<Duration>,
}

impl Service {
    /// Its events, the newest first, 100 at most.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    /// A task set by id or ARN.
    pub fn task_set(&self, reference: &str) -> Option<&TaskSet> {
        self.task_sets.iter().find(|set| set.is(reference))
    }

    pub(super) fn tell(&mut self, what: &str, ids: &mut Ids, now: Time) {
        let message = format!("(service {}{what}", self.name);
        self.events.tell(message, ids, now);
    }

    pub(super) fn tags_of(&mut self, arn: &str) -> Option<&mut Tags> {
        if self.arn == arn {
            return Some(&mut self.tags);
        }
        self.task_sets.iter_mut().find(|set| set.arn == arn).map(|set| &mut set.tags)
    }

    fn check_idle(&self) -> Result<(), ApiError> {
        if self.desired_count > 0 {
            Err(invalid("The service cannot be stopped while it is scaled above 0."))
        } else if !self.task_sets.is_empty() {
            Err(invalid("The service cannot be stopped while it has task sets."))
        } else {
            Ok(())
        }
    }

    pub(super) fn check_active(&self) -> Result<(), ApiError> {
        match self.status {
            ServiceStatus::Active => Ok(()),
            ServiceStatus::Draining | ServiceStatus::Inactive => Err(service_not_active()),
        }
    }
}

impl Cluster {
    /// A service by name or ARN, as a reader sees it at `now`.
    ///
    /// # Errors
    /// `ServiceNotFoundException`.
    pub fn service(&self, reference: &str, now: Time) -> Result<&Service, ApiError> {
        let found = self.services.get(named(reference)).map(|service| service.seen(now));
        found.filter(|it| it.name == reference || it.arn == reference).ok_or_else(service_not_found)
    }

    /// A service by name or ARN, as it is: what the answer to a change shows.
    ///
    /// # Errors
    /// `ServiceNotFoundException`.
    pub fn service_as_it_is(&self, reference: &str) -> Result<&Service, ApiError> {
        let found = self.services.get(named(reference)).map(Lagging::truth);
        found.filter(|it| it.name == reference || it.arn == reference).ok_or_else(service_not_found)
    }

    pub(super) fn record(&mut self, reference: &str) -> Result<&mut Lagging<Service>, ApiError> {
        self.services
            .get_mut(named(reference))
            .filter(|it| it.truth().name == reference || it.truth().arn == reference)
            .ok_or_else(service_not_found)
    }
}

impl Place<'_> {
    /// Makes a service.
    ///
    /// # Errors
    /// `ClusterNotFoundException`; `InvalidParameterException` when the name is taken or none;
    /// `UnsupportedFeatureException` when it should run tasks and its controller is not EXTERNAL.
    pub fn create_service(&mut self, cluster: &str, new: NewService) -> Result<&Service, ApiError> {
        check_name("Service", &new.name)?;
        if new.controller != DeploymentController::External && new.desired_count > 0 {
            return Err(unsupported("this local AWS runs tasks of EXTERNAL services only"));
        }
        let cluster = self.regional.ecs.cluster_mut(cluster)?;
        if let Ok(there) = cluster.record(&new.name)
            && there.truth().status != ServiceStatus::Inactive
        {
            return Err(invalid("Creation of service was not idempotent."));
        }
        let service = Service {
            arn: self.scope.arn("ecs", &format!("service/{}/{}", cluster.name, new.name)),
            name: new.name.clone(),
            status: ServiceStatus::Active,
            controller: new.controller,
            desired_count: new.desired_count,
            grace: new.grace,
            created_at: self.now,
            tags: new.tags,
            task_sets: Vec::new(),
            template: None,
            events: Events::default(),
        };
        cluster.services.insert(new.name.clone(), Lagging::new(service));
        Ok(cluster.record(&new.name)?.truth())
    }

    /// Changes a service.
    ///
    /// # Errors
    /// `ClusterNotFoundException`, `ServiceNotFoundException`, `ServiceNotActiveException`.
    pub fn update_service(
        &mut self,
        cluster: &str,
        service: &str,
        change: ServiceChange,
    ) -> Result<&Service, ApiError> {
        let visible = self.now + self.settings.answer_lag;
        let record = self.regional.ecs.cluster_mut(cluster)?.record(service)?;
        record.truth().check_active()?;
        let service = record.change(visible, self.now);
        service.desired_count = change.desired_count.unwrap_or(service.desired_count);
        service.grace = change.grace.unwrap_or(service.grace);
        for set in &mut service.task_sets {
            set.rescale(service.desired_count, self.now);
        }
        Ok(service)
    }

    /// Deletes a service: its task sets drain, then it is INACTIVE.
    ///
    /// # Errors
    /// `ClusterNotFoundException`, `ServiceNotFoundException`, `ServiceNotActiveException`;
    /// `InvalidParameterException` when it is scaled above 0, or has task sets, and is not to
    /// be forced.
    pub fn delete_service(
        &mut self,
        cluster: &str,
        service: &str,
        deletion: Deletion,
    ) -> Result<&Service, ApiError> {
        let visible = self.now + self.settings.answer_lag;
        let record = self.regional.ecs.cluster_mut(cluster)?.record(service)?;
        record.truth().check_active()?;
        if deletion == Deletion::WhenIdle {
            record.truth().check_idle()?;
        }
        let service = record.change(visible, self.now);
        service.status = ServiceStatus::Draining;
        service.desired_count = 0;
        service.drain(self.now);
        Ok(service)
    }
}
