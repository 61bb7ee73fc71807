//! Everything that a deploy can change, as one closed enum.
//!
//! An effect is the unit of safety. Its intent is journaled before it is applied, its outcome
//! after; `look` tells whether it is done already, `apply` does it in at most one mutating call.
//! An effect whose answer was lost counts as perhaps done, so it is always looked for first, and to
//! run one twice is to run it once.

mod artifact;
mod command;
mod task_definition;
mod task_set;
mod traffic;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

pub use command::CommandFailure;
pub(crate) use task_definition::{BUILD_TAG, CONFIG_TAG, VALUE_TAG};

use crate::cloud::{Cloud, CloudError};
use crate::command::Commands;
use crate::config::ConfigError;
use crate::engine::Engine;
use crate::event::Reporter;
use crate::fence::Permit;
use crate::journal::State;
use crate::lock::LostLock;
use crate::names::{BuildNumber, Color, ProjectName, TaskDefinitionArn, TaskSetId};
use crate::plan::Blueprint;
use crate::traffic::RuleArn;

/// Something that a deploy changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "Kind", rename_all_fields = "PascalCase")]
pub enum Effect {
    /// Run a command of the user's.
    RunCommand {
        /// Before or after the swap.
        phase: Phase,
        /// Its place in the config, from 0.
        index: usize,
    },
    /// Register a revision of the family.
    RegisterTaskDefinition {
        /// Found again by this tag.
        token: String,
    },
    /// Create the new task set.
    CreateTaskSet {
        /// Found again by this `externalId`.
        token: String,
        /// What it runs.
        task_definition: TaskDefinitionArn,
        /// The color that it goes to.
        color: Color,
    },
    /// Stop all tasks of a set.
    ScaleToZero {
        /// Which.
        task_set: TaskSetId,
    },
    /// Delete a set that runs nothing.
    DeleteTaskSet {
        /// Which.
        task_set: TaskSetId,
    },
    /// Give the rules of the colors in one listener these priorities.
    ExchangePriorities {
        /// The priorities afterwards.
        to: BTreeMap<RuleArn, u32>,
    },
    /// Mark a set PRIMARY.
    MarkPrimary {
        /// Which.
        task_set: TaskSetId,
    },
    /// Tag the artifact as deployed.
    TagArtifact {
        /// The project in ArtifactDB.
        project: ProjectName,
        /// The build.
        build: BuildNumber,
        /// The tag.
        key: String,
        /// Its value.
        value: String,
    },
}

/// When a command of the user's runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Before anything is created.
    PreDeploy,
    /// After the new version serves.
    PostDeploy,
}

/// What came of an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is so; there is no more to tell.
    Done,
    /// The task definition.
    Registered(TaskDefinitionArn),
    /// The task set.
    Created(TaskSetId),
}

/// Whether an effect is done already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Look {
    /// It is.
    Done(Outcome),
    /// It is not.
    NotDone,
    /// It must not be done any more, for this reason.
    Forbidden(String),
}

/// What effects are looked for and applied with.
#[derive(Clone, Copy)]
pub(crate) struct Hands<'a> {
    /// Where they take place.
    pub cloud: &'a Cloud,
    /// What is deployed, rendered.
    pub blueprint: &'a Blueprint,
    /// Runs the commands.
    pub commands: &'a dyn Commands,
    /// Hears the commands' lines.
    pub reporter: &'a Reporter<'a>,
    /// Ends a command in order.
    pub cancel: &'a CancellationToken,
}

/// Why an effect could not be applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EffectError {
    /// AWS said no, or nothing.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// A template can't be rendered.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A command did not end well.
    #[error(transparent)]
    Command(#[from] CommandFailure),
    /// That a command was started, or has ended, could not be noted.
    #[error(transparent)]
    Lost(#[from] LostLock),
}

/// Looks whether an effect is done already.
pub(crate) async fn look(
    effect: &Effect,
    hands: Hands<'_>,
    state: &State,
) -> Result<Look, CloudError> {
    match effect {
        Effect::RunCommand { phase, index } => Ok(command::look(state, *phase, *index)),
        Effect::RegisterTaskDefinition { token } => task_definition::look(hands, token).await,
        Effect::CreateTaskSet { token, .. } => task_set::look_created(hands, token).await,
        Effect::ScaleToZero { task_set } => task_set::look_scaled(hands, task_set).await,
        Effect::DeleteTaskSet { task_set } => task_set::look_deleted(hands, task_set).await,
        Effect::ExchangePriorities { to } => traffic::look(hands, to).await,
        Effect::MarkPrimary { task_set } => task_set::look_primary(hands, state, task_set).await,
        Effect::TagArtifact { project, build, key, value } => {
            artifact::look(hands, project, *build, key, value).await
        }
    }
}

/// Does an effect, in at most one mutating call of AWS.
pub(crate) async fn apply(
    effect: &Effect,
    permit: &Permit,
    engine: &Engine<'_>,
) -> Result<Outcome, EffectError> {
    let Hands { cloud, blueprint, .. } = engine.hands;
    let service = &blueprint.service;
    match effect {
        Effect::RunCommand { phase, index } => command::run(engine, *phase, *index).await?,
        Effect::RegisterTaskDefinition { token } => {
            let definition = task_definition::specification(blueprint, token)?;
            return Ok(Outcome::Registered(cloud.ecs.register(permit, &definition).await?));
        }
        Effect::CreateTaskSet { token, task_definition, color } => {
            let set = task_set::specification(blueprint, token, task_definition, *color)?;
            let set = cloud.ecs.create_task_set(permit, service, &set).await?;
            return Ok(Outcome::Created(task_set::unless_draining(set)?));
        }
        Effect::ScaleToZero { task_set } => {
            task_set::unless_going(cloud.ecs.scale(permit, service, task_set, 0).await)?;
        }
        Effect::DeleteTaskSet { task_set } => {
            task_set::unless_going(cloud.ecs.delete(permit, service, task_set).await)?;
        }
        Effect::ExchangePriorities { to } => {
            cloud.load_balancer.set_priorities(permit, to).await?;
        }
        Effect::MarkPrimary { task_set } => {
            cloud.ecs.make_primary(permit, service, task_set).await?;
        }
        Effect::TagArtifact { project, build, key, value } => {
            cloud.artifacts.set_tag(permit, project, *build, key, value).await?;
        }
    }
    Ok(Outcome::Done)
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RunCommand { phase: Phase::PreDeploy, index } => {
                write!(f, "pre-deploy command {}", index + 1)
            }
            Self::RunCommand { phase: Phase::PostDeploy, index } => {
                write!(f, "post-deploy command {}", index + 1)
            }
            Self::RegisterTaskDefinition { .. } => f.write_str("register a task definition"),
            Self::CreateTaskSet { task_definition, color, .. } => {
                write!(f, "create a task set of {} on {color}", task_definition.family_revision())
            }
            Self::ScaleToZero { task_set } => write!(f, "scale {task_set} to 0"),
            Self::DeleteTaskSet { task_set } => write!(f, "delete {task_set}"),
            Self::ExchangePriorities { .. } => f.write_str("exchange the rules' priorities"),
            Self::MarkPrimary { task_set } => write!(f, "mark {task_set} PRIMARY"),
            Self::TagArtifact { build, key, value, .. } => {
                write!(f, "tag build {build} with {key}={value}")
            }
        }
    }
}
