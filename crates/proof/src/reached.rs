//! What is come by sometimes: a proof that never sees an effect fail, or found done, proves nothing about
//! that.

use std::collections::BTreeSet;
use std::fmt;

use ecs_deploy::Failure;
use ecs_deploy::effect::Effect;
use ecs_deploy::error::DeployError;
use ecs_deploy::event::{EventKind, Tried};

use crate::{Events, Why};

/// What runs came by.
#[derive(Clone, Debug, Default)]
pub struct Reached(BTreeSet<Milestone>);

/// Something that happens to deploys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Milestone {
    /// An attempt at an effect went like this.
    Effect(Kind, Tried),
    /// A program ended like this.
    End(Why),
}

/// The effects, whatever they are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// [`Effect::RunCommand`]
    RunCommand,
    /// [`Effect::RegisterTaskDefinition`]
    RegisterTaskDefinition,
    /// [`Effect::CreateTaskSet`]
    CreateTaskSet,
    /// [`Effect::ScaleToZero`]
    ScaleToZero,
    /// [`Effect::DeleteTaskSet`]
    DeleteTaskSet,
    /// [`Effect::ExchangePriorities`]
    ExchangePriorities,
    /// [`Effect::MarkPrimary`]
    MarkPrimary,
    /// [`Effect::TagArtifact`]
    TagArtifact,
}

impl From<&Effect> for Kind {
    fn from(effect: &Effect) -> Self {
        match effect {
            Effect::RunCommand { .. } => Self::RunCommand,
            Effect::RegisterTaskDefinition { .. } => Self::RegisterTaskDefinition,
            Effect::CreateTaskSet { .. } => Self::CreateTaskSet,
            Effect::ScaleToZero { .. } => Self::ScaleToZero,
            Effect::DeleteTaskSet { .. } => Self::DeleteTaskSet,
            Effect::ExchangePriorities { .. } => Self::ExchangePriorities,
            Effect::MarkPrimary { .. } => Self::MarkPrimary,
            Effect::TagArtifact { .. } => Self::TagArtifact,
        }
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::RunCommand,
        Self::RegisterTaskDefinition,
        Self::CreateTaskSet,
        Self::ScaleToZero,
        Self::DeleteTaskSet,
        Self::ExchangePriorities,
        Self::MarkPrimary,
        Self::TagArtifact,
    ];

    /// How attempts at it go, each at least once where enough goes wrong. What must not be done any more
    /// is forbidden where somebody meddles between a look and a change: the intrusions' business.
    fn ways(self) -> &'static [Tried] {
        match self {
            // A command is no call: its process tells how it ended, or nobody does.
            Self::RunCommand => &[Tried::Applied, Tried::Found, Tried::Failed],
            // Answers still show the set as it was when the deletion is tried again, and a resume does
            // not ask for what is on its way out.
            Self::DeleteTaskSet => &[Tried::Applied, Tried::Failed, Tried::InDoubt],
            Self::RegisterTaskDefinition
            | Self::CreateTaskSet
            | Self::ScaleToZero
            | Self::ExchangePriorities
            | Self::MarkPrimary
            | Self::TagArtifact => &[Tried::Applied, Tried::Found, Tried::Failed, Tried::InDoubt],
        }
    }
}

impl Milestone {
    /// Every way in which effects go.
    pub(crate) fn of_effects() -> impl Iterator<Item = Self> {
        let ways = |kind: Kind| kind.ways().iter().map(move |tried| Self::Effect(kind, *tried));
        Kind::ALL.into_iter().flat_map(ways)
    }
}

impl Reached {
    /// What of this was not come by.
    pub fn missing(&self, must: impl Iterator<Item = Milestone>) -> Vec<Milestone> {
        must.filter(|milestone| !self.0.contains(milestone)).collect()
    }

    /// All that was come by.
    pub fn iter(&self) -> impl Iterator<Item = Milestone> {
        self.0.iter().copied()
    }

    /// Takes in what programs told.
    pub(crate) fn hear(&mut self, events: &Events) {
        for event in events.heard() {
            if let EventKind::EffectTried { effect, tried, .. } = event {
                self.0.insert(Milestone::Effect(Kind::from(&effect), tried));
            }
        }
    }

    /// Takes in how a program ended.
    pub(crate) fn note<T>(&mut self, ended: &Result<T, Failure>) {
        if let Err(failure) = ended {
            self.end(&failure.error);
        }
    }

    /// Takes in why one ended otherwise than well.
    pub(crate) fn end(&mut self, error: &DeployError) {
        self.0.insert(Milestone::End(Why::from(error)));
        if let DeployError::Meddled(meddled) = error {
            self.0.insert(Milestone::End(Why::from(&meddled.refusal)));
        }
    }

    /// Takes in what other runs came by.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Effect(kind, tried) => write!(f, "{kind:?}: {tried:?}"),
            Self::End(why) => write!(f, "ended: {why}"),
        }
    }
}
