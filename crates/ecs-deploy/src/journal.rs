//! The durable state of a deploy, and the one function that changes it.
//!
//! It lives in the lock row's data: the original's status, which the Go programs read, and one
//! member of our own, the [`Journal`], which they ignore. [`State::apply`] is pure and serves live
//! writes and replay alike; [`codec`] turns the state into the row's bytes and back.

pub mod codec;
mod entry;
mod parts;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cloud::Artifact;
use crate::effect::{Effect, Outcome};
use crate::names::{Color, ConfigSha, PlanDigest, TaskDefinitionArn, TaskSetId};
use crate::steps::Step;
use parts::cut;

pub use entry::{Entry, Header};
pub use parts::{Actor, Before, CommandsDone, Running, Tokens, WayBack};

/// The version of the [`Journal`] that this program writes.
pub const VERSION: u32 = 1;

/// How much of a reason the row keeps, in bytes.
const MOST_WORDS: usize = 2000;

/// All that is known of a deploy when its process is gone.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// What is deployed.
    pub artifact: Artifact,
    /// The commit of its config.
    pub config_sha: ConfigSha,
    /// The step that was begun last.
    pub step: Step,
    /// The color that the deploy puts the new version on; known from step 3 on.
    pub new_color: Option<Color>,
    /// The new task set; known from step 6 on.
    pub task_set: Option<TaskSetId>,
    /// Whether the deploy ended well.
    pub done: bool,
    /// Our own part; `None` in a row that a Go program wrote.
    pub journal: Option<Journal>,
}

/// What the original's status can't say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Journal {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// Names this deploy, through all its resumes.
    #[serde(rename = "DeployID")]
    pub deploy_id: String,
    /// Who works on it.
    pub by: Actor,
    /// Since when.
    pub at: Timestamp,
    /// Names what it makes; `None` where only a rollback is on record, or an earlier version of this
    /// program wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanDigest>,
    /// Minted before anything is created, so that a lost answer can be found again.
    pub tokens: Tokens,
    /// What the deploy found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
    /// The task definition, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_definition: Option<TaskDefinitionArn>,
    /// How many commands of each phase are known to have finished.
    #[serde(default)]
    pub commands: CommandsDone,
    /// The effect that was begun and whose outcome is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doing: Option<Effect>,
    /// How often that effect was begun, through all resumes.
    #[serde(default, skip_serializing_if = "is_none")]
    pub attempt: u32,
    /// The command that was started and is not known to have ended, by this deploy or the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
    /// When the priorities were exchanged last, in this deploy or the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_at: Option<Timestamp>,
    /// Whether they are known to have been exchanged in this deploy.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exchanged: bool,
    /// Whether no task of the new version ran before the shift, so that nothing was tested.
    #[serde(default, skip_serializing_if = "is_false")]
    pub untested: bool,
    /// The way back, once the deploy is rolled back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback: Option<WayBack>,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Journal {
    /// The journal of a deploy that has done nothing yet.
    pub fn new(header: Header) -> Self {
        Self {
            version: VERSION,
            deploy_id: header.deploy_id,
            by: header.by.bounded(),
            at: header.at,
            plan: None,
            tokens: header.tokens,
            before: None,
            task_definition: None,
            commands: CommandsDone::default(),
            doing: None,
            attempt: 0,
            running: header.running,
            swapped_at: header.swapped_at,
            exchanged: false,
            untested: false,
            rollback: None,
            failure: None,
        }
    }
}

fn is_none(attempt: &u32) -> bool {
    *attempt == 0
}

fn is_false(known: &bool) -> bool {
    !known
}

impl State {
    /// The state of a deploy that begins.
    pub fn new(artifact: Artifact, config_sha: ConfigSha, header: Header) -> Self {
        Self {
            artifact,
            config_sha,
            step: Step::Lock,
            new_color: None,
            task_set: None,
            done: false,
            journal: Some(Journal::new(header)),
        }
    }

    /// The way back that is under way, or was not taken to its end.
    pub fn open_rollback(&self) -> Option<&WayBack> {
        self.rollback().filter(|way| !way.done)
    }

    /// The way back that was taken, or is.
    pub fn rollback(&self) -> Option<&WayBack> {
        self.journal.as_ref()?.rollback.as_ref()
    }

    /// Whether nobody has to decide on it: it ended well, or was rolled back.
    pub fn is_settled(&self) -> bool {
        self.done && self.open_rollback().is_none()
    }

    /// Whether the deploy may have let its version be served, by what was written of it.
    pub(crate) fn may_have_served(&self) -> bool {
        // Without a word of ours about what was there before, a Go program brought it this far.
        let written = self.journal.as_ref().filter(|journal| journal.before.is_some());
        let has_begun_to_swap =
            written.is_none_or(|journal| journal.exchanged || journal.is_exchanging());
        self.done || self.step > Step::Swap || self.step == Step::Swap && has_begun_to_swap
    }

