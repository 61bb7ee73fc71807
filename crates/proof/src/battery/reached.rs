//! What must be come by sometimes: a battery that never sees an effect fail, or found done, proves
//! nothing about that.

use std::collections::BTreeSet;
use std::fmt;

use ecs_deploy::Failure;
use ecs_deploy::effect::Effect;
use ecs_deploy::event::{EventKind, Tried};

use super::Why;
use crate::Deployer;

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

const KINDS: [Kind; 8] = [
    Kind::RunCommand,
    Kind::RegisterTaskDefinition,
    Kind::CreateTaskSet,
    Kind::ScaleToZero,
    Kind::DeleteTaskSet,
    Kind::ExchangePriorities,
    Kind::MarkPrimary,
    Kind::TagArtifact,
];

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
    /// How attempts at it must have gone, each at least once. What must not be done any more is
    /// forbidden where somebody meddled, which nobody does here.
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

impl Reached {
    /// What must be come by by a whole battery and was not.
    pub fn missing(&self) -> Vec<Milestone> {
        let ways =
            |kind: Kind| kind.ways().iter().map(move |tried| Milestone::Effect(kind, *tried));
        let effects = KINDS.into_iter().flat_map(ways);
        let must = effects.chain(Why::MUST.map(Milestone::End));
        must.filter(|milestone| !self.0.contains(milestone)).collect()
    }

    /// All that was come by.
    pub fn iter(&self) -> impl Iterator<Item = Milestone> {
        self.0.iter().copied()
    }

    /// Takes in what somebody's programs told.
    pub(super) fn hear(&mut self, who: &Deployer) {
        for event in who.events.heard() {
            if let EventKind::EffectTried { effect, tried, .. } = event {
                self.0.insert(Milestone::Effect(Kind::from(&effect), tried));
            }
        }
    }

    /// Takes in how a program ended.
    pub(super) fn note<T>(&mut self, ended: &Result<T, Failure>) {
        if let Err(failure) = ended {
            self.0.insert(Milestone::End(Why::from(&failure.error)));
        }
    }

    /// Takes in what other runs came by.
    pub(super) fn join(&mut self, other: Self) {
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
