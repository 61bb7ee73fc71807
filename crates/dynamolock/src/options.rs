use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::duration::GoDuration;
use crate::error::OptionsError;

/// Where owner names and versions come from.
///
/// Two calls must never give the same text, on any machine: the protocol rests on it.
pub trait Ids: Send + Sync {
    /// A text that was never given before.
    fn next(&self) -> String;
}

/// Random UUIDs.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}

/// How a client holds its locks.
#[derive(Clone)]
pub struct Options {
    lease: GoDuration,
    heartbeat: Duration,
    ids: Arc<dyn Ids>,
}

impl Options {
    /// A lease of this length, to be kept alive by a heartbeat every period.
    ///
    /// # Errors
    ///
    /// When the period is zero, or the lease shorter than two periods or longer than Go's
    /// durations.
    pub fn new(lease: Duration, heartbeat: Duration) -> Result<Self, OptionsError> {
        if heartbeat.is_zero() {
            return Err(OptionsError::NoHeartbeatPeriod);
        }
        if lease < heartbeat.saturating_mul(2) {
            return Err(OptionsError::LeaseTooShort);
        }
        let lease = GoDuration::try_from(lease).map_err(|_| OptionsError::LeaseTooLong)?;
        Ok(Self { lease, heartbeat, ids: Arc::new(RandomIds) })
    }

    /// The same with another source of owner names and versions.
    pub fn with_ids(self, ids: Arc<dyn Ids>) -> Self {
        Self { ids, ..self }
    }

    /// How long a holder may stay silent.
    pub fn lease(&self) -> Duration {
        self.lease.to_std()
    }

    /// How often the owner of a [`Lease`](crate::Lease) should call its heartbeat.
    pub fn heartbeat(&self) -> Duration {
        self.heartbeat
    }

    pub(crate) fn go_lease(&self) -> GoDuration {
        self.lease
    }

    pub(crate) fn next_id(&self) -> String {
        self.ids.next()
    }
}

/// A lease of 10 s and a heartbeat each second.
impl Default for Options {
    fn default() -> Self {
        Self {
            lease: GoDuration::from_nanos(10_000_000_000),
            heartbeat: Duration::from_secs(1),
            ids: Arc::new(RandomIds),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("lease", &self.lease())
            .field("heartbeat", &self.heartbeat)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_lease_has_room_for_two_heartbeats() {
        assert!(Options::new(2 * SECOND, SECOND).is_ok());
        let short = Options::new(2 * SECOND - Duration::from_nanos(1), SECOND);
        assert_eq!(short.err(), Some(OptionsError::LeaseTooShort));
    }

    #[test]
    fn periods_and_leases_that_make_no_sense_are_refused() {
        let none = Options::new(SECOND, Duration::ZERO);
        assert_eq!(none.err(), Some(OptionsError::NoHeartbeatPeriod));
        let endless = Options::new(Duration::MAX, SECOND);
        assert_eq!(endless.err(), Some(OptionsError::LeaseTooLong));
    }

    #[test]
    fn random_ids_differ() {
        assert_ne!(RandomIds.next(), RandomIds.next());
    }
}
