//! What one deploy aims at.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::call_members::{CallMemberTemplates, RenderedCallMembers};
use super::check::{Checker, Surroundings};
use super::container::Containers;
use super::error::{ConfigError, Problem};
use super::file::{App, CommandText, Deployment, Environment};
use super::hidden::Hidden;
use super::limits::Calls;
use super::listeners::Listeners;
use super::rendered::{CommandTemplate, Rendered, TemplateValues};
use super::source::{At, Source, Text};
use super::template::{Renderer, Template};
use super::{Config, size};
use crate::command::Command;
use crate::effect::Phase;
use crate::names::{
    AccountId, AppName, Arn, ByColor, CloudTamerRole, ClusterName, Color, EnvironmentName,
    ListenerArn, ProjectName, Region, RoleArn, RoleName, SecurityGroupId, ServiceName, SubnetId,
    TargetGroupArn, TaskDefinitionArn,
};
use crate::traffic::{RuleArn, Scope};

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
    /// The role that is assumed for the lock table and for ArtifactDB, where the config names one.
    pub config_role: Option<RoleArn>,
    /// The account of the service.
    pub account: AccountId,
    /// The region of the service.
    pub region: Region,
    /// The role that is assumed for the service and its balancer, where the config names one.
    pub deploy_role: Option<RoleArn>,
    /// The roles that may be taken on in CloudTamer, the preferred one first; none where the config
    /// leaves that open.
    pub cloud_tamer_roles: Vec<CloudTamerRole>,
    /// The ArtifactDB project that holds the app's artifacts; without one an image is deployed.
    pub artifact_project: Option<ProjectName>,
    /// The environment that must have had the same artifact and config before; only where there is
    /// a project.
    pub requires_previous_env: Option<EnvironmentName>,
    /// The cluster of the service.
    pub cluster: ClusterName,
    /// The task definition family, which is also the service's name.
    pub family: ServiceName,
    /// The CPU of a task as ECS spells it; [`Target::render`] refuses an empty one.
    pub cpu: String,
    /// The memory of a task as ECS spells it; [`Target::render`] refuses an empty one.
    pub memory: String,
    /// The role of the program; sent even if empty.
    pub task_role: RoleName,
    /// The role that ECS starts the task with; sent even if empty.
    pub execution_role: RoleName,
    /// The security groups of the tasks.
    pub security_groups: Vec<SecurityGroupId>,
    /// The subnets of the tasks; at least one.
    pub subnets: Vec<SubnetId>,
    /// The listener whose rules are exchanged, and the one that the original knows.
    pub listener: ListenerArn,
    /// Further listeners of the same balancer whose rules are exchanged.
    pub further_listeners: Vec<ListenerArn>,
    /// The listener that is there to try a version out.
    pub test_listener: Option<ListenerArn>,
    /// Rules that are neither moved nor counted as live.
    pub accepted_rules: BTreeSet<RuleArn>,
    /// The two target groups, which differ.
    pub target_groups: ByColor<TargetGroupArn>,
    /// How long the new task set may take to become steady.
    pub rollout_timeout: Duration,
    /// How long each pre- or post-deploy command may take.
    pub command_timeout: Duration,
    /// How long after a swap the tasks that served before are left untouched: a balancer follows
    /// changed rules late.
    pub settle_time: Duration,
    containers: Containers,
    members: CallMemberTemplates,
    pre: Vec<CommandTemplate>,
    post: Vec<CommandTemplate>,
    source: Arc<Source>,
}

/// The limit of a rollout and of a command where the config has none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// AWS names no bound for when a balancer follows; reports of errors ended with two minutes.
const DEFAULT_SETTLE_TIME: Duration = Duration::from_secs(120);

impl Target {
    /// The key of the deploy lock: the app and the environment with a hyphen between.
    pub fn lock_key(&self) -> String {
        format!("{}-{}", self.app, self.environment)
    }

    /// Which rules a deploy moves.
    pub fn traffic_scope(&self) -> Scope {
        let main = std::iter::once(&self.listener);
        Scope {
            groups: self.target_groups.clone(),
            listeners: main.chain(&self.further_listeners).cloned().collect(),
            test_listener: self.test_listener.clone(),
            accepted_rules: self.accepted_rules.clone(),
        }
    }

    /// Puts values into all templates but those of the post-deploy commands, which are only
    /// checked: a mistake in them must not show up after the swap.
    ///
    /// # Errors
    /// When a template names what does not exist, when what comes out can't be deployed, or when AWS
    /// is certain to refuse it.
    pub fn render(&self, values: &TemplateValues) -> Result<Rendered, ConfigError> {
        let rendered = self.render_unchecked(values)?;
        Calls::of(self, &rendered).hold(&self.source, self)?;
        Ok(rendered)
    }

