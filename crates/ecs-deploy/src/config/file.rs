//! The config file as it is written: every member with its type and place, nothing decided yet.

use std::time::Duration;

use dynamolock::GoDuration;

use super::error::{ConfigError, Problem};
use super::node::Node;
use super::read::{Cursor, Members};
use super::shape::Shape::{List, Map, Struct, Text as TEXT};
use super::shape::{self, TEXTS};
use super::source::{At, Text};
use crate::names::{AppName, Color, EnvironmentName};

#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) account: Option<Text>,
    pub(super) region: Option<Text>,
    pub(super) role: Option<Text>,
    pub(super) cloud_tamer_roles: Vec<Text>,
    pub(super) apps: Vec<App>,
    pub(super) at: At,
}

#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) name: AppName,
    pub(super) at: At,
    pub(super) artifact_project: Option<Text>,
    pub(super) containers: Vec<Container>,
    pub(super) pre: Vec<CommandText>,
    pub(super) post: Vec<CommandText>,
    pub(super) members: CallMembers,
    pub(super) deploy_role: Option<Text>,
    pub(super) deployment: Option<Deployment>,
    pub(super) environments: Vec<Environment>,
}

#[derive(Debug, Clone)]
pub(super) struct Container {
    pub(super) at: At,
    pub(super) definition: Node<Text>,
}

#[derive(Debug, Clone)]
pub(super) struct CommandText {
    pub(super) at: At,
    pub(super) program: Option<Text>,
    pub(super) arguments: Vec<Text>,
}

/// How deploys go, for an app or in its place for one environment.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) rollout_timeout: Option<Duration>,
    pub(super) command_timeout: Option<Duration>,
    pub(super) settle_time: Option<Duration>,
}

/// Members of ECS's calls that an app or an environment adds.
#[derive(Debug, Clone)]
pub(super) struct CallMembers {
    pub(super) task_definition: Option<Node<Text>>,
    pub(super) task_set: Option<Node<Text>>,
}

#[derive(Debug, Clone)]
pub(super) struct Environment {
    pub(super) name: EnvironmentName,
    pub(super) at: At,
    pub(super) account: Option<Text>,
    pub(super) region: Option<Text>,
    pub(super) requires_previous: Option<Text>,
    pub(super) cluster: Option<Text>,
    pub(super) family: Option<Text>,
    pub(super) cpu: Option<Text>,
    pub(super) memory: Option<Text>,
    pub(super) task_role: Option<Text>,
    pub(super) execution_role: Option<Text>,
    pub(super) security_groups: Vec<Text>,
    pub(super) subnets: Vec<Text>,
    pub(super) listener: Option<Text>,
    pub(super) further_listeners: Vec<Text>,
    pub(super) test_listener: Option<Text>,
    pub(super) accepted_rules: Vec<Text>,
    pub(super) target_groups: Vec<(Text, Text)>,
    pub(super) members: CallMembers,
    pub(super) deploy_role: Option<Text>,
    pub(super) deployment: Option<Deployment>,
}

/// The whole file.
pub(super) const FILE: shape::Members = &[
    // An editor's pointer to the schema.
    ("$schema", TEXT),
    ("ConfigAccountID", TEXT),
    ("ConfigRegion", TEXT),
    ("ConfigRoleARN", TEXT),
    ("CloudTamerRoles", TEXTS),
    ("Apps", Map(&Struct(APP))),
];

const APP: shape::Members = &[
    ("ArtifactDBProjectName", TEXT),
    ("ContainerDefinitionTemplates", List(&shape::CONTAINER_DEFINITION)),
    ("PreDeployCommandTemplates", List(&Struct(COMMAND))),
    ("PostDeployCommandTemplates", List(&Struct(COMMAND))),
    ("TaskDefinition", shape::TASK_DEFINITION),
    ("TaskSet", shape::TASK_SET),
    ("DeployRoleARN", TEXT),
    ("Deployment", Struct(DEPLOYMENT)),
    ("Environments", Map(&Struct(ENVIRONMENT))),
];

/// Members that may stand in an app or in an environment.
const LATER_IN_APP: &[&str] = &["RequiresTags"];

const COMMAND: shape::Members = &[("Program", TEXT), ("Arguments", TEXTS)];

const ENVIRONMENT: shape::Members = &[
    ("AccountID", TEXT),
    ("Region", TEXT),
    ("RequiresPreviousEnvDeploy", TEXT),
    ("Cluster", TEXT),
    ("Family", TEXT),
    ("CPU", TEXT),
    ("Memory", TEXT),
    ("TaskRoleArn", TEXT),
    ("ExecutionRoleArn", TEXT),
    ("SecurityGroups", TEXTS),
    ("Subnets", TEXTS),
    ("ListenerARN", TEXT),
    ("ListenerARNs", TEXTS),
    ("TestListenerARN", TEXT),
    ("AcceptedRules", TEXTS),
    ("TargetGroupARNs", Map(&TEXT)),
    ("TaskDefinition", shape::TASK_DEFINITION),
    ("TaskSet", shape::TASK_SET),
    ("DeployRoleARN", TEXT),
    ("Deployment", Struct(DEPLOYMENT)),
];

const DEPLOYMENT: shape::Members =
    &[("RolloutTimeout", TEXT), ("CommandTimeout", TEXT), ("SettleTime", TEXT)];

const LATER_IN_DEPLOYMENT: &[&str] = &[
    "Checks",
    "Hooks",
    "Strategy",
    "BakeTime",
    "BakeChecks",
    "AlarmNames",
    "Max5xxPercent",
    "OnFailure",
    "FailedTaskSet",
    "OldTaskSet",
    "AutoScaling",
];

