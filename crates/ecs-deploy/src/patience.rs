//! Trying again what may pass, within a limit and until asked to stop. Written once, for all.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::cloud::{CloudError, ErrorClass};
use crate::error::DeployError;
use crate::event::{EventKind, Reporter};

const QUICKEST: Duration = Duration::from_millis(200);
const SLOWEST: Duration = Duration::from_secs(5);

/// How long something is tried, and what ends it early.
#[derive(Clone, Copy)]
pub(crate) struct Patience<'a> {
    pub reporter: &'a Reporter<'a>,
    pub cancel: &'a CancellationToken,
    /// After this nothing is tried again.
    pub deadline: Instant,
    /// After this nothing is tried again that likely went to the wrong place.
    pub astray_deadline: Instant,
}

/// How an attempt failed.
pub(crate) enum Failed {
    /// Another attempt would fail, too.
    Finally(DeployError),
    /// It may pass.
    Passingly(CloudError),
}

impl<E: Into<DeployError>> From<E> for Failed {
    /// Only an error of the cloud may pass, and only some of those.
    fn from(error: E) -> Self {
        match error.into() {
            DeployError::Cloud(error) if error.class.may_pass() => Self::Passingly(error),
            error => Self::Finally(error),
        }
    }
}

impl<'a> Patience<'a> {
    /// Patience for what begins now. A wrong endpoint is told at once: nothing depends on the answer
    /// yet.
    pub(crate) fn at_first(
        reporter: &'a Reporter<'a>,
        cancel: &'a CancellationToken,
        limit: Duration,
    ) -> Self {
        let now = Instant::now();
        Self { reporter, cancel, deadline: now + limit, astray_deadline: now }
    }

    /// Patience in the middle of a deploy, where endpoints have answered and giving up costs more.
    pub(crate) fn under_way(
        reporter: &'a Reporter<'a>,
        cancel: &'a CancellationToken,
        limit: Duration,
    ) -> Self {
        let deadline = Instant::now() + limit;
        Self { reporter, cancel, deadline, astray_deadline: deadline }
    }

    /// Makes attempts until one succeeds, or fails for good, or the limit is near.
    pub(crate) async fn retry<T, F: Future<Output = Result<T, Failed>>>(
        &self,
        what: &str,
        attempt: impl Fn() -> F,
    ) -> Result<T, DeployError> {
        let mut waits = backoff();
        loop {
            if self.cancel.is_cancelled() {
                return Err(DeployError::Interrupted);
            }
            let error = match attempt().await {
                Ok(found) => return Ok(found),
                Err(Failed::Finally(error)) => return Err(error),
                Err(Failed::Passingly(error)) => error,
            };
            let after = waits.next().unwrap_or(SLOWEST);
            if Instant::now() + after >= self.deadline_of(&error) {
                return Err(error.into());
            }
            let (what, error) = (what.to_owned(), error.to_string());
            self.reporter.emit(EventKind::Retrying { what, error, after });
            self.pause(after).await?;
        }
    }

    /// Reads something as often as it takes. Unlike a change, a read is dropped when asked to stop.
    pub(crate) async fn read<T, E: Into<DeployError>, F: Future<Output = Result<T, E>>>(
        &self,
        what: &str,
        read: impl Fn() -> F,
    ) -> Result<T, DeployError> {
        self.retry(what, || async {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => Err(DeployError::Interrupted.into()),
                found = read() => Ok(found?),
            }
        })
        .await
    }

    fn deadline_of(&self, error: &CloudError) -> Instant {
        match error.class {
            ErrorClass::Astray => self.astray_deadline,
            _ => self.deadline,
        }
    }

    /// Waits, unless asked to stop.
    pub(crate) async fn pause(&self, wait: Duration) -> Result<(), DeployError> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(DeployError::Interrupted),
            () = sleep(wait) => Ok(()),
        }
    }

    /// Whether the limit is over.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.deadline
    }
}

fn backoff() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(QUICKEST)
        .with_max_delay(SLOWEST)
        .with_jitter()
        .without_max_times()
        .build()
}
