//! The end of a deploy that did not end well: the lock, and what its user needs to know.

use std::time::Duration;

use dynamolock::Lease;
use tokio::time::timeout;

use super::session::Session;
use crate::error::{Change, DeployError, Failure, FailureKind, LockLeft, ResumeError, Serving};
use crate::journal::{Entry, State};
use crate::ledger::Ledger;
use crate::lock;
use crate::names::Color;
use crate::plan::PrepareError;
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
        DeployError::Resume(ResumeError::Finished { .. }) => lock::release(lease).await,
        _ => lock::put_back(lease).await,
    };
    Failure { lock, step: Some(Step::Lock), ..before_lock(error) }
}

/// The failure of a deploy that had the lock.
pub(super) async fn failed(
    session: &Session<'_>,
    error: DeployError,
    ledger: Ledger,
    changed: Vec<Change>,
) -> Failure {
    let untouched = !ledger.has_intents();
    let (lease, mut state) = ledger.into_parts();
    let step = state.step;
    let lock = match error {
        DeployError::Lost(_) => LockLeft::Lost,
        _ if untouched => lock::put_back(lease).await,
        _ => {
            state.apply(&Entry::Fail(words(&error)));
            lock::give_up(lease, &state).await
        }
    };
    let serving = serving(session, &state).await;
    let kind = kind(&error, step, untouched, serving);
    Failure { error, step: Some(step), serving, changed, lock, kind }
}

/// The failure of a deploy that did everything but note its end.
pub(super) fn unfinished(
    error: DeployError,
    serving: Color,
    changed: Vec<Change>,
    lock: LockLeft,
) -> Failure {
    Failure {
        error,
        step: Some(Step::Record),
        serving: Some(Serving::New(serving)),
        changed,
        lock,
        kind: FailureKind::AfterSwap,
    }
}

/// An error with its causes, on one line.
fn words(error: &DeployError) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push_str(&format!(": {error}"));
        cause = error.source();
    }
    words
}

async fn serving(session: &Session<'_>, state: &State) -> Option<Serving> {
    let color = if state.step < Step::Swap {
        session.seen_serving
    } else {
        timeout(SERVING_LIMIT, session.serving()).await.ok().flatten()
    }?;
    Some(if state.step >= Step::Swap && state.new_color == Some(color) {
        Serving::New(color)
    } else {
        Serving::Old(color)
    })
}

fn kind(error: &DeployError, step: Step, untouched: bool, serving: Option<Serving>) -> FailureKind {
    let perhaps_swapped = serving.is_none() && step == Step::Swap;
    match (error, serving) {
        (DeployError::Interrupted, _) => FailureKind::Interrupted,
        (_, Some(Serving::New(_))) => FailureKind::AfterSwap,
        _ if step.is_past_swap() || perhaps_swapped => FailureKind::AfterSwap,
        (DeployError::Refused(_), _) if untouched => FailureKind::Refused,
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
