use std::fmt;

use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::error::{DeployError, RollbackError};
use ecs_deploy::lock::{Holder, LostLock};

/// Why a program ended otherwise than well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Another deploy is under way.
    Locked,
    /// The table was silent when the lock was taken.
    LockInDoubt,
    /// Another took the lock, and is named.
    Displaced,
    /// What served before can't be told to the commands.
    UnknownBuild,
    /// The caller may not do it.
    Denied,
    /// It was tried in vain for as long as it may take.
    TriedInVain,
    /// A command ended badly.
    Command,
    /// The new version did not come up.
    Rollout,
    /// It was asked to stop.
    Interrupted,
    /// Anything else.
    Other,
}

impl Why {
    /// What the runs of a battery must come by. Refusals, which change nothing, are the business of
    /// other tests.
    pub(super) const MUST: [Self; 6] = [
        Self::Displaced,
        Self::UnknownBuild,
        Self::Denied,
        Self::Command,
        Self::Rollout,
        Self::Interrupted,
    ];
}

impl From<&DeployError> for Why {
    fn from(error: &DeployError) -> Self {
        match error {
            DeployError::Locked(locked) => match locked.holder {
                Holder::Working(_) => Self::Locked,
                _ => Self::Other,
            },
            DeployError::LockInDoubt(_) => Self::LockInDoubt,
            DeployError::Lost(LostLock { holder: Some(_), .. }) => Self::Displaced,
            DeployError::Rollback(RollbackError::UnknownBuild { .. }) => Self::UnknownBuild,
            DeployError::Cloud(error) if error.class == ErrorClass::Denied => Self::Denied,
            DeployError::Cloud(error) if error.class.may_pass() => Self::TriedInVain,
            DeployError::Command(_) => Self::Command,
            DeployError::Rollout(_) => Self::Rollout,
            DeployError::Interrupted => Self::Interrupted,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Locked => "another deploy is under way",
            Self::LockInDoubt => "whether it has the lock is not known",
            Self::Displaced => "another took the lock",
            Self::UnknownBuild => "which build served before can't be told",
            Self::Denied => "denied",
            Self::TriedInVain => "tried in vain for as long as it may take",
            Self::Command => "a command failed",
            Self::Rollout => "the new version did not come up",
            Self::Interrupted => "asked to stop",
            Self::Other => "something else",
        })
    }
}
