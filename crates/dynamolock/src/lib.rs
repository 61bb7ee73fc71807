//! The dynamolock protocol: leases on rows of a DynamoDB table.
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