impl File {
    pub(super) fn read(cursor: &Cursor<'_>) -> Result<Self, ConfigError> {
        let members = cursor.members(FILE, &[])?;
        let apps = members.entries("Apps")?;
        let mut apps = read_all(&apps, |(name, app)| App::read(name, app))?;
        apps.sort_by(|a, b| a.name.cmp(&b.name));
        // It has no effect here, and is of the type that an editor expects.
        members.text("$schema")?;
        Ok(Self {
            account: members.text("ConfigAccountID")?,
            region: members.text("ConfigRegion")?,
            role: members.text("ConfigRoleARN")?,
            cloud_tamer_roles: members.texts("CloudTamerRoles")?,
            apps,
            at: members.at,
        })
    }
}

impl App {
    fn read(name: &Text, cursor: &Cursor<'_>) -> Result<Self, ConfigError> {
        let members = cursor.members(APP, LATER_IN_APP)?;
        let containers = members.list("ContainerDefinitionTemplates")?;
        let pre = members.list("PreDeployCommandTemplates")?;
        let post = members.list("PostDeployCommandTemplates")?;
        let environments = members.entries("Environments")?;
        let mut environments = read_all(&environments, |(n, e)| Environment::read(n, e))?;
        environments.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            name: name.value.parse().map_err(|e| cursor.error(Problem::Name(e)))?,
            artifact_project: members.text("ArtifactDBProjectName")?,
            containers: read_all(&containers, Container::read)?,
            pre: read_all(&pre, CommandText::read)?,
            post: read_all(&post, CommandText::read)?,
            members: CallMembers::read(&members)?,
            deploy_role: members.text("DeployRoleARN")?,
            deployment: Deployment::read(&members)?,
            environments,
            at: members.at,
        })
    }
}

impl Container {
    fn read(cursor: &Cursor<'_>) -> Result<Self, ConfigError> {
        Ok(Self { definition: Node::read(cursor, &shape::CONTAINER_DEFINITION)?, at: cursor.at() })
    }
}

impl CommandText {
    fn read(cursor: &Cursor<'_>) -> Result<Self, ConfigError> {
        let members = cursor.members(COMMAND, &[])?;
        Ok(Self {
            program: members.text("Program")?,
            arguments: members.texts("Arguments")?,
            at: members.at,
        })
    }
}

impl Deployment {
    /// Reads the member `Deployment` of an app or an environment.
    fn read(owner: &Members<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(cursor) = owner.get("Deployment") else {
            return Ok(None);
        };
        let members = cursor.members(DEPLOYMENT, LATER_IN_DEPLOYMENT)?;
        Ok(Some(Self {
            rollout_timeout: members.get("RolloutTimeout").map(read_duration).transpose()?,
            command_timeout: members.get("CommandTimeout").map(read_duration).transpose()?,
            settle_time: members.get("SettleTime").map(read_duration).transpose()?,
        }))
    }
}

impl CallMembers {
    /// Reads the members `TaskDefinition` and `TaskSet` of an app or an environment.
    fn read(owner: &Members<'_>) -> Result<Self, ConfigError> {
        let node = |name, shape| owner.get(name).map(|it| Node::read(it, shape)).transpose();
        Ok(Self {
            task_definition: node("TaskDefinition", &shape::TASK_DEFINITION)?,
            task_set: node("TaskSet", &shape::TASK_SET)?,
        })
    }
}

impl Environment {
    fn read(name: &Text, cursor: &Cursor<'_>) -> Result<Self, ConfigError> {
        let members = cursor.members(ENVIRONMENT, LATER_IN_APP)?;
        let target_groups = members.entries("TargetGroupARNs")?;
        Ok(Self {
            name: name.value.parse().map_err(|e| cursor.error(Problem::Name(e)))?,
            account: members.text("AccountID")?,
            region: members.text("Region")?,
            requires_previous: members.text("RequiresPreviousEnvDeploy")?,
            cluster: members.text("Cluster")?,
            family: members.text("Family")?,
            cpu: members.text("CPU")?,
            memory: members.text("Memory")?,
            task_role: members.text("TaskRoleArn")?,
            execution_role: members.text("ExecutionRoleArn")?,
            security_groups: members.texts("SecurityGroups")?,
            subnets: members.texts("Subnets")?,
            listener: members.text("ListenerARN")?,
            further_listeners: members.texts("ListenerARNs")?,
            test_listener: members.text("TestListenerARN")?,
            accepted_rules: members.texts("AcceptedRules")?,
            target_groups: read_all(&target_groups, |(k, v)| Ok((k.clone(), v.text()?)))?,
            members: CallMembers::read(&members)?,
            deploy_role: members.text("DeployRoleARN")?,
            deployment: Deployment::read(&members)?,
            at: members.at,
        })
    }
}

impl Environment {
    /// What the file has as a color's target group.
    pub(super) fn target_group(&self, color: Color) -> Option<&Text> {
        let mut all = self.target_groups.iter();
        all.find(|(key, _)| key.value == color.as_str()).map(|(_, text)| text)
    }
}

fn read_all<T, U>(
    all: &[T],
    read: impl Fn(&T) -> Result<U, ConfigError>,
) -> Result<Vec<U>, ConfigError> {
    all.iter().map(read).collect()
}

fn read_duration(cursor: &Cursor<'_>) -> Result<Duration, ConfigError> {
    let text = cursor.text()?;
    let duration: Option<GoDuration> = text.value.parse().ok();
    duration.map(GoDuration::to_std).filter(|it| !it.is_zero()).ok_or_else(|| {
        cursor.error(Problem::Unusable(format!(
            "`{}` is not a duration: expected a form like `10m`, `90s` or `1h30m`, more than zero",
            text.value
        )))
    })
}
