//! The end of a deploy that did not end well: the lock, and what its user needs to know.

use std::time::Duration;

use dynamolock::Lease;
use tokio::time::timeout;

use super::session::Session;
use crate::error::{
    DeployError, Failure, FailureKind, LockLeft, ResumeError, RollbackError, Serving, chain,
};
use crate::journal::{Entry, State};
use crate::ledger::Ledger;
use crate::lock::{self, LostLock};
use crate::names::Color;
use crate::plan::PrepareError;
use crate::progress::Reached;
use crate::steps::Step;

/// How long it may take to read what serves; Ctrl-C must end within 7 seconds.
const SERVING_LIMIT: Duration = Duration::from_millis(600);

/// The failure of a deploy that never had the lock.
pub(super) fn before_lock(error: DeployError) -> Failure {
    Failure {
        kind: kind_before_effects(&error),
        error,
        step: None,
        serving: None,
        changed: Vec::new(),
        lock: LockLeft::NotTaken,
    }
}

/// The failure of a deploy that may not go on with the row that it found.
pub(super) async fn refused(error: DeployError, lease: Lease) -> Failure {
    let lock = match error {
        DeployError::Resume(
            ResumeError::Finished { .. }
            | ResumeError::RolledBack { .. }
            | ResumeError::Nothing { .. },
        )
        | DeployError::Rollback(RollbackError::Unbegun { .. }) => lock::free(lease).await,
        _ => lock::put_back(lease).await,
    };
    let lock = lock.unwrap_or(LockLeft::Lost);
    Failure { lock, step: Some(Step::Lock), ..before_lock(error) }
}

/// The failure of a deploy that had the lock.
pub(super) async fn failed(
    session: &Session<'_>,
    error: DeployError,
    ledger: Ledger,
    reached: Reached,
) -> Failure {
    let (untouched, has_news) = (!ledger.has_intents(), ledger.has_news());
    let (lease, mut state) = ledger.into_parts();
    let given_back = match &error {
        DeployError::Lost(lost) if lost.is_anothers() => Ok(LockLeft::Lost),
        _ if !has_news => lock::put_back(lease).await,
        _ => {
            state.apply(&Entry::Fail(chain(&error)));
            lock::give_up(lease, &state).await
        }
    };
    let (error, lock) = with_thief(error, given_back);
    let serving = match lock {
        // Whoever has the lock now may have changed that.
        LockLeft::Lost => None,
        _ => serving(session, &state).await,
    };
    let end = End { step: reached.step, recorded: state.step, untouched, serving };
    let kind = kind(&error, &end);
    let step = Some(reached.step);
    Failure { error, step, serving, changed: reached.changed, lock, kind }
}

/// Where it was only known that the lease has passed, giving the lock back tells whose it is now.
fn with_thief(
    error: DeployError,
    given_back: Result<LockLeft, LostLock>,
) -> (DeployError, LockLeft) {
    match (error, given_back) {
        (error, Ok(left)) => (error, left),
        (DeployError::Lost(_), Err(lost)) => (lost.into(), LockLeft::Lost),
        (error, Err(_)) => (error, LockLeft::Lost),
    }
}

/// The failure of a deploy that did everything but note its end.
pub(super) fn unfinished(
    error: DeployError,
    serving: Color,
    reached: Reached,
    lock: LockLeft,
) -> Failure {
    Failure {
        error,
        step: Some(Step::Record),
        serving: Some(Serving::New(serving)),
        changed: reached.changed,
        lock,
        kind: FailureKind::AfterSwap,
    }
}

async fn serving(session: &Session<'_>, state: &State) -> Option<Serving> {
    let may_have_swapped = state.step.max(state.reached()) >= Step::Swap;
    let color = match may_have_swapped {
        true => timeout(SERVING_LIMIT, session.serving()).await.ok().flatten(),
        false => session.seen_serving,
    }?;
    let is_new = match state.rollback() {
        Some(way) => color != way.color,
        None => may_have_swapped && state.new_color == Some(color),
    };
    Some(if is_new { Serving::New(color) } else { Serving::Old(color) })
}

/// What tells the kinds of failures apart.
struct End {
    /// The step that this run began last.
    step: Step,
    /// The step that the row told of last: a run that was to be resumed may have come further.
    recorded: Step,
    /// Whether this run began no effect.
    untouched: bool,
    serving: Option<Serving>,
}

fn kind(error: &DeployError, end: &End) -> FailureKind {
    let perhaps_swapped = end.serving.is_none() && end.recorded >= Step::Swap;
    match (error, end.serving) {
        (DeployError::Interrupted, _) => FailureKind::Interrupted,
        (DeployError::Rollback(_), _) if end.untouched => FailureKind::Refused,
        (_, Some(Serving::New(_))) => FailureKind::AfterSwap,
        _ if end.step.is_past_swap() || perhaps_swapped => FailureKind::AfterSwap,
        (DeployError::Refused(_) | DeployError::Meddled(_), _) if end.untouched => {
            FailureKind::Refused
        }
        _ => FailureKind::BeforeSwap,
    }
}

fn kind_before_effects(error: &DeployError) -> FailureKind {
    match error {
        DeployError::Interrupted => FailureKind::Interrupted,
        DeployError::Locked(_) => FailureKind::Locked,
        DeployError::Prepare(PrepareError::PreviousEnvironment { .. }) => FailureKind::Gate,
        _ => FailureKind::Refused,
    }
}

#[cfg(test)]
mod tests;
