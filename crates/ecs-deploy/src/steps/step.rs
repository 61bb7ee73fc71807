use std::fmt;

use serde::{Deserialize, Serialize};

/// The steps of a deploy, by the original's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
#[repr(u8)]
pub enum Step {
    /// Take the lock, then decide under it.
    Lock = 1,
    /// Run the pre-deploy commands.
    PreDeploy = 2,
    /// Read from the listener which color serves.
    ActiveColor = 3,
    /// Make room: delete the task sets that neither serve nor are PRIMARY.
    Prune = 4,
    /// Register a task definition.
    Register = 5,
    /// Create a task set on the color that does not serve.
    Create = 6,
    /// Wait until its tasks run and are healthy.
    Rollout = 7,
    /// Check the new tasks once more, before users see them.
    Check = 8,
    /// Exchange the priorities of the two rules of each pair, in one call for each listener.
    Swap = 9,
    /// Mark the new task set PRIMARY.
    Primary = 10,
    /// Check the new tasks under real traffic.
    Watch = 11,
    /// Run the post-deploy commands.
    PostDeploy = 12,
    /// Tag the artifact, note the end, release the lock.
    Record = 13,
}

impl Step {
    /// The original's number, 1 to 13.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// A word for it.
    pub fn name(self) -> &'static str {
        super::TABLE[usize::from(self.number()) - 1].name
    }

    /// What it is for.
    pub fn purpose(self) -> &'static str {
        super::TABLE[usize::from(self.number()) - 1].purpose
    }

    /// Whether users may already see the new version when this step begins.
    pub fn is_past_swap(self) -> bool {
        self > Self::Swap
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {} ({})", self.number(), self.name())
    }
}

impl From<Step> for u8 {
    fn from(step: Step) -> Self {
        step.number()
    }
}

/// A number that no step has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not the number of a step, 1 to 13")]
pub struct NotAStep(u8);

impl TryFrom<u8> for Step {
    type Error = NotAStep;

    fn try_from(number: u8) -> Result<Self, NotAStep> {
        let row = super::TABLE.get(usize::from(number).wrapping_sub(1));
        row.map(|row| row.step).ok_or(NotAStep(number))
    }
}