    /// What AWS said, with names in place of what may be secrets; see [`Rendered::hide`]. As it is
    /// where the templates can't be rendered, and so nothing of theirs was sent.
    pub(crate) fn hide(&self, values: &TemplateValues, said: &str) -> String {
        // A config that AWS would refuse by now may have been taken before it was changed.
        let rendered = self.render_unchecked(values);
        rendered.map_or_else(|_| said.to_owned(), |rendered| rendered.hide(said))
    }

    fn render_unchecked(&self, values: &TemplateValues) -> Result<Rendered, ConfigError> {
        let renderer = Renderer::new(&self.source, self, values);
        let containers = self.containers.render(&renderer)?;
        let RenderedCallMembers { task_definition, task_set, assign_public_ip } =
            self.members.render(&renderer)?;
        let pre = render_commands(&self.pre, &renderer)?;
        render_commands(&self.post, &renderer.with_task_definition(self.unregistered()))?;
        let container_name = containers[0].0.clone();
        let containers: Vec<Value> = containers.into_iter().map(|(_, value)| value).collect();
        Ok(Rendered {
            hidden: Hidden::of(&containers, &task_definition, self, values),
            container_name,
            container_port: self.containers.port(),
            containers,
            task_definition,
            task_set,
            assign_public_ip,
            pre,
        })
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
        let renderer = Renderer::new(&self.source, self, values);
        render_commands(
            &self.post,
            &renderer.with_task_definition(task_definition.family_revision()),
        )
    }

