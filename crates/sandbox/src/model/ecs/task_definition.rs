//! Task definitions.

mod check;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::client;
use super::{ContainerDefinition, LaunchType, Tags};
use crate::model::{ApiError, Place, Time};

/// What `RegisterTaskDefinition` is given.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The family that the task definition is a revision of.
    pub family: String,
    /// `awsvpc`, `bridge`, `host` or `none`; none given means `bridge`.
    pub network_mode: Option<String>,
    /// What it must be able to run on.
    pub requires_compatibilities: Vec<LaunchType>,
    /// The task's CPU, in units or vCPU.
    pub cpu: Option<String>,
    /// The task's memory, in MiB or GB.
    pub memory: Option<String>,
    /// Its containers, as far as they have an effect.
    pub containers: Vec<ContainerDefinition>,
    /// Its tags.
    pub tags: Tags,
    /// Every member as it was given, tags excepted.
    pub members: Map<String, Value>,
}

/// One revision of a family.
#[derive(Debug, Clone)]
pub struct TaskDefinition {
    /// Its ARN.
    pub arn: String,
    /// Its number in the family, from 1.
    pub revision: u32,
    /// Whether it can be used for what is new.
    pub status: TaskDefinitionStatus,
    /// When it was registered.
    pub registered_at: Time,
    /// When it was deregistered.
    pub deregistered_at: Option<Time>,
    /// Its tags.
    pub tags: Tags,
    /// What it was registered with.
    pub registered: Registration,
}

/// Whether a task definition can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskDefinitionStatus {
    /// It can.
    Active,
    /// It was deregistered: what runs it goes on, nothing new can use it.
    Inactive,
}

impl TaskDefinitionStatus {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
        }
    }
}

impl TaskDefinition {
    /// The container of that name.
    pub fn container(&self, name: &str) -> Option<&ContainerDefinition> {
        self.registered.containers.iter().find(|container| container.name == name)
    }

    /// Whether each of its tasks has a network interface of its own.
    pub fn is_awsvpc(&self) -> bool {
        self.registered.network_mode.as_deref() == Some("awsvpc")
    }

    /// What it can run on.
    pub fn compatibilities(&self) -> Vec<LaunchType> {
        let mut all = vec![LaunchType::Ec2];
        if check::suits_fargate(&self.registered) {
            all.push(LaunchType::Fargate);
        }
        all
    }
}

/// The task definitions of one scope.
#[derive(Debug, Default)]
pub struct TaskDefinitions {
    families: BTreeMap<String, Vec<TaskDefinition>>,
}

impl TaskDefinitions {
    /// All of them, by family and revision.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TaskDefinition> {
        self.families.values().flatten()
    }

    /// A task definition by ARN, by `family:revision`, or by family (its last active revision).
    pub fn get(&self, reference: &str) -> Option<&TaskDefinition> {
        let (family, revision) = parse(reference);
        let revisions = self.families.get(family)?;
        let found = match revision {
            Some(revision) => revisions.get(revision.checked_sub(1)?)?,
            None => revisions.iter().rfind(|it| it.status == TaskDefinitionStatus::Active)?,
        };
        (!reference.starts_with("arn:") || found.arn == reference).then_some(found)
    }

    pub(super) fn by_arn_mut(&mut self, arn: &str) -> Option<&mut TaskDefinition> {
        let (family, revision) = parse(arn);
        let found = self.families.get_mut(family)?.get_mut(revision?.checked_sub(1)?)?;
        (found.arn == arn).then_some(found)
    }
}

/// The family and the revision in a reference; one that is no number finds nothing.
fn parse(reference: &str) -> (&str, Option<usize>) {
    let name = super::named(reference);
    match name.split_once(':') {
        Some((family, revision)) => (family, Some(revision.parse().unwrap_or(0))),
        None => (name, None),
    }
}

impl Place<'_> {
    /// Registers the next revision of a family.
    ///
    /// # Errors
    /// `ClientException` when ECS would not take it.
    pub fn register_task_definition(
        &mut self,
        registration: Registration,
    ) -> Result<&TaskDefinition, ApiError> {
        check::registration(&registration)?;
        let family = registration.family.clone();
        let revisions = self.regional.ecs.task_definitions.families.entry(family.clone());
        let revisions = revisions.or_default();
        let revision = u32::try_from(revisions.len()).unwrap_or(u32::MAX).saturating_add(1);
        revisions.push(TaskDefinition {
            arn: self.scope.arn("ecs", &format!("task-definition/{family}:{revision}")),
            revision,
            status: TaskDefinitionStatus::Active,
            registered_at: self.now,
            deregistered_at: None,
            tags: registration.tags.clone(),
            registered: registration,
        });
        Ok(&revisions[revisions.len() - 1])
    }

    /// Makes a task definition unusable for what is new.
    ///
    /// # Errors
    /// `ClientException` when it is not there, or the reference has no revision.
    pub fn deregister_task_definition(
        &mut self,
        reference: &str,
    ) -> Result<&TaskDefinition, ApiError> {
        let missing = || client("The specified task definition does not exist.");
        let definitions = &mut self.regional.ecs.task_definitions;
        if parse(reference).1.is_none() {
            return Err(client("A task definition is deregistered by family:revision or ARN."));
        }
        let arn = definitions.get(reference).ok_or_else(missing)?.arn.clone();
        let found = definitions.by_arn_mut(&arn).ok_or_else(missing)?;
        found.status = TaskDefinitionStatus::Inactive;
        found.deregistered_at.get_or_insert(self.now);
        Ok(found)
    }
}
