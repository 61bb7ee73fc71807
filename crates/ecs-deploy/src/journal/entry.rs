//! What changes a state, and what it begins with.

use jiff::Timestamp;

use super::{Actor, Before, Running, Tokens, WayBack};
use crate::effect::{Effect, Outcome};
use crate::names::PlanDigest;
use crate::steps::Step;

/// One change of the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A deploy begins to work on it: a new one or a resumed one.
    Take {
        /// Who.
        by: Actor,
        /// When.
        at: Timestamp,
        /// What it will make; `None` for a rollback.
        plan: Option<PlanDigest>,
    },
    /// A step begins.
    Enter(Step),
    /// What serves was read. Where it is another color than before, new tokens come with it.
    Saw {
        /// What was found.
        before: Before,
        /// Tokens for the case that those in the journal belong to the other color.
        fresh: Tokens,
        /// When it was read.
        at: Timestamp,
    },
    /// The deploy is rolled back from here on.
    RollBack(WayBack),
    /// An effect is about to be applied.
    Intend {
        /// Which.
        effect: Effect,
        /// How often it was begun, this time counted.
        attempt: u32,
    },
    /// A command was started.
    Started(Running),
    /// The command that was started has ended, without success.
    Ended,
    /// The new version was checked before the shift.
    Checked {
        /// Whether a task of it ran; where none is desired, nothing could be tested.
        tested: bool,
    },
    /// An effect is known to have taken place.
    Did {
        /// Which.
        effect: Effect,
        /// What came of it.
        outcome: Outcome,
        /// When.
        at: Timestamp,
    },
    /// The deploy stops in order, with this reason.
    Fail(String),
    /// The deploy ended well.
    Finish,
}

/// What a journal of our own needs to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Names the deploy.
    pub deploy_id: String,
    /// Who works on it.
    pub by: Actor,
    /// Since when.
    pub at: Timestamp,
    /// Its tokens.
    pub tokens: Tokens,
    /// When the priorities were exchanged last, where a journal told.
    pub swapped_at: Option<Timestamp>,
    /// The command that the deploy before left behind, where a journal told.
    pub running: Option<Running>,
}