    /// The commands of a phase with values in place, each with the place of its program. The task
    /// definition that the post-deploy commands may name is not registered yet.
    pub(super) fn commands_ahead(
        &self,
        phase: Phase,
        values: &TemplateValues,
    ) -> Result<Vec<(&At, Command)>, ConfigError> {
        let renderer = Renderer::new(&self.source, self, values);
        let (templates, renderer) = match phase {
            Phase::PreDeploy => (&self.pre, renderer),
            Phase::PostDeploy => (&self.post, renderer.with_task_definition(self.unregistered())),
        };
        templates.iter().map(|it| Ok((it.at(), it.render(&renderer)?))).collect()
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// Stands for the revision that is to be registered.
    pub(super) fn unregistered(&self) -> String {
        format!("{}:1", self.family)
    }

    pub(super) fn of(
        config: &Config,
        app: &App,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let source = &*config.source;
        let own = Checker::new(source, &environment.at);
        let deployment = environment.deployment.as_ref().or(app.deployment.as_ref());
        let or = |default: Duration, pick: fn(&Deployment) -> Option<Duration>| {
            deployment.and_then(pick).unwrap_or(default)
        };
        let deploy_role = environment.deploy_role.as_ref().or(app.deploy_role.as_ref());
        let account = own.required("AccountID", environment.account.as_ref())?;
        let Listeners { mut moved, test, accepted_rules } = Listeners::of(environment, source)?;
        let target = Self {
            app: app.name.clone(),
            environment: environment.name.clone(),
            config_account: config.account.clone(),
            config_region: config.region.clone(),
            config_role: config.role.clone(),
            deploy_role: own.role_of(&account, deploy_role)?,
            cloud_tamer_roles: config.cloud_tamer_roles.clone(),
            account,
            region: own.required("Region", environment.region.as_ref())?,
            artifact_project: project(app, source)?,
            requires_previous_env: previous(app, environment, source)?,
            cluster: own.required("Cluster", environment.cluster.as_ref())?,
            family: own.required("Family", environment.family.as_ref())?,
            cpu: size::cpu(environment.cpu.as_ref(), source)?,
            memory: size::memory(environment.memory.as_ref(), source)?,
            task_role: own.optional(environment.task_role.as_ref())?,
            execution_role: own.optional(environment.execution_role.as_ref())?,
            security_groups: own.names(&environment.security_groups)?,
            subnets: own.at_least_one("Subnets", &environment.subnets)?,
            listener: moved.remove(0),
            further_listeners: moved,
            test_listener: test,
            accepted_rules,
            target_groups: target_groups(environment, source)?,
            rollout_timeout: or(DEFAULT_TIMEOUT, |d| d.rollout_timeout),
            command_timeout: or(DEFAULT_TIMEOUT, |d| d.command_timeout),
            settle_time: or(DEFAULT_SETTLE_TIME, |d| d.settle_time),
            containers: Containers::of(&app.containers, &app.at, source)?,
            members: CallMemberTemplates::of(&app.members, &environment.members, source)?,
            pre: commands(&app.pre, source, Template::before_deploy)?,
            post: commands(&app.post, source, Template::after_deploy)?,
            source: Arc::clone(&config.source),
        };
        target.check_surroundings(environment, deploy_role)?;
        Ok(target)
    }

    /// How many pre-deploy commands there are.
    pub fn pre_command_count(&self) -> usize {
        self.pre.len()
    }

    /// How many post-deploy commands there are.
    pub fn post_command_count(&self) -> usize {
        self.post.len()
    }

    /// Refuses resources of another partition, region or account than the environment's.
    fn check_surroundings(
        &self,
        environment: &Environment,
        deploy_role: Option<&Text>,
    ) -> Result<(), ConfigError> {
        let surroundings = Surroundings {
            source: &self.source,
            partition: self.listener.arn().partition(),
            region: &self.region,
            account: &self.account,
        };
        let hold = |arn: Option<&Arn>, text: Option<&Text>| match (arn, text) {
            (Some(arn), Some(text)) => surroundings.hold(arn, text),
            _ => Ok(()),
        };
        hold(Some(self.listener.arn()), environment.listener.as_ref())?;
        hold(self.cluster.arn().as_ref(), environment.cluster.as_ref())?;
        hold(self.deploy_role.as_ref().map(RoleArn::arn), deploy_role)?;
        hold(self.task_role.arn().as_ref(), environment.task_role.as_ref())?;
        hold(self.execution_role.arn().as_ref(), environment.execution_role.as_ref())?;
        for (color, group) in self.target_groups.iter() {
            hold(Some(group.arn()), environment.target_group(color))?;
        }
        Ok(())
    }
}

/// The app's project in ArtifactDB; empty text counts as absent.
fn project(app: &App, source: &Source) -> Result<Option<ProjectName>, ConfigError> {
    let text = app.artifact_project.as_ref().filter(|text| !text.value.is_empty());
    text.map(|text| Checker::new(source, &app.at).name(text)).transpose()
}

/// The environment that must come first, which has to be another one of the same app.
fn previous(
    app: &App,
    environment: &Environment,
    source: &Source,
) -> Result<Option<EnvironmentName>, ConfigError> {
    let Some(text) = environment.requires_previous.as_ref() else {
        return Ok(None);
    };
    if text.value.is_empty() {
        return Ok(None);
    }
    if text.value == environment.name.as_str() {
        return Err(source.unusable(&text.at, "an environment can't come before itself"));
    }
    if project(app, source)?.is_none() {
        let why = "needs the tags of ArtifactDB, and the app has no `ArtifactDBProjectName`";
        return Err(source.unusable(&text.at, why));
    }
    let mut others = app.environments.iter().map(|other| &other.name);
    let found = others.find(|name| name.as_str() == text.value).cloned();
    let known: Vec<&str> = app.environments.iter().map(|e| e.name.as_str()).collect();
    let unknown = || source.error(&text.at, Problem::unknown("environment", &text.value, &known));
    found.ok_or_else(unknown).map(Some)
}

fn target_groups(
    environment: &Environment,
    source: &Source,
) -> Result<ByColor<TargetGroupArn>, ConfigError> {
    let checker = Checker::new(source, &environment.at);
    for (color, _) in &environment.target_groups {
        checker.name::<Color>(color)?;
    }
    let groups = ByColor::try_from_fn(|color| {
        let member = match color {
            Color::Blue => "TargetGroupARNs.blue",
            Color::Green => "TargetGroupARNs.green",
        };
        checker.required(member, environment.target_group(color))
    })?;
    match environment.target_group(Color::Green) {
        Some(text) if groups.blue == groups.green => {
            let why = "both colors have the same target group, so nothing could be swapped";
            Err(source.unusable(&text.at, why))
        }
        _ => Ok(groups),
    }
}

fn commands(
    texts: &[CommandText],
    source: &Source,
    compile: impl Fn(&Text, &Source) -> Result<Template, ConfigError> + Copy,
) -> Result<Vec<CommandTemplate>, ConfigError> {
    texts.iter().map(|text| CommandTemplate::of(text, source, compile)).collect()
}

fn render_commands(
    templates: &[CommandTemplate],
    renderer: &Renderer<'_>,
) -> Result<Vec<Command>, ConfigError> {
    templates.iter().map(|t| t.render(renderer)).collect()
}
