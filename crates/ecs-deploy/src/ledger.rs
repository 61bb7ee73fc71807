//! The lock row during a deploy: heartbeats, journal and permits, one write at a time.

use std::sync::{Mutex as StdMutex, PoisonError};
use std::time::Duration;

use dynamolock::{Data, Lease, LeaseError, TableError, Validity};
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use crate::fence::{ATTEMPT_LIMIT, Permit};
use crate::journal::{Entry, State, codec};
use crate::lock::{LostLock, RETRY};

/// How often the lease is renewed while nothing else renews it (the original's period).
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(1);

/// How long one write of the row may take before it is tried again.
const WRITE_LIMIT: Duration = Duration::from_secs(2);

/// The live lease with the state that its row holds.
pub(crate) struct Ledger {
    lease: Mutex<Lease>,
    validity: Validity,
    state: StdMutex<State>,
    written: StdMutex<Written>,
}

/// What was written of effects, perhaps in vain.
#[derive(Default)]
struct Written {
    intents: bool,
    outcomes: bool,
}

impl Written {
    fn note(&mut self, entry: &Entry) {
        self.intents |= matches!(entry, Entry::Intend { .. });
        self.outcomes |= matches!(entry, Entry::Did { .. });
    }
}

impl Ledger {
    pub(crate) fn new(lease: Lease, state: State) -> Self {
        let validity = lease.validity();
        Self {
            lease: Mutex::new(lease),
            validity,
            state: StdMutex::new(state),
            written: StdMutex::default(),
        }
    }

    /// The state as it is now.
    pub(crate) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an effect was begun through this ledger.
    pub(crate) fn has_intents(&self) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).intents
    }

    /// Whether an effect was begun or found done through this ledger: the row then knows more than
    /// it did.
    pub(crate) fn has_news(&self) -> bool {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.intents || written.outcomes
    }

    /// Applies an entry and writes the row, as one with a heartbeat. The state changes only if the
    /// row did.
    pub(crate) async fn record(&self, entry: Entry) -> Result<(), LostLock> {
        let mut lease = self.lease.lock().await;
        let mut next = self.state();
        next.apply(&entry);
        self.written.lock().unwrap_or_else(PoisonError::into_inner).note(&entry);
        self.write(&mut lease, &Data::Replace(codec::encode(&next))).await?;
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// Renews the lease for as long as it is polled; ends only when the lock is lost.
    pub(crate) async fn keep(&self) -> LostLock {
        loop {
            sleep(HEARTBEAT).await;
            let mut lease = self.lease.lock().await;
            if let Err(lost) = self.write(&mut lease, &Data::Keep).await {
                return lost;
            }
        }
    }

    /// The right to change something; renews the lease first where too little is left of it.
    pub(crate) async fn permit(&self) -> Result<Permit, LostLock> {
        if self.validity.remaining() < ATTEMPT_LIMIT + HEARTBEAT {
            let mut lease = self.lease.lock().await;
            self.write(&mut lease, &Data::Keep).await?;
        }
        Ok(Permit::new(self.validity.clone()))
    }

    /// Ends the deploy's use of the row.
    pub(crate) fn into_parts(self) -> (Lease, State) {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        (self.lease.into_inner(), state)
    }

    fn is_final(&self, error: &TableError) -> bool {
        matches!(error, TableError::TooLarge(_)) || self.validity.remaining().is_zero()
    }

    /// Tries until the row is written or the lease is over.
    async fn write(&self, lease: &mut Lease, data: &Data) -> Result<(), LostLock> {
        loop {
            match timeout(WRITE_LIMIT, lease.heartbeat(data.clone())).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(LeaseError::Table(error))) if self.is_final(&error) => {
                    return Err(LostLock::from(LeaseError::Table(error)));
                }
                Ok(Err(LeaseError::Table(_))) | Err(_) => sleep(RETRY).await,
                Ok(Err(error)) => return Err(LostLock::from(error)),
            }
        }
    }
}
