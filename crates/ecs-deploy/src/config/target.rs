//! What one deploy aims at.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ConfigError;
use crate::names::{
    AccountId, AppName, BuildNumber, ByColor, ClusterName, EnvironmentName, ListenerArn,
    ProjectName, Region, RoleName, SecurityGroupId, ServiceName, SubnetId, TargetGroupArn,
    TaskDefinitionArn,
};

/// One environment of one app, as the config describes it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Target {
    /// The app.
    pub app: AppName,
    /// The environment that is deployed.
    pub environment: EnvironmentName,
    /// The account of the lock table and of ArtifactDB.
    pub config_account: AccountId,
    /// The region of the lock table and of ArtifactDB.
    pub config_region: Region,
    /// The account of the service.
    pub account: AccountId,
    /// The region of the service.
    pub region: Region,
    /// The ArtifactDB project that holds the app's artifacts.
    pub artifact_project: ProjectName,
    /// The environment that must have had the same artifact and config before.
    pub requires_previous_env: Option<EnvironmentName>,
    /// The cluster of the service.
    pub cluster: ClusterName,
    /// The task definition family, which is also the service's name.
    pub family: ServiceName,
    /// The CPU of a task as ECS spells it; sent even if empty.
    pub cpu: String,
    /// The memory of a task as ECS spells it; sent even if empty.
    pub memory: String,
    /// The role of the program; sent even if empty.
    pub task_role: RoleName,
    /// The role that ECS starts the task with; sent even if empty.
    pub execution_role: RoleName,
    /// The security groups of the tasks.
    pub security_groups: Vec<SecurityGroupId>,
    /// The subnets of the tasks; at least one.
    pub subnets: Vec<SubnetId>,
    /// The listener whose rules are swapped.
    pub listener: ListenerArn,
    /// The two target groups, which differ.
    pub target_groups: ByColor<TargetGroupArn>,
    /// How long the new task set may take to become steady.
    pub rollout_timeout: Duration,
    /// How long each pre- or post-deploy command may take.
    pub command_timeout: Duration,
}

/// What templates can say about the artifact; the rest comes from the [`Target`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TemplateValues {
    /// `{{.Artifact.Value}}`.
    pub value: String,
    /// `{{.Artifact.BuildNumber}}`.
    pub build_number: BuildNumber,
    /// `{{.Artifact.Tags.NAME}}`.
    pub tags: BTreeMap<String, String>,
}

/// The templates of a target with values in place, all but those of the post-deploy commands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rendered {
    /// The container definitions, in the shape of the ECS API's JSON; at least one.
    pub containers: Vec<Value>,
    /// The name of the first container, which the load balancer sends requests to.
    pub container_name: String,
    /// The port of the first container.
    pub container_port: u16,
    /// The commands to run before anything is changed.
    pub pre: Vec<Command>,
}

/// A program with its arguments; no shell is involved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The program, looked up in `PATH` unless it has a slash.
    pub program: String,
    /// The arguments, without the program.
    pub arguments: Vec<String>,
}

impl Target {
    /// The key of the deploy lock: the app and the environment with a hyphen between.
    pub fn lock_key(&self) -> String {
        format!("{}-{}", self.app, self.environment)
    }

    /// Puts values into all templates but those of the post-deploy commands, which are only
    /// checked: a mistake in them must not show up after the swap.
    ///
    /// # Errors
    /// When a template names what does not exist, or when what comes out can't be deployed.
    pub fn render(&self, values: &TemplateValues) -> Result<Rendered, ConfigError> {
        let _ = values;
        unimplemented!()
    }

    /// Puts values into the templates of the post-deploy commands.
    ///
    /// # Errors
    /// When a template names what does not exist, which [`Target::render`] would have said too.
    pub fn render_post(
        &self,
        values: &TemplateValues,
        task_definition: &TaskDefinitionArn,
    ) -> Result<Vec<Command>, ConfigError> {
        let _ = (values, task_definition);
        unimplemented!()
    }
}