    /// The step that was begun last, of the deploy or of its rollback.
    pub fn reached(&self) -> Step {
        self.open_rollback().map_or(self.step, |way| way.step)
    }

    /// The color that shall serve, or does when it is done.
    pub fn color_to_serve(&self) -> Option<Color> {
        self.rollback().map(|way| way.color).or(self.new_color)
    }

    /// Applies one entry. Entries that concern our own part do nothing where there is none.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            // The Go programs read no more than these: at a later step, or not done, they would go on
            // with the deploy.
            Entry::RollBack(_) => (self.done, self.step) = (true, self.step.min(Step::Swap)),
            Entry::Enter(_) | Entry::Finish if self.open_rollback().is_some() => {}
            Entry::Enter(step) => self.step = *step,
            Entry::Finish => (self.done, self.step) = (true, Step::Record),
            Entry::Saw { before, .. } => self.see(before.serving.other()),
            Entry::Did { effect, outcome, .. } => self.note(effect, outcome),
            Entry::Take { .. } | Entry::Intend { .. } | Entry::Fail(_) => {}
            Entry::Started(_) | Entry::Ended | Entry::Checked { .. } => {}
        }
        if let Some(journal) = &mut self.journal {
            journal.apply(entry);
        }
    }

    /// A task set on the color that serves is none that this deploy may go on with.
    fn see(&mut self, new_color: Color) {
        if self.new_color.replace(new_color).is_some_and(|old| old != new_color) {
            self.task_set = None;
        }
    }

    fn note(&mut self, effect: &Effect, outcome: &Outcome) {
        if let (Effect::CreateTaskSet { .. }, Outcome::Created(id)) = (effect, outcome) {
            self.task_set = Some(id.clone());
        }
    }
}

impl Journal {
    /// Whether the exchange of the rules was begun, and it is not known what became of it.
    pub(crate) fn is_exchanging(&self) -> bool {
        matches!(self.doing, Some(Effect::ExchangePriorities { .. }))
    }

    fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Take { by, at, plan } => {
                (self.by, self.at, self.failure) = (by.clone().bounded(), *at, None);
                self.plan = plan.clone().or(self.plan.take());
            }
            Entry::Enter(step) => {
                if let Some(way) = &mut self.rollback {
                    way.step = *step;
                }
            }
            Entry::Finish => {
                (self.doing, self.attempt) = (None, 0);
                if let Some(way) = &mut self.rollback {
                    way.done = true;
                }
            }
            Entry::RollBack(way) => self.roll_back(way),
            Entry::Saw { before, fresh, at } => self.see(before, fresh, *at),
            Entry::Intend { effect, attempt } => {
                (self.doing, self.attempt) = (Some(effect.clone()), *attempt);
            }
            Entry::Started(running) => self.running = Some(running.clone()),
            Entry::Ended => self.running = None,
            Entry::Checked { tested } => self.untested = !tested,
            Entry::Did { effect, outcome, at } => self.note(effect, outcome, *at),
            Entry::Fail(reason) => self.failure = Some(cut(reason.clone(), MOST_WORDS)),
        }
    }

    fn see(&mut self, before: &Before, fresh: &Tokens, at: Timestamp) {
        if self.before.as_ref().is_some_and(|old| old.serving != before.serving) {
            // Somebody else swapped, no earlier than this deploy began.
            self.swapped_at = self.swapped_at.max(Some(at));
            self.tokens = fresh.clone();
            self.task_definition = None;
        }
        self.before = Some(before.clone());
    }

    /// What the deploy was at, and what its commands were about, no longer matters.
    fn roll_back(&mut self, way: &WayBack) {
        (self.doing, self.attempt) = (None, 0);
        self.commands.post = 0;
        self.task_definition = Some(way.task_definition.clone());
        self.rollback = Some(way.clone());
    }

    fn note(&mut self, effect: &Effect, outcome: &Outcome, at: Timestamp) {
        // What a resumed deploy finds done does not tell what became of the effect that it died at.
        if self.doing.as_ref() == Some(effect) {
            (self.doing, self.attempt) = (None, 0);
        }
        match (effect, outcome) {
            (Effect::RegisterTaskDefinition { .. }, Outcome::Registered(arn)) => {
                self.task_definition = Some(arn.clone());
            }
            // One that was found tells what it was made with.
            (Effect::CreateTaskSet { token, task_definition, .. }, _) => {
                self.tokens.task_set.clone_from(token);
                self.task_definition = Some(task_definition.clone());
            }
            (Effect::RunCommand { phase, index }, _) => {
                self.running = None;
                let done = self.commands.of_mut(*phase);
                *done = (*done).max(index + 1);
            }
            (Effect::ExchangePriorities { .. }, _) => {
                (self.swapped_at, self.exchanged) = (Some(at), true);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
