use std::fmt;
use std::sync::Arc;

use crate::acquire::{Acquire, Acquisition, Waiting};
use crate::clock::Clock;
use crate::error::AcquireError;
use crate::lease::Lease;
use crate::options::Options;
use crate::record::Record;
use crate::table::{Table, TableError};

/// Acquires locks in one table, under one owner name of its own.
///
/// Clones share the owner name.
#[derive(Clone)]
pub struct LockClient {
    pub(crate) table: Arc<dyn Table>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: Options,
    pub(crate) owner: Arc<str>,
}

impl LockClient {
    /// A client with a new owner name.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>, options: Options) -> Self {
        let owner = options.next_id().into();
        Self { table, clock, options, owner }
    }

    /// What stands as `ownerName` in the rows this client holds.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Reads the row of a lock, without any effect; none if there is no row.
    ///
    /// # Errors
    ///
    /// When the table fails.
    pub async fn peek(&self, key: &str) -> Result<Option<Record>, TableError> {
        Ok(self.table.get(key).await?.map(|item| Record::new(key, item)))
    }

    /// Acquires a lock; the observer is told each time before it waits.
    ///
    /// The lease counts from before the row was written. If that took longer than the lease, it
    /// has expired already when it is returned: it can only be given back.
    ///
    /// Dropping the future is safe at any moment. If it is dropped while the row is being
    /// written, the row is perhaps held in vain, and can be taken over after the lease.
    ///
    /// # Errors
    ///
    /// When the lock is held, when its row can't be locked by any client, when an additional
    /// attribute has a name of the protocol, or when the table fails.
    pub async fn acquire(
        &self,
        key: &str,
        request: Acquire,
        observer: &mut (dyn FnMut(Waiting<'_>) + Send),
    ) -> Result<Lease, AcquireError> {
        Acquisition::new(self, key, request)?.run(observer).await
    }
}

impl fmt::Debug for LockClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockClient")
            .field("table", &self.table.name())
            .field("owner", &self.owner)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
