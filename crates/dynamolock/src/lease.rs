use std::fmt;
use std::time::Duration;

use crate::acquire::{Attempt, Found};
use crate::client::LockClient;
use crate::error::LeaseError;
use crate::record::{Record, State};
use crate::table::{Data, TableError};
use crate::validity::Validity;

mod write;

use write::{Change, Ending, Pending};

/// A lock that is held, as long as its owner calls [`heartbeat`](Self::heartbeat) in time.
///
/// Dropping it leaves the row as it is: held until the lease has passed.
///
/// All writes are safe to drop: a write that was under way counts as perhaps done, and the next
/// one finds out.
pub struct Lease {
    client: LockClient,
    key: String,
    found: Found,
    /// Of the last write that certainly took effect.
    version: String,
    data: Option<Vec<u8>>,
    held_until: Duration,
    validity: Validity,
    /// Writes on top of `version` that perhaps took effect, or still will.
    pending: Vec<Pending>,
    ending: Ending,
}

impl Lease {
    pub(crate) fn acquired(client: &LockClient, key: &str, attempt: Attempt) -> Self {
        let held_until = attempt.started.saturating_add(client.options.lease());
        Self {
            client: client.clone(),
            key: key.to_owned(),
            found: attempt.found,
            version: attempt.version,
            data: attempt.data,
            held_until,
            validity: Validity::until(client.clock.clone(), held_until),
            pending: Vec::new(),
            ending: Ending::No,
        }
    }

    /// The lock's name.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How the row was found before it was acquired.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// The row's data after the last write that certainly took effect.
    pub fn data(&self) -> Option<&[u8]> {
        self.data.as_deref()
    }

    /// A handle that tells how long the lease lasts.
    pub fn validity(&self) -> Validity {
        self.validity.clone()
    }

    /// Who else has the lock now, for one who knows from the clock alone that it was lost.
    ///
    /// # Errors
    ///
    /// When the table fails.
    pub async fn rival(&self) -> Result<Option<Record>, TableError> {
        let row = self.client.peek(&self.key).await?;
        Ok(row.filter(|row| row.state() == State::Held && !row.is_held_by(&self.client.owner)))
    }

    /// Keeps the lock for another lease, counted from before the call, and writes its data.
    ///
    /// # Errors
    ///
    /// [`LeaseError::Lost`] and [`LeaseError::Expired`] are final for whoever relies on the
    /// lock. After [`LeaseError::Table`] it is still held while its validity lasts.
    pub async fn heartbeat(&mut self, data: Data) -> Result<(), LeaseError> {
        self.write(&Change::Heartbeat(data)).await
    }

    /// Releases the lock and keeps its row. The validity ends before the call.
    ///
    /// # Errors
    ///
    /// When somebody else has the lock or the table fails; it may then be tried again.
    pub async fn release(&mut self, data: Data) -> Result<(), LeaseError> {
        self.write(&Change::Release(data)).await
    }

    /// Leaves the lock held, but with a lease of `1ms`: a client that fails if locked is still
    /// refused, one that waits has it at its second look. The validity ends before the call.
    ///
    /// # Errors
    ///
    /// When somebody else has the lock or the table fails; it may then be tried again.
    pub async fn give_up(&mut self, data: Data) -> Result<(), LeaseError> {
        self.write(&Change::GiveUp(data)).await
    }

    /// Releases the lock by deleting its row. The validity ends before the call.
    ///
    /// # Errors
    ///
    /// When somebody else has the lock or the table fails; it may then be tried again.
    pub async fn delete(&mut self) -> Result<(), LeaseError> {
        self.write(&Change::Delete).await
    }

    /// Ends the lock with the row as it was found: no row is deleted again, a released one is
    /// released and a held one given up, both with the data they had. The validity ends before
    /// the call.
    ///
    /// # Errors
    ///
    /// When somebody else has the lock or the table fails; it may then be tried again.
    pub async fn put_back(&mut self) -> Result<(), LeaseError> {
        let change = match &self.found {
            Found::Absent => Change::Delete,
            Found::Released(record) => Change::Release(data_of(record)),
            Found::Held(record) => Change::GiveUp(data_of(record)),
        };
        self.write(&change).await
    }
}

fn data_of(record: &Record) -> Data {
    record.data().map_or(Data::Remove, |data| Data::Replace(data.to_vec()))
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("key", &self.key)
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}
