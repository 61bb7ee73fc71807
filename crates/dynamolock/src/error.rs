use std::time::Duration;

use crate::record::{Oddity, Record};
use crate::table::TableError;

/// Why a lock was not acquired.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcquireError {
    /// Somebody else holds the lock: at once, or still after all the waiting that was asked for.
    #[error("{} is held by {}", record.key(), record.owner().unwrap_or("an unnamed owner"))]
    Held {
        /// The row as it was read last.
        record: Box<Record>,
        /// How long it was waited for; zero if waiting was not asked for.
        waited: Duration,
    },
    /// No client can acquire the lock while its row is like this.
    #[error(
        "the row of {key} in table {table} cannot be locked by any client; \
         make sure that nobody works under this lock, then delete the row by hand",
        key = record.key()
    )]
    OddRow {
        /// The table's name.
        table: String,
        /// The row.
        record: Box<Record>,
        /// What is odd about it.
        #[source]
        oddity: Oddity,
    },
    /// What is in the row, or shall be, leaves no room for the holder; nothing was written.
    #[error(
        "the row of {key} in table {table} would be larger than the 409600 bytes that DynamoDB \
         takes: {}",
        too_much(record.as_deref())
    )]
    TooLarge {
        /// The table's name.
        table: String,
        /// The lock's name.
        key: String,
        /// The row.
        record: Option<Box<Record>>,
        /// What the table said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An additional attribute has a name that belongs to the protocol.
    #[error("{0} is not free for an additional attribute")]
    ReservedAttribute(String),
    /// The table failed. If the error is ambiguous, the row is perhaps held in vain; it can be
    /// taken over after the lease.
    #[error("the lock could not be acquired")]
    Table(#[source] TableError),
}

/// How many bytes DynamoDB takes.
const MOST: usize = 409_600;

fn too_much(record: Option<&Record>) -> String {
    let fills_it = |(_, size): &(&str, usize)| *size > MOST / 2;
    match record.and_then(Record::largest).filter(fills_it) {
        Some((name, size)) => format!(
            "its attribute {name} has about {size} of them already; remove what no lock client wrote"
        ),
        None => "the data to be written has to be smaller".to_owned(),
    }
}

/// Why a write of the lock's holder failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeaseError {
    /// Somebody else wrote or deleted the row.
    #[error("the lock was lost{}", to(holder.as_deref()))]
    Lost {
        /// The row as it is now; none when it is gone or could not be read.
        holder: Option<Box<Record>>,
    },
    /// The lease passed without a heartbeat: somebody else may rightly have taken the lock, and
    /// must not be disturbed. It can still be released or given up, which then does no harm.
    #[error("the lease has expired")]
    Expired,
    /// A release, deletion or giving up was already tried, so that heartbeats make no sense.
    #[error("the lock was already given back")]
    Ended,
    /// The table failed; the lock is still held as long as its validity lasts. If the error is
    /// ambiguous, the next call finds out whether this one took effect.
    #[error("the row of the lock could not be written")]
    Table(#[source] TableError),
}

fn to(holder: Option<&Record>) -> String {
    holder.and_then(Record::owner).map(|owner| format!(" to {owner}")).unwrap_or_default()
}

/// Why options were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// One missed heartbeat must not cost the lock.
    #[error("the lease is shorter than two heartbeat periods")]
    LeaseTooShort,
    /// Heartbeats without pause.
    #[error("the heartbeat period is zero")]
    NoHeartbeatPeriod,
    /// The row could not express it.
    #[error("the lease is longer than 292 years")]
    LeaseTooLong,
}
