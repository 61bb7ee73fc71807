//! Tasks.

use std::net::Ipv4Addr;

use super::{Cluster, ContainerDefinition, LaunchType, Tags, TaskDefinition, TaskSet};
use crate::model::elb::Target;
use crate::model::{Launch, Scope, Time};

/// A task of a task set.
#[derive(Debug)]
pub struct Task {
    /// Its id: 32 hexadecimal digits.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The service that it belongs to.
    pub service: String,
    /// The id of the task set that it belongs to.
    pub started_by: String,
    /// The ARN of its task definition.
    pub task_definition: String,
    /// Where it stands in its life.
    pub phase: Phase,
    /// Since when it stands there.
    pub since: Time,
    /// When it was made.
    pub created_at: Time,
    /// When it was first RUNNING.
    pub started_at: Option<Time>,
    /// When it began to stop.
    pub stopping_at: Option<Time>,
    /// When its last container ended.
    pub execution_stopped_at: Option<Time>,
    /// When it was STOPPED.
    pub stopped_at: Option<Time>,
    /// Why it stops; none while it should run.
    pub stop: Option<Stop>,
    /// Its containers.
    pub containers: Vec<Container>,
    /// How it is placed.
    pub launch_type: Option<LaunchType>,
    /// The first capacity provider of its task set's strategy.
    pub capacity_provider: Option<String>,
    /// The subnet that its address is in.
    pub subnet: Option<String>,
    /// Its tags.
    pub tags: Tags,
    pub(super) launch: Launch,
    /// Which of its containers the launch is about.
    pub(super) main: usize,
    pub(super) group: Option<String>,
    pub(super) process: Process,
    pub(super) protected_until: Option<Time>,
}

/// Where a task stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Its network interface is made.
    Provisioning,
    /// Its containers are started.
    Pending,
    /// It is registered in its target group.
    Activating,
    /// It runs.
    Running,
    /// Its target drains.
    Deactivating,
    /// Its containers are asked to end.
    Stopping,
    /// Its network interface is removed.
    Deprovisioning,
    /// It is over; it stays listed for an hour.
    Stopped,
}

impl Phase {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Activating => "ACTIVATING",
            Self::Running => "RUNNING",
            Self::Deactivating => "DEACTIVATING",
            Self::Stopping => "STOPPING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }
}

/// Why a task stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The kind of reason.
    pub code: StopCode,
    /// The reason for a person.
    pub reason: String,
}

/// The kind of reason that a task stops for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCode {
    /// It could not be started.
    TaskFailedToStart,
    /// A container that it can't do without ended.
    EssentialContainerExited,
    /// Somebody called `StopTask`.
    UserInitiated,
    /// ECS scaled in, or replaces a task that fails its health checks.
    ServiceSchedulerInitiated,
}

impl StopCode {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TaskFailedToStart => "TaskFailedToStart",
            Self::EssentialContainerExited => "EssentialContainerExited",
            Self::UserInitiated => "UserInitiated",
            Self::ServiceSchedulerInitiated => "ServiceSchedulerInitiated",
        }
    }
}

/// A container of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Whether the task ends with it.
    pub essential: bool,
    /// How it ended.
    pub exit_code: Option<i32>,
    /// Why it could not run.
    pub reason: Option<String>,
}

/// What is known of the process behind a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Process {
    NotAsked,
    Asked,
    Ended,
}

/// How many tasks there are of a task set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tasks that run.
    pub running: u32,
    /// Tasks on their way to that.
    pub pending: u32,
}

