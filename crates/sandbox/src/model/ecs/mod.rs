//! ECS: clusters, services with an EXTERNAL deployment controller, task definitions, task sets, tasks.
//!
//! The operations of the API are methods of [`Place`](super::Place); embedders build what they need
//! with the same ones: [`create_cluster`](super::Place::create_cluster),
//! [`register_task_definition`](super::Place::register_task_definition),
//! [`create_service`](super::Place::create_service),
//! [`create_task_set`](super::Place::create_task_set),
//! [`update_service_primary_task_set`](super::Place::update_service_primary_task_set).

mod cluster;
mod container;
mod due;
mod error;
mod event;
mod fargate;
mod lagging;
mod lifecycle;
mod protection;
mod schedule;
mod service;
mod shape;
mod tag;
mod task;
mod task_definition;
mod task_set;

use std::collections::BTreeMap;

pub use cluster::Cluster;
pub use container::{ContainerDefinition, PortMapping};
pub use event::Event;
pub(super) use lifecycle::report;
pub use protection::Protection;
pub(super) use schedule::step;
pub use service::{DeploymentController, NewService, Service, ServiceChange, ServiceStatus};
pub use shape::{
    AssignPublicIp, AwsvpcConfiguration, CapacityProviderStrategyItem, LaunchType, LoadBalancer,
    NetworkConfiguration, Scale, ScaleUnit,
};
pub use tag::{Tag, Tags};
pub use task::{Container, Counts, Phase, Stop, StopCode, Task};
pub use task_definition::{Registration, TaskDefinition, TaskDefinitionStatus, TaskDefinitions};
pub use task_set::{Deletion, NewTaskSet, Stability, TaskSet, TaskSetStatus, Template};

/// ECS in one scope.
#[derive(Debug, Default)]
pub struct Ecs {
    /// The task definitions.
    pub task_definitions: TaskDefinitions,
    clusters: BTreeMap<String, Cluster>,
    tasks_ever: u32,
}

/// The name in a reference, which is a name or an ARN that ends in one.
fn named(reference: &str) -> &str {
    reference.rsplit_once('/').map_or(reference, |(_, name)| name)
}
