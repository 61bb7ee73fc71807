//! What a journal is made of.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cloud::RuleArn;
use crate::names::{Color, TaskDefinitionArn, TaskSetId};
use crate::steps::Step;

/// What a rollback leads back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WayBack {
    /// The color that serves again.
    pub color: Color,
    /// The task set that is PRIMARY again.
    pub task_set: TaskSetId,
    /// What it runs.
    pub task_definition: TaskDefinitionArn,
    /// Whether the version that goes may have been served: the post-deploy commands then run again.
    pub was_served: bool,
    /// Whether that version is the one from before, deployed once more: its tag then stays.
    pub is_same_version: bool,
    /// The step that was begun last.
    pub step: Step,
    /// Whether the rollback ended well.
    pub done: bool,
}

/// Who deploys, and from where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Actor {
    /// The user's name.
    pub user: String,
    /// The host's name.
    pub host: String,
    /// The CI job's address, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.host)?;
        match &self.job {
            Some(job) => write!(f, " ({job})"),
            None => Ok(()),
        }
    }
}

/// The tokens of what is created; 36 characters at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tokens {
    /// Stands in a tag of the task definition.
    pub task_definition: String,
    /// Is the task set's `clientToken` and `externalId`.
    pub task_set: String,
}

/// What a deploy found before it changed anything that serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Before {
    /// The color that served.
    pub serving: Color,
    /// The priorities of the two rules.
    pub priorities: BTreeMap<RuleArn, u32>,
    /// The task set that was PRIMARY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<TaskSetId>,
}

/// How many commands are known to have finished.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CommandsDone {
    /// Of the pre-deploy commands.
    pub pre: usize,
    /// Of the post-deploy commands.
    pub post: usize,
}
