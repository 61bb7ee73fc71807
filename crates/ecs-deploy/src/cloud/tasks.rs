use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::names::{
    ClusterName, RoleName, SecurityGroupId, ServiceName, SubnetId, TargetGroupArn,
    TaskDefinitionArn, TaskSetArn, TaskSetId,
};

/// A service by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRef {
    /// The cluster's name or ARN.
    pub cluster: ClusterName,
    /// The service's name.
    pub service: ServiceName,
}

/// A service with its task sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// `ACTIVE`, `DRAINING` or `INACTIVE`.
    pub status: String,
    /// `EXTERNAL`, `ECS` or `CODE_DEPLOY`.
    pub deployment_controller: String,
    /// How many tasks a set of 100 % runs.
    pub desired_count: u32,
    /// Its task sets, DRAINING ones too.
    pub task_sets: Vec<TaskSet>,
    /// How long ECS overlooks failing health checks of a new task.
    pub health_check_grace_period: std::time::Duration,
    /// The newest event messages, newest first.
    pub events: Vec<String>,
}

/// Where a task set is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TaskSetStatus {
    /// The one whose values the service shows.
    Primary,
    /// Runs, is not PRIMARY.
    Active,
    /// Being deleted.
    Draining,
}

impl fmt::Display for TaskSetStatus {
    /// AWS's word for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Primary => "PRIMARY",
            Self::Active => "ACTIVE",
            Self::Draining => "DRAINING",
        })
    }
}

/// A task set.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskSet {
    /// `ecs-svc/…`.
    pub id: TaskSetId,
    /// Its ARN.
    pub arn: TaskSetArn,
    /// Where it is in its life.
    pub status: TaskSetStatus,
    /// What it runs.
    pub task_definition: TaskDefinitionArn,
    /// The token that its creator gave it.
    pub external_id: Option<String>,
    /// The target groups its tasks are registered in.
    pub target_groups: Vec<TargetGroupArn>,
    /// Its scale, in percent of the service's desired count.
    pub scale: f64,
    /// How many tasks it should run: the desired count times the scale, rounded up.
    pub computed_desired: u32,
    /// How many run.
    pub running: u32,
    /// How many are on their way.
    pub pending: u32,
    /// Whether ECS calls it `STEADY_STATE`.
    pub steady: bool,
}

/// A task that is meant to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The task's ARN.
    pub arn: String,
    /// The set it belongs to (`startedBy`), or what else started it.
    pub started_by: Option<String>,
    /// Its private addresses.
    pub addresses: Vec<IpAddr>,
    /// `PROVISIONING` … `RUNNING` … `DEPROVISIONING`.
    pub last_status: String,
}

/// A task that ended, with what ECS tells of why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedTask {
    /// The task's ARN.
    pub arn: String,
    /// AWS's stop code, such as `EssentialContainerExited`.
    pub stop_code: Option<String>,
    /// AWS's reason.
    pub stopped_reason: Option<String>,
    /// Its containers.
    pub containers: Vec<StoppedContainer>,
}

/// A container of a task that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedContainer {
    /// The container's name.
    pub name: String,
    /// Its exit code; `None` where it never ran.
    pub exit_code: Option<i32>,
    /// AWS's reason, such as `CannotPullContainerError: …`.
    pub reason: Option<String>,
}

/// The newest revision of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestTaskDefinition {
    /// The revision's ARN.
    pub arn: TaskDefinitionArn,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// A revision to register: FARGATE, awsvpc.
#[derive(Clone, PartialEq)]
pub struct TaskDefinition {
    /// The family.
    pub family: ServiceName,
    /// The container definitions in the API's shape, sent as they are.
    pub containers: Vec<Value>,
    /// CPU units of the task.
    pub cpu: String,
    /// Memory of the task in MiB.
    pub memory: String,
    /// The task's role; sent even when empty.
    pub task_role: RoleName,
    /// The agent's role; sent even when empty.
    pub execution_role: RoleName,
    /// Further members of the call in the API's shape, sent as they are.
    pub members: Map<String, Value>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

// Container definitions and volumes may hold passwords that someone wrote into their environment.
impl fmt::Debug for TaskDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { family, cpu, memory, task_role, execution_role, tags, .. } = self;
        let mut fields = f.debug_struct("TaskDefinition");
        fields.field("family", family).field("cpu", cpu).field("memory", memory);
        fields.field("task_role", task_role).field("execution_role", execution_role);
        fields.field("tags", tags).finish_non_exhaustive()
    }
}

/// A task set to create: 100 %, FARGATE unless [capacity providers](Self::has_strategy) are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTaskSet {
    /// `clientToken` for the immediate retry and `externalId` for finding it again: 36 characters
    /// at most.
    pub token: String,
    /// What it runs.
    pub task_definition: TaskDefinitionArn,
    /// The group its tasks are registered in.
    pub target_group: TargetGroupArn,
    /// The container that the load balancer talks to.
    pub container_name: String,
    /// The port that it listens on.
    pub container_port: u16,
    /// Subnets of the tasks.
    pub subnets: Vec<SubnetId>,
    /// Security groups of the tasks.
    pub security_groups: Vec<SecurityGroupId>,
    /// Whether the tasks get public addresses, in the API's word; AWS's default where `None`.
    pub assign_public_ip: Option<String>,
    /// Further members of the call in the API's shape, sent as they are.
    pub members: Map<String, Value>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl NewTaskSet {
    /// Whether its members name capacity providers, which take the launch type's place: ECS takes
    /// one of the two.
    pub fn has_strategy(&self) -> bool {
        let strategy = self.members.get("capacityProviderStrategy").and_then(Value::as_array);
        strategy.is_some_and(|providers| !providers.is_empty())
    }
}
