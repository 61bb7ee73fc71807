//! A plan as data, for other programs.

use serde::Serialize;

use super::{Fate, Footing, Plan};
use crate::CommandPolicy;
use crate::cloud::{Artifact, TaskSetStatus};
use crate::names::{
    AccountId, AppName, ByColor, ClusterName, Color, ConfigSha, EnvironmentName, Region,
    ServiceName, TaskSetId,
};
use crate::steps::{Limit, Row, Step, TABLE};

/// The version of [`Summary`]. It grows when a member changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// What is said of a desired count of 0.
const ZERO: &str = "the desired count is 0: no task of the new version would run, nothing would be tested, \
                    and the build would get no tag";

/// What a deploy would do now. Holds nothing of the containers but their images: their environment
/// may hold passwords.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Summary {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The app.
    pub app: AppName,
    /// The environment.
    pub environment: EnvironmentName,
    /// The account of the service.
    #[serde(rename = "AccountID")]
    pub account: AccountId,
    /// The region of the service.
    pub region: Region,
    /// The cluster of the service.
    pub cluster: ClusterName,
    /// The service.
    pub service: ServiceName,
    /// How many tasks the new task set will have.
    pub desired_count: u32,
    /// What would be deployed.
    pub artifact: Artifact,
    /// The commit of the config.
    #[serde(rename = "ConfigSHA")]
    pub config_sha: ConfigSha,
    /// The color that serves.
    pub serving_color: Color,
    /// The color that would serve.
    pub new_color: Color,
    /// The priorities of the rules as they are.
    pub priorities: ByColor<u32>,
    /// The priorities after the swap.
    pub new_priorities: ByColor<u32>,
    /// The images of the new task definition, in the order of its containers.
    pub images: Vec<String>,
    /// What a person should know of the listeners' rules.
    pub notes: Vec<String>,
    /// The task set that would be marked PRIMARY before anything else, as it serves and is not.
    pub marks_first: Option<TaskSetId>,
    /// The task sets that are there.
    pub task_sets: Vec<PlannedSet>,
    /// The steps, in order.
    pub steps: Vec<PlannedStep>,
}

/// A task set that is there.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PlannedSet {
    /// `ecs-svc/…`.
    #[serde(rename = "ID")]
    pub id: TaskSetId,
    /// The color whose target group its tasks are in; `None` for another group.
    pub color: Option<Color>,
    /// Where it is in its life.
    pub status: TaskSetStatus,
    /// Its task definition, as `FAMILY:REVISION`.
    pub task_definition: String,
    /// Tasks that run.
    pub running: u32,
    /// What becomes of it.
    pub fate: Fate,
}

/// A step of the deploy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PlannedStep {
    /// Its number.
    pub step: Step,
    /// A word for it.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// How long it may take, in seconds: each command where it runs commands; `None` where that
    /// depends on how old tasks end.
    pub limit_seconds: Option<f64>,
    /// Whether it is left out.
    pub skipped: bool,
}

impl Plan {
    /// The plan as data.
    pub fn summary(&self, commands: CommandPolicy) -> Summary {
        let target = &self.blueprint.target;
        let live = self.preflight.serving();
        let first = self.preflight.traffic().pairs().find(|pair| pair.leads());
        let priorities = first.map(|pair| pair.rules.clone().map(|rule| rule.priority));
        let priorities = priorities.unwrap_or_default();
        let images = self.rendered.containers.iter();
        Summary {
            schema: SCHEMA,
            app: target.app.clone(),
            environment: target.environment.clone(),
            account: target.account.clone(),
            region: target.region.clone(),
            cluster: target.cluster.clone(),
            service: target.family.clone(),
            desired_count: self.preflight.service.desired_count,
            artifact: self.blueprint.artifact.clone(),
            config_sha: self.blueprint.config_sha.clone(),
            serving_color: live,
            new_color: live.other(),
            priorities,
            new_priorities: ByColor { blue: priorities.green, green: priorities.blue },
            images: images.filter_map(|it| it["image"].as_str()).map(str::to_owned).collect(),
            notes: self.notes(),
            marks_first: match self.preflight.footing() {
                Ok(Footing::MarkFirst(set)) => Some(set),
                _ => None,
            },
            task_sets: self.planned_sets(),
            steps: TABLE.iter().map(|row| self.planned_step(row, commands)).collect(),
        }
    }

    /// What a person should know: rules that take requests before the colors' rules, and a desired count
    /// that leaves nothing to test.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.preflight.traffic().notes();
        if self.preflight.service.desired_count == 0 {
            notes.push(ZERO.to_owned());
        }
        notes
    }

    fn planned_sets(&self) -> Vec<PlannedSet> {
        let groups = &self.blueprint.target.target_groups;
        let sets = self.fates().map(|(set, fate)| PlannedSet {
            id: set.id.clone(),
            color: groups.find(|group| set.target_groups.contains(group)),
            status: set.status,
            task_definition: set.task_definition.family_revision(),
            running: set.running,
            fate,
        });
        sets.collect()
    }

    fn planned_step(&self, row: &Row, commands: CommandPolicy) -> PlannedStep {
        let target = &self.blueprint.target;
        let limit = match row.limit {
            Limit::Fixed(limit) => Some(limit),
            Limit::Rollout => Some(target.rollout_timeout),
            Limit::EachCommand => Some(target.command_timeout),
            Limit::Drain => None,
        };
        PlannedStep {
            step: row.step,
            name: row.name.to_owned(),
            purpose: row.purpose.to_owned(),
            limit_seconds: limit.map(|limit| limit.as_secs_f64()),
            skipped: row.limit == Limit::EachCommand && commands == CommandPolicy::Skip,
        }
    }
}
