use std::error::Error;

use ecs_deploy::Failure;
use ecs_deploy::cloud::{CloudError, ErrorClass};
use ecs_deploy::error::{DeployError, FailureKind, LockLeft, RollbackError};

use super::meeting::SUCCESSOR;
use crate::{Line, Mishap};

/// What befalls a call, or the program that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The call fails before it has an effect.
    Fails,
    /// It has its effect, and its answer is lost.
    AnswerLost,
    /// Nothing is heard of it.
    Hangs,
    /// It is throttled, and so are the three after it.
    Throttled,
    /// The caller may not do that, just then.
    Denied,
    /// The program is asked to stop when it makes it.
    Stopped,
    /// The program dies before it.
    DiesBefore,
    /// The program dies after it.
    DiesAfter,
    /// The program does not run for longer than its lease right after it; another takes over, and
    /// while that one is at work it runs on.
    Paused,
    /// The lock is stolen right after it, by one that heeds no lease.
    Stolen,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Fails,
        Self::AnswerLost,
        Self::Hangs,
        Self::Throttled,
        Self::Denied,
        Self::Stopped,
        Self::DiesBefore,
        Self::DiesAfter,
        Self::Paused,
        Self::Stolen,
    ];

    /// Its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fails => "fails before its effect",
            Self::AnswerLost => "its answer is lost",
            Self::Hangs => "hangs",
            Self::Throttled => "throttled, with the three after it",
            Self::Denied => "denied",
            Self::Stopped => "asked to stop",
            Self::DiesBefore => "the process dies before it",
            Self::DiesAfter => "the process dies after it",
            Self::Paused => "paused past the lease, another takes over",
            Self::Stolen => "the lock is stolen",
        }
    }

    /// Whether it can only befall a program that has the lock: for one that does not have it yet, a
    /// pause is a late start, and a lock that is taken by another is just that.
    pub(super) fn is_about_the_lock(self) -> bool {
        matches!(self, Self::Paused | Self::Stolen)
    }

    /// Lets it befall a call.
    pub(super) fn befall(self, line: &Line, call: usize) {
        let repeats = if self == Self::Throttled { 4 } else { 1 };
        (call..call + repeats).for_each(|call| line.befall(call, self.mishap()));
    }

    fn mishap(self) -> Mishap {
        match self {
            Self::Fails => Mishap::Failed,
            Self::AnswerLost => Mishap::AnswerLost,
            Self::Hangs => Mishap::Hung,
            Self::Throttled => Mishap::Throttled,
            Self::Denied => Mishap::Denied,
            Self::Stopped => Mishap::Stopped,
            Self::DiesBefore => Mishap::DiesBefore,
            Self::DiesAfter => Mishap::DiesAfter,
            Self::Paused | Self::Stolen => Mishap::Held,
        }
    }

    /// How a deploy may end that met it at a call of this operation, if it may end so. All that is
    /// not named here has to be tried again, or made up for, until the deploy ends as it would have.
    pub(super) fn excuse(self, operation: &str, failure: &Failure) -> Option<&'static str> {
        let not_begun = is_not_begun(operation, failure).then_some("the lock was not to be had");
        match self {
            Self::Stopped => (failure.kind == FailureKind::Interrupted).then_some("stopped"),
            Self::Denied => is_denied(failure).then_some("denied"),
            Self::Paused => names_successor(failure).then_some("displaced"),
            Self::Stolen => is_lost(failure).then_some("lost the lock"),
            Self::Fails | Self::AnswerLost | Self::Hangs | Self::Throttled => not_begun,
            Self::DiesBefore | Self::DiesAfter => None,
        }
    }
}

fn is_not_begun(operation: &str, failure: &Failure) -> bool {
    let is_of_the_lock = matches!(operation, "GetItem" | "PutItem" | "UpdateItem");
    failure.step.is_none() && is_of_the_lock
}

fn is_denied(failure: &Failure) -> bool {
    match &failure.error {
        DeployError::Cloud(error) => error.class == ErrorClass::Denied,
        // The last write of the row.
        DeployError::Lost(_) => is_caused_by_a_denial(&failure.error),
        // Which build served before is what the denied tags would have told.
        DeployError::Rollback(error) => matches!(error, RollbackError::UnknownBuild { .. }),
        _ => false,
    }
}

fn is_caused_by_a_denial(error: &(dyn Error + 'static)) -> bool {
    let cause = error.downcast_ref::<CloudError>();
    cause.is_some_and(|cause| cause.class == ErrorClass::Denied)
        || error.source().is_some_and(is_caused_by_a_denial)
}

/// Whether it lost the lock and says who has it.
fn names_successor(failure: &Failure) -> bool {
    is_lost(failure) && failure.error.to_string().contains(SUCCESSOR)
}

/// Whether it knows that the lock is another's.
pub(super) fn is_lost(failure: &Failure) -> bool {
    matches!(failure.error, DeployError::Lost(_)) && failure.lock == LockLeft::Lost
}
