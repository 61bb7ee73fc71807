//! How a deploy ends other than well.

use std::time::Duration;

use crate::cloud::{Artifact, CloudError};
use crate::effect::{CommandFailure, Effect};
use crate::event::Rollout;
use crate::journal::codec::DecodeError;
use crate::lock::{Locked, LostLock};
use crate::meddling::Meddled;
use crate::names::{Color, TaskSetId};
use crate::plan::{PrepareError, Refusal};
use crate::steps::Step;

/// Why a deploy stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeployError {
    /// There is nothing to deploy, or it can't be rendered.
    #[error(transparent)]
    Prepare(PrepareError),
    /// A deploy must not start from what the cloud looks like.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A deploy can't be gone on with, because somebody else changed what it stands on.
    #[error(transparent)]
    Meddled(Box<Meddled>),
    /// Somebody else has the lock, or a failed deploy waits for a decision.
    #[error(transparent)]
    Locked(Box<Locked>),
    /// The lock's table did not answer: the lock may have been taken.
    #[error("whether the lock was taken is not known; if so, it runs out within 10 s")]
    LockInDoubt(#[source] CloudError),
    /// The lock could not be taken for another reason.
    #[error(transparent)]
    Lock(dynamolock::AcquireError),
    /// The lock was lost: nothing more was changed.
    #[error(transparent)]
    Lost(LostLock),
    /// The lock's row is full: what was to be done could not be put on record, so it was not done.
    #[error(
        "the lock's row has no room for the record of the deploy; remove the attributes from it that \
         no lock client wrote, then resume"
    )]
    RowFull(#[source] LostLock),
    /// The deploy that is to be resumed is another, or none.
    #[error(transparent)]
    Resume(#[from] ResumeError),
    /// There is no way back.
    #[error(transparent)]
    Rollback(#[from] RollbackError),
    /// AWS refused, or did not answer in time.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The lock's row can't be read.
    #[error("the row of the lock {key} can't be read")]
    Row {
        /// The lock's key.
        key: String,
        /// Why.
        source: DecodeError,
    },
    /// A command did not end well.
    #[error(transparent)]
    Command(#[from] CommandFailure),
    /// What was about to be done must not be done any more.
    #[error("can't {effect}: {reason}")]
    Forbidden {
        /// What.
        effect: Box<Effect>,
        /// Why.
        reason: String,
    },
    /// What was done does not stand any more when it is to be recorded.
    #[error("somebody changed what was done before its end: {what}")]
    Undone {
        /// What is otherwise, in words.
        what: String,
    },
    /// The new version did not come up.
    #[error(transparent)]
    Rollout(#[from] RolloutError),
    /// Something did not happen in time.
    #[error("{what} after {limit:?}")]
    TimedOut {
        /// What, in words that follow "failed:".
        what: String,
        /// The limit.
        limit: Duration,
    },
    /// The row of the deploy that is gone on with lacks what its step needs.
    #[error("the record of the deploy lacks {what}, which {step} needs; use -start-over")]
    Incomplete {
        /// The step.
        step: Step,
        /// What is lacking.
        what: String,
    },
    /// The deploy was asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl From<LostLock> for DeployError {
    fn from(lost: LostLock) -> Self {
        if lost.is_for_size() { Self::RowFull(lost) } else { Self::Lost(lost) }
    }
}

impl From<PrepareError> for DeployError {
    /// A failed call is the same whatever it was for: it may pass.
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Cloud(error) => Self::Cloud(error),
            error => Self::Prepare(error),
        }
    }
}

/// An error with its causes, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(&format!(": {error}"));
        cause = error.source();
    }
    words
}

/// Why a deploy can't be resumed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// No deploy is on record.
    #[error("there is nothing to resume: no deploy of {key} is on record; run it without -resume")]
    Nothing {
        /// The lock's key.
        key: String,
    },
    /// It ended well.
    #[error("there is nothing to resume: the last deploy ({artifact}) ended well")]
    Finished {
        /// What it deployed.
        artifact: String,
    },
    /// It was rolled back.
    #[error("there is nothing to resume: the last deploy ({artifact}) was rolled back")]
    RolledBack {
        /// What it deployed.
        artifact: String,
    },
    /// It is being rolled back.
    #[error("the last deploy ({artifact}) is on its way back: go on with its rollback")]
    RollingBack {
        /// What it deployed.
        artifact: String,
    },
    /// Another artifact.
    #[error(
        "the failed deploy is of {failed}, not of {asked}: resume that one, or use -start-over"
    )]
    OtherArtifact {
        /// What failed.
        failed: String,
        /// What is asked for.
        asked: String,
    },
    /// Another config.
    #[error(
        "the failed deploy is of config {failed}, not of {asked}: resume with that config, or use \
         -start-over"
    )]
    OtherConfig {
        /// The failed one's.
        failed: String,
        /// The one asked for.
        asked: String,
    },
    /// It would make something else by now.
    #[error(
        "the config or the build's tags were changed since the failed deploy began, under the same \
         config SHA {config}: what it made does not fit any more; put them back, or use -start-over"
    )]
    OtherPlan {
        /// The config SHA of both.
        config: String,
    },
    /// The row can't be read.
    #[error("the failed deploy can't be resumed")]
    Unreadable(#[from] DecodeError),
}