impl Task {
    pub(super) fn new(
        scope: &Scope,
        cluster: &str,
        service: &str,
        set: &TaskSet,
        definition: &TaskDefinition,
        identity: Identity,
    ) -> Self {
        let arn = scope.arn("ecs", &format!("task/{cluster}/{}", identity.id));
        let main = main_container(set, definition);
        let template = &set.template;
        let subnets = template.network.as_ref().map(|it| &it.awsvpc_configuration.subnets);
        Self {
            service: service.to_owned(),
            started_by: set.id.clone(),
            task_definition: definition.arn.clone(),
            phase: Phase::Provisioning,
            since: identity.born,
            created_at: identity.born,
            started_at: None,
            stopping_at: None,
            execution_stopped_at: None,
            stopped_at: None,
            stop: None,
            containers: definition.registered.containers.iter().map(Container::of).collect(),
            launch_type: template.launch_type,
            capacity_provider: template
                .capacity_provider_strategy
                .first()
                .map(|item| item.capacity_provider.clone()),
            subnet: subnets.and_then(|subnets| subnets.first().cloned()),
            tags: Tags::default(),
            launch: launch(scope, &arn, set, &definition.registered.containers[main], identity.ip),
            main,
            group: template.load_balancer.as_ref().map(|it| it.target_group_arn.clone()),
            process: Process::NotAsked,
            protected_until: None,
            id: identity.id,
            arn,
        }
    }

    /// Its address.
    pub fn ip(&self) -> Ipv4Addr {
        self.launch.ip
    }

    /// The family of its task definition.
    pub fn family(&self) -> &str {
        let name = super::named(&self.task_definition);
        name.rsplit_once(':').map_or(name, |(family, _)| family)
    }

    /// Whether it should run.
    pub fn should_run(&self) -> bool {
        self.stop.is_none()
    }

    pub(super) fn is(&self, reference: &str) -> bool {
        self.id == reference || self.arn == reference
    }

    /// The target group that it is a target of.
    pub(super) fn membership(&self) -> Option<(&str, Target)> {
        let target = Target { ip: self.launch.ip, port: self.launch.port };
        self.group.as_deref().map(|group| (group, target))
    }

    pub(super) fn enter(&mut self, phase: Phase, at: Time) {
        self.phase = phase;
        self.since = at;
    }
}

/// What tells a new task from all others.
pub(super) struct Identity {
    pub(super) id: String,
    pub(super) ip: Ipv4Addr,
    pub(super) born: Time,
}

impl Container {
    fn of(definition: &ContainerDefinition) -> Self {
        Self {
            name: definition.name.clone(),
            image: definition.image.clone(),
            essential: definition.essential,
            exit_code: None,
            reason: None,
        }
    }
}

/// The place of the container that the task set is about: the load balancer's, else the first
/// essential one.
fn main_container(set: &TaskSet, definition: &TaskDefinition) -> usize {
    let containers = &definition.registered.containers;
    let balancer = set.template.load_balancer.as_ref();
    balancer
        .and_then(|it| containers.iter().position(|found| found.name == it.container_name))
        .or_else(|| containers.iter().position(|container| container.essential))
        .unwrap_or_default()
}

/// What starts that container.
fn launch(
    scope: &Scope,
    arn: &str,
    set: &TaskSet,
    container: &ContainerDefinition,
    ip: Ipv4Addr,
) -> Launch {
    let balancer = set.template.load_balancer.as_ref();
    let first_port = container.port_mappings.first().map(|mapping| mapping.container_port);
    Launch {
        scope: scope.clone(),
        task: arn.to_owned(),
        image: container.image.clone(),
        environment: container.environment(),
        command: container.command.clone(),
        ip,
        port: balancer.map(|it| it.container_port).or(first_port).unwrap_or_default(),
        stop_timeout: container.stop_timeout(),
    }
}

impl Cluster {
    /// How many tasks of a task set run, and how many are on their way.
    pub fn counts(&self, task_set: &str) -> Counts {
        Counts::of(self.tasks.values().filter(|task| task.started_by == task_set))
    }
}

impl Counts {
    /// Counts tasks.
    pub fn of<'a>(tasks: impl Iterator<Item = &'a Task>) -> Self {
        let mut counts = Self::default();
        for task in tasks.filter(|task| task.should_run()) {
            match task.phase {
                Phase::Running => counts.running += 1,
                _ => counts.pending += 1,
            }
        }
        counts
    }
}
