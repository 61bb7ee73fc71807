use std::fmt;

use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::error::{DeployError, ResumeError, RollbackError};
use ecs_deploy::lock::{Holder, LostLock};
use ecs_deploy::plan::Refusal;

use crate::spoken::spoken;

/// Why a program ended otherwise than well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Another deploy is under way.
    Locked,
    /// A failed deploy waits for a decision.
    LockedByFailed,
    /// A deploy died, and its row is left.
    LockedByDead,
    /// The lock is another's, and its row does not tell of a deploy.
    LockedByUnknown,
    /// The lock is not to be had for another reason.
    NotLocked,
    /// The table was silent when the lock was taken.
    LockInDoubt,
    /// Another took the lock, and is named.
    Displaced,
    /// The lease was over, and nobody else has the lock.
    LeaseOver,
    /// No deploy is on record that could be resumed.
    NothingToResume,
    /// The deploy to be resumed ended well.
    ResumesFinished,
    /// The deploy to be resumed was rolled back.
    ResumesRolledBack,
    /// The deploy to be resumed is on its way back.
    ResumesRollingBack,
    /// The deploy to be resumed is of another artifact.
    ResumesOther,
    /// The deploy to be resumed is of another config or plan, or can't be read.
    NotResumable,
    /// No deploy is on record that could be rolled back.
    NothingToRollBack,
    /// The last deploy was rolled back.
    RolledBack,
    /// The deploy that would be rolled back died before it wrote a word.
    NothingBegun,
    /// The version before is gone.
    VersionBeforeGone,
    /// Which version was before is not clear.
    Several,
    /// The version before is not up.
    NotHealthy,
    /// What served before can't be told to the commands.
    UnknownBuild,
    /// The deploy on record can't be read, so it can't be rolled back.
    NotRollable,
    /// What serves is not PRIMARY.
    Mixed,
    /// What the swap was made for is gone.
    NewSetGone,
    /// The new set was scaled to nothing.
    SwitchedOff,
    /// Another set would be served, too.
    Stranger,
    /// The service or its balancer is not such as can be deployed to.
    Unfit,
    /// Somebody changed what a deploy that is gone on with stands on.
    Meddled,
    /// What was about to be done must not be done any more.
    Forbidden,
    /// What was done was taken back before its end.
    Undone,
    /// The caller may not do it.
    Denied,
    /// It was tried in vain for as long as it may take.
    TriedInVain,
    /// The record of the deploy lacks what its step needs.
    Incomplete,
    /// A command ended badly.
    Command,
    /// The new version did not come up.
    Rollout,
    /// It did not happen in time.
    TimedOut,
    /// It was asked to stop.
    Interrupted,
    /// Anything else.
    Other,
}

impl From<&DeployError> for Why {
    fn from(error: &DeployError) -> Self {
        match error {
            DeployError::Locked(locked) => Self::from(&locked.holder),
            DeployError::LockInDoubt(_) => Self::LockInDoubt,
            DeployError::Lost(LostLock { holder: Some(_), .. }) => Self::Displaced,
            DeployError::Lost(_) => Self::LeaseOver,
            DeployError::Resume(error) => Self::from(error),
            DeployError::Rollback(error) => Self::from(error),
            DeployError::Refused(refusal) => Self::from(refusal),
            DeployError::Meddled(_) => Self::Meddled,
            DeployError::Forbidden { .. } => Self::Forbidden,
            DeployError::Undone { .. } => Self::Undone,
            DeployError::Cloud(error) if error.class == ErrorClass::Denied => Self::Denied,
            DeployError::Cloud(error) if error.class.may_pass() => Self::TriedInVain,
            DeployError::Incomplete { .. } => Self::Incomplete,
            DeployError::Command(_) => Self::Command,
            DeployError::Rollout(_) => Self::Rollout,
            DeployError::TimedOut { .. } => Self::TimedOut,
            DeployError::Interrupted => Self::Interrupted,
            _ => Self::Other,
        }
    }
}

impl From<&Holder> for Why {
    fn from(holder: &Holder) -> Self {
        match holder {
            Holder::Working(_) => Self::Locked,
            Holder::Failed(_) => Self::LockedByFailed,
            Holder::Died(_) => Self::LockedByDead,
            Holder::Unknown { .. } => Self::LockedByUnknown,
            _ => Self::NotLocked,
        }
    }
}

impl From<&ResumeError> for Why {
    fn from(error: &ResumeError) -> Self {
        match error {
            ResumeError::Nothing { .. } => Self::NothingToResume,
            ResumeError::Finished { .. } => Self::ResumesFinished,
            ResumeError::RolledBack { .. } => Self::ResumesRolledBack,
            ResumeError::RollingBack { .. } => Self::ResumesRollingBack,
            ResumeError::OtherArtifact { .. } => Self::ResumesOther,
            _ => Self::NotResumable,
        }
    }
}

impl From<&RollbackError> for Why {
    fn from(error: &RollbackError) -> Self {
        match error {
            RollbackError::Nothing { .. } => Self::NothingToRollBack,
            RollbackError::Already { .. } => Self::RolledBack,
            RollbackError::Unbegun { .. } => Self::NothingBegun,
            RollbackError::Gone { .. } => Self::VersionBeforeGone,
            RollbackError::Several { .. } => Self::Several,
            RollbackError::NotHealthy { .. } => Self::NotHealthy,
            RollbackError::UnknownBuild { .. } => Self::UnknownBuild,
            _ => Self::NotRollable,
        }
    }
}

impl From<&Refusal> for Why {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Mixed { .. } => Self::Mixed,
            Refusal::NewSetGone { .. } => Self::NewSetGone,
            Refusal::SwitchedOff { .. } => Self::SwitchedOff,
            Refusal::Stranger { .. } => Self::Stranger,
            _ => Self::Unfit,
        }
    }
}

/// Its name as words.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spoken(self))
    }
}
