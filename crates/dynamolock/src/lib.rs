//! The dynamolock protocol: leases on rows of a DynamoDB table.
#![deny(missing_docs)]

mod attribute;
mod clock;
mod duration;
mod table;
mod validity;

pub use attribute::{Attribute, Item, names};
pub use clock::{BootClock, Clock, TokioClock};
pub use duration::{GoDuration, ParseDurationError, TooLong};
pub use table::{Data, Held, Outcome, PutCondition, Table, TableError, Update};
pub use validity::Validity;
