//! What the deploy before made last.

use std::time::Duration;

use tokio::time::Instant;

use crate::cloud::TaskSet;
use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::journal::State;
use crate::names::TaskSetId;
use crate::steps::Step;

/// How long answers may not show a task set that was created.
const CREATION_LAG: Duration = Duration::from_secs(5);

/// How often it is looked for.
const LOOK: Duration = Duration::from_secs(1);

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
        let journal = last.journal.as_ref();
        let doing = journal.and_then(|journal| journal.doing.as_ref());
        match (doing, &last.task_set) {
            (Some(Effect::CreateTaskSet { token, .. }), _) => Some(Self::Perhaps(token.clone())),
            (_, Some(id)) => Some(Self::Made(id.clone())),
            // A rollback does not tell any more what the deploy was at.
            _ if last.step < Step::Create => None,
            _ => journal.map(|journal| Self::Perhaps(journal.tokens.task_set.clone())),
        }
    }

    /// Waits until answers show it, for as long as they may lag. One that is not seen is not deleted, and
    /// would stand behind the new color beside the new version.
    pub(super) async fn wait_for(&self, work: &Work<'_>) -> Result<(), DeployError> {
        let deadline = Instant::now() + CREATION_LAG;
        while !self.is_shown(work).await? && Instant::now() < deadline {
            let what = "ECS may not show yet what the deploy before made; looking again";
            work.progress(Detail::note(what));
            work.patience.pause(LOOK).await?;
        }
        Ok(())
    }

    async fn is_shown(&self, work: &Work<'_>) -> Result<bool, DeployError> {
        let is_it = |set: &TaskSet| match self {
            Self::Made(id) => set.id == *id,
            Self::Perhaps(token) => set.external_id.as_ref() == Some(token),
            Self::Unreadable => false,
        };
        Ok(work.service().await?.task_sets.iter().any(is_it))
    }
}
