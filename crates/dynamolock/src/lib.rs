//! The dynamolock protocol: leases on rows of a DynamoDB table.
//!
//! A client of this crate shares its locks with programs that use the Go library
//! `cirello.io/dynamolock` (v1, v2 or v5): all read and write the same rows. The crate is the
//! protocol alone. It reaches DynamoDB through a port of four calls, [`Table`], and knows no AWS
//! SDK; it never spawns a task and never prints.
//!
//! # Expected flow
//!
//! 1. A [`LockClient`] is made of a table, a clock and [`Options`] (lease 10 s, heartbeat 1 s).
//! 2. [`LockClient::acquire`] reads the row, waits for it if told to, and writes it.
//! 3. The owner of the [`Lease`] calls [`Lease::heartbeat`] every heartbeat period, alongside
//!    its work: nobody does it in its place. A heartbeat can carry new data.
//! 4. Whoever changes something under the lock asks [`Validity::remaining`] right before.
//! 5. The lease ends with [`Lease::release`], [`Lease::delete`], [`Lease::give_up`] or
//!    [`Lease::put_back`]. If it is just dropped, the row stays held until others have seen it
//!    unchanged for a whole lease.
//!
//! ```
//! use std::sync::Arc;
//!
//! use dynamolock::{Acquire, BootClock, Data, LockClient, Mode, Options, Table};
//!
//! async fn work_under_lock(table: Arc<dyn Table>) -> Result<(), Box<dyn std::error::Error>> {
//!     let options = Options::default();
//!     let period = options.heartbeat();
//!     let client = LockClient::new(table, Arc::new(BootClock), options);
//!     let request = Acquire { mode: Mode::Wait { additional: 2 * period }, ..Acquire::default() };
//!     let mut lease = client.acquire("shop-dev", request, &mut |_| {}).await?;
//!
//!     let mut work = std::pin::pin!(async { /* asks lease.validity() before each change */ });
//!     loop {
//!         tokio::select! {
//!             () = &mut work => break,
//!             () = tokio::time::sleep(period) => lease.heartbeat(Data::Keep).await?,
//!         }
//!     }
//!     lease.release(Data::Keep).await?;
//!     Ok(())
//! }
//! ```
//!
//! # Guarantees
//!
//! - At any moment at most one lease of a key has a [`Validity`] with time left, if all clients
//!   follow the protocol and the assumptions below hold.
//! - Every write is conditional. A write of a former holder has no effect, however late it
//!   arrives.
//! - A write without an answer counts as perhaps done, never as not done. The row tells what
//!   became of it, at once or with the next call.
//! - A lease counts from before the call that wrote it; once it has passed on the local clock
//!   there is no heartbeat any more.
//! - Data and additional attributes of the previous owner are kept unless told otherwise.
//! - A row that no client can lock is refused with what to do about it; it never leads to a
//!   panic or an endless loop.
//!
//! # Assumptions
//!
//! - The clocks of two machines need not show the same time, but must run at the same speed to
//!   within the time that a holder leaves between its last change and the end of its lease.
//! - The [`Clock`] goes on while the machine is suspended, as [`BootClock`] does on Linux.
//! - A [`Table`] reads consistently, and bounds its calls in time.
//! - Nobody changes rows by hand while they are held.
//!
//! A lease cannot fence what happens elsewhere: a change that was sent while the lease was valid
//! can take effect after it has passed, for one, if the process was paused in between.
//!
//! # Errors
//!
//! [`AcquireError::Held`] carries the row of the holder, so that a program can say who works
//! under the lock and at what. [`LeaseError::Lost`] and [`LeaseError::Expired`] mean that the
//! work under the lock must stop. After [`LeaseError::Table`] the lock is still held while its
//! validity lasts, and the next heartbeat may work. A [`TableError`] says whether a write that
//! met it perhaps took effect.
//!
//! # Cancellation
//!
//! All futures of this crate can be dropped at any moment. A lease remembers what it is about to
//! write before it sends it: if a heartbeat is dropped half-way, the next call finds out from
//! the row whether it took effect, and goes on from there. Validity ends before a release,
//! deletion or giving up is sent; these can be repeated if they fail or are dropped. An acquire
//! that is dropped while its put is under way can leave the row held by nobody, for one lease.
#![deny(missing_docs)]

mod acquire;
mod attribute;
mod client;
mod clock;
mod duration;
mod error;
mod lease;
mod options;
mod record;
mod table;
mod validity;

pub use acquire::{Acquire, Found, InitialData, Mode, Waiting};
pub use attribute::{Attribute, Item, names};
pub use client::LockClient;
pub use clock::{BootClock, Clock, TokioClock};
pub use duration::{GoDuration, ParseDurationError, TooLong};
pub use error::{AcquireError, LeaseError, OptionsError};
pub use lease::Lease;
pub use options::{Ids, Options, RandomIds};
pub use record::{Oddity, Record, State};
pub use table::{Data, Held, Outcome, PutCondition, Table, TableError, Update};
pub use validity::Validity;