/// Why the version before can't serve again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RollbackError {
    /// No deploy is on record.
    #[error("there is nothing to roll back: no deploy of {key} is on record")]
    Nothing {
        /// The lock's key.
        key: String,
    },
    /// The last deploy was rolled back.
    #[error(
        "there is nothing to roll back: the last deploy ({artifact}) was rolled back to {color}"
    )]
    Already {
        /// What it deployed.
        artifact: Artifact,
        /// The color that it was rolled back to.
        color: Color,
    },
    /// Somebody had the lock, and the deploy on record had ended: it is hardly the one that is meant.
    #[error(
        "whoever had the lock {key} last wrote nothing of a deploy that could be rolled back: on record \
         is {artifact}, whose deploy had ended; run it again to go back from that one"
    )]
    Unbegun {
        /// The lock's key.
        key: String,
        /// What the deploy on record deployed.
        artifact: Artifact,
    },
    /// Another deploy ended well since the rollback was asked for.
    #[error(
        "the deploy of {artifact} ended well while this rollback waited{}; run rollback again to go \
         back from that version",
        live_on(*color)
    )]
    EndedMeanwhile {
        /// What it deployed.
        artifact: Artifact,
        /// The color that it put it on, where that is on record.
        color: Option<Color>,
    },
    /// The version before is gone, or there never was one.
    #[error(
        "no version from before {artifact} runs any more: there is no task set of one on {color}"
    )]
    Gone {
        /// What was deployed in its place.
        artifact: Artifact,
        /// The color that it was on.
        color: Color,
    },
    /// It can't be told which set was the one before.
    #[error("which version was before is not clear: on {color} there are {}", sets(task_sets))]
    Several {
        /// The color that it was on.
        color: Color,
        /// The sets there.
        task_sets: Vec<TaskSetId>,
    },
    /// The version before is not up.
    #[error("the version before can't serve: {task_set} has {rollout}{}", list(reasons))]
    NotHealthy {
        /// Its set.
        task_set: TaskSetId,
        /// What is up of it.
        rollout: Rollout,
        /// What ECS and the load balancer tell of why, the most telling first.
        reasons: Vec<String>,
    },
    /// The post-deploy commands ask for what is not known.
    #[error(
        "the post-deploy commands need to know which build {task_set} runs, and its tags and \
         ArtifactDB don't tell: leave them out with -skip-pre-post"
    )]
    UnknownBuild {
        /// The set.
        task_set: TaskSetId,
    },
    /// The row can't be read.
    #[error(
        "the deploy on record can't be read: swap the rules by hand, or deploy with -start-over"
    )]
    Unreadable(#[from] DecodeError),
}

fn live_on(color: Option<Color>) -> String {
    color.map(|color| format!(", and is live on {color}")).unwrap_or_default()
}

fn sets(ids: &[TaskSetId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// Why a rollout failed.
#[derive(Debug, thiserror::Error)]
#[error("the new tasks did not come up: {rollout}{}", list(reasons))]
#[non_exhaustive]
pub struct RolloutError {
    /// How far it was.
    pub rollout: Rollout,
    /// What ECS and the load balancer tell of why, the most telling first.
    pub reasons: Vec<String>,
    /// Whether the limit ended the wait, rather than the number of failures.
    pub limit: Option<Duration>,
}

fn list(reasons: &[String]) -> String {
    reasons.iter().map(|reason| format!("; {reason}")).collect()
}

/// A deploy that did not end well, with what its user needs to know next.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// Why.
    pub error: DeployError,
    /// The step at which it stopped; `None` before the lock.
    pub step: Option<Step>,
    /// What users see now; `None` where that is not known.
    pub serving: Option<Serving>,
    /// What this run changed, in order.
    pub changed: Vec<Change>,
    /// How the lock was left.
    pub lock: LockLeft,
    /// What kind of end it is.
    pub kind: FailureKind,
}

/// What users see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serving {
    /// The version that served before, on this color.
    Old(Color),
    /// The new version, on this color.
    New(Color),
}

/// Something that a run changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What.
    pub effect: Effect,
    /// Whether it is known to have taken place; else it perhaps did.
    pub certain: bool,
}

/// How the lock was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockLeft {
    /// It was never taken.
    NotTaken,
    /// The row is as it was found.
    PutBack,
    /// The row tells of the failed deploy, or rollback; what goes on with it, or begins again, gets the
    /// lock at once.
    GivenUp,
    /// It is another's.
    Lost,
    /// It could not be given back: it runs out with its lease.
    RunsOut,
}

/// What kind of end a failure is: what its exit code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Usage, config, template or preflight, before anything was changed.
    Refused,
    /// Another deploy has the lock, or a failed one waits for a decision.
    Locked,
    /// A gate stands against it.
    Gate,
    /// Users saw nothing of it.
    BeforeSwap,
    /// Users see, or may see, the new version, and the deploy is not complete.
    AfterSwap,
    /// Stopped in order, as asked; can be resumed.
    Interrupted,
}
