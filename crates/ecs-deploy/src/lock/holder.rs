//! Who has the lock, as its row tells.

use std::fmt;

use dynamolock::{Record, State as RowState};

use super::is_given_up;
use crate::journal::{State, codec};
use crate::steps::Step;

/// Why the lock is not to be had now.
#[derive(Debug, PartialEq, Eq)]
pub struct Locked {
    /// The lock's key.
    pub key: String,
    /// What its row tells.
    pub holder: Holder,
}

/// What a held row tells of its holder.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holder {
    /// A deploy that failed in order waits for a decision.
    Failed(Box<Told>),
    /// A deploy is under way, or died without a word.
    Working(Box<Told>),
    /// A deploy died without a word: for as long as its lease it gave no sign of life.
    Died(Box<Told>),
    /// A deploy had it, and has released it since.
    Gone,
    /// The row holds no status of a deploy that can be read.
    Unknown {
        /// The lock client's random name.
        owner: String,
    },
}

/// What the row's status tells of a deploy.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// What it deploys.
    pub artifact: String,
    /// Whether that is being rolled back.
    pub rolls_back: bool,
    /// The step that was begun last.
    pub step: Step,
    /// Who and since when, where our journal tells.
    pub by: Option<String>,
    /// Why it failed, where our journal tells.
    pub failure: Option<String>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(by) = &self.by {
            write!(f, "{by}, ")?;
        }
        let work = if self.rolls_back { "rolling back" } else { "deploying" };
        write!(f, "{work} {}, at {}", self.artifact, self.step)?;
        match &self.failure {
            Some(failure) => write!(f, ": {failure}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(told) => write!(f, "a failed deploy waits for a decision: {told}"),
            Self::Working(told) => write!(f, "another deploy has it: {told}"),
            Self::Died(told) => write!(f, "a deploy that died has it: {told}"),
            Self::Gone => f.write_str("another deploy had it since, and has ended"),
            Self::Unknown { owner } => write!(f, "{owner} has it, and tells no more"),
        }
    }
}

impl fmt::Display for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the lock {} is not free: {}", self.key, self.holder)
    }
}

impl std::error::Error for Locked {}

impl Holder {
    /// What a row tells that was looked at once.
    pub(super) fn of(record: &Record) -> Self {
        if record.state() == RowState::Released {
            return Self::Gone;
        }
        let state = record.data().and_then(|data| codec::decode(data).ok());
        let Some(state) = state.filter(|state| !state.is_settled()) else {
            return Self::Unknown { owner: record.owner().unwrap_or("somebody").to_owned() };
        };
        let told = Box::new(Told::from(&state));
        if is_given_up(record) { Self::Failed(told) } else { Self::Working(told) }
    }

    /// What a row tells that did not change for as long as its lease.
    pub(super) fn silent(record: &Record) -> Self {
        match Self::of(record) {
            Self::Working(told) => Self::Died(told),
            holder => holder,
        }
    }
}

impl From<&State> for Told {
    fn from(state: &State) -> Self {
        let journal = state.journal.as_ref();
        Self {
            artifact: state.artifact.to_string(),
            rolls_back: state.open_rollback().is_some(),
            step: state.reached(),
            by: journal.map(|journal| format!("{} since {:.0}", journal.by, journal.at)),
            failure: journal.and_then(|journal| journal.failure.clone()),
        }
    }
}
