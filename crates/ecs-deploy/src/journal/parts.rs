//! What a journal is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::command::ProcessGroup;
use crate::effect::Phase;
use crate::names::{Color, TaskDefinitionArn, TaskSetId};
use crate::steps::Step;
use crate::traffic::RuleArn;

/// How long names and addresses may be in a row, in bytes.
const MOST_NAME: usize = 256;
const MOST_ADDRESS: usize = 2000;

/// The beginning of a text, with a mark where something is missing.
pub(super) fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

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

impl Actor {
    /// The same with as much of its texts as a row can hold with ease: a job's address comes from the
    /// environment, and may be anything.
    pub(super) fn bounded(self) -> Self {
        Self {
            host: self.bounded_host(),
            user: cut(self.user, MOST_NAME),
            job: self.job.map(|job| cut(job, MOST_ADDRESS)),
        }
    }

    /// The host as a row names it.
    pub(crate) fn bounded_host(&self) -> String {
        cut(self.host.clone(), MOST_NAME)
    }
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

impl Tokens {
    /// Whether ECS takes it as one. An empty one would be found on what nobody made.
    pub(crate) fn takes(token: &str) -> bool {
        (1..=36).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
    }
}

/// What a deploy found before it changed anything that serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Before {
    /// The color that served.
    pub serving: Color,
    /// The priorities of the rules of both colors.
    pub priorities: BTreeMap<RuleArn, u32>,
    /// Those of them that forwarded to the color that served; empty where an earlier version of this
    /// program wrote it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub serving_rules: BTreeSet<RuleArn>,
    /// The task sets behind that color; empty where an earlier version wrote it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub serving_sets: BTreeSet<TaskSetId>,
    /// The task set that was PRIMARY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<TaskSetId>,
}

impl Before {
    /// The color that a rule forwarded to, where that is on record.
    pub(crate) fn color_of(&self, rule: &RuleArn) -> Option<Color> {
        let serves = self.serving_rules.contains(rule);
        let is_told = !self.serving_rules.is_empty() && self.priorities.contains_key(rule);
        is_told.then_some(if serves { self.serving } else { self.serving.other() })
    }
}

/// A command that was started and is not known to have ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Running {
    /// Before or after the swap.
    pub phase: Phase,
    /// Its place in the config, from 0.
    pub index: usize,
    /// The host that it was started on.
    pub host: String,
    /// Its processes.
    pub group: ProcessGroup,
    /// Since when it runs.
    pub since: Timestamp,
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

impl CommandsDone {
    /// How many of a phase.
    pub fn of(&self, phase: Phase) -> usize {
        match phase {
            Phase::PreDeploy => self.pre,
            Phase::PostDeploy => self.post,
        }
    }

    pub(super) fn of_mut(&mut self, phase: Phase) -> &mut usize {
        match phase {
            Phase::PreDeploy => &mut self.pre,
            Phase::PostDeploy => &mut self.post,
        }
    }
}
