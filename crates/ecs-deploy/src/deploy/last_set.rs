//! What the deploy before made last.

use std::time::Duration;

use tokio::time::Instant;

use crate::cloud::TaskSet;
use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::journal::State;
use crate::names::TaskSetId;

/// How long answers may not show a task set that was created.
const LAG: Duration = Duration::from_secs(5);

/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(500);

/// The task set of the deploy before, which may have been made a moment ago.
pub(super) enum LastSet {
    /// It was made.
    Made(TaskSetId),
    /// It was perhaps made, with this token.
    Perhaps(String),
    /// The row can't be read, and perhaps names one.
    Unreadable,
}

impl LastSet {
    /// What a row tells of it.
    pub(super) fn of(last: &State) -> Option<Self> {
        let doing = last.journal.as_ref().and_then(|journal| journal.doing.as_ref());
        match doing {
            Some(Effect::CreateTaskSet { token, .. }) => Some(Self::Perhaps(token.clone())),
            _ => last.task_set.clone().map(Self::Made),
        }
    }

    /// Waits until answers show it, for as long as they may lag. One that is not seen is not deleted, and
    /// would stand behind the new color beside the new version.
    pub(super) async fn wait_for(&self, work: &Work<'_>) -> Result<(), DeployError> {
        let deadline = Instant::now() + LAG;
        while !work.service().await?.task_sets.iter().any(|set| self.is(set)) {
            if Instant::now() >= deadline {
                return Ok(());
            }
            work.patience.pause(LOOK).await?;
        }
        Ok(())
    }

    fn is(&self, set: &TaskSet) -> bool {
        match self {
            Self::Made(id) => set.id == *id,
            Self::Perhaps(token) => set.external_id.as_ref() == Some(token),
            Self::Unreadable => false,
        }
    }
}
