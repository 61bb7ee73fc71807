//! Credentials that are at hand at once, and renewed beside the work.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, future};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::expiry::Spent;
use super::{Access, AccessError, Source};
use crate::ConnectError;
use crate::environment::Environment;
use crate::settings::Settings;

/// How long credentials are used. CloudTamer does not say how long its last; the shortest sessions
/// that AWS grants last 15 minutes.
const RENEWED_AFTER: Duration = Duration::from_secs(10 * 60);

/// How soon a renewal is tried again, beyond the tries that it makes itself: one that failed, or
/// one that gave credentials that AWS calls expired too.
const RETRIED_AFTER: Duration = Duration::from_secs(60);

/// An account's credentials: whoever asks has the latest at once, because no call may wait for
/// them. [`Kept::renew`] keeps them fresh.
pub(crate) struct Kept {
    source: Source,
    state: Mutex<State>,
    asked: Notify,
}

struct State {
    credentials: Credentials,
    /// When they were fetched, if that was because AWS called the ones before expired.
    replaced_expired: Option<Instant>,
    /// Why they could not be renewed.
    failure: Option<Failure>,
}

#[derive(Clone)]
struct Failure {
    told: String,
    /// Whether to try again soon makes no sense.
    is_final: bool,
}

impl Kept {
    /// Fetches the credentials that an access asks for; none where they are not fetched here.
    pub(crate) async fn fetch(
        access: &Access,
        environment: &Environment,
        settings: &Settings,
    ) -> Result<Option<Arc<Self>>, ConnectError> {
        let Access::Account(account) = access else { return Ok(None) };
        let Some(source) = Source::of(account, environment, settings)? else { return Ok(None) };
        let credentials = source.fetch().await?;
        let state = State { credentials, replaced_expired: None, failure: None };
        Ok(Some(Arc::new(Self { source, state: Mutex::new(state), asked: Notify::new() })))
    }

    /// Renews the credentials every 10 minutes, and when AWS calls them expired. Never ends.
    pub(crate) async fn renew(&self) -> Infallible {
        let mut wait = RENEWED_AFTER;
        loop {
            let expired = tokio::select! {
                () = tokio::time::sleep(wait) => false,
                () = self.asked.notified() => true,
            };
            wait = match self.source.fetch().await {
                Ok(credentials) => {
                    let replaced_expired = expired.then(Instant::now);
                    *self.state() = State { credentials, replaced_expired, failure: None };
                    RENEWED_AFTER
                }
                Err(error) => {
                    let failure = Failure::from(&error);
                    let wait = if failure.is_final { RENEWED_AFTER } else { RETRIED_AFTER };
                    self.state().failure = Some(failure);
                    wait
                }
            };
        }
    }

    /// Takes note that AWS calls the credentials with this access key expired, and has them renewed
    /// if that was not tried in vain.
    pub(super) fn expired(&self, access_key: &str) -> Spent {
        let state = self.state();
        let failure = state.failure.clone();
        match failure {
            _ if state.credentials.access_key_id() != access_key => Spent::Renewing,
            Some(Failure { told, is_final: true }) => Spent::NotRenewed(told),
            _ if state.replaced_expired.is_some_and(|at| at.elapsed() < RETRIED_AFTER) => {
                Spent::Again
            }
            _ => {
                self.asked.notify_one();
                failure.map_or(Spent::Renewing, |failure| Spent::Failing(failure.told))
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<&AccessError> for Failure {
    fn from(error: &AccessError) -> Self {
        let mut told = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            told = format!("{told}: {cause}");
            next = cause.source();
        }
        Self { told, is_final: error.is_final() }
    }
}

impl ProvideCredentials for Kept {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Ok(self.state().credentials.clone()))
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("source", &self.source).finish_non_exhaustive()
    }
}
