use std::error::Error;

use async_trait::async_trait;

use crate::attribute::{Attribute, Item, names};
use crate::duration::GoDuration;

/// The value of `isReleased` in a released row.
pub(crate) const RELEASED: &str = "1";

/// The port to the table: four calls, each at most one request to DynamoDB.
///
/// An implementation should not retry by itself: the lock knows better what an unanswered write
/// may have done. It must bound each call in time, because a call that never returns lets the
/// lease run out.
#[async_trait]
pub trait Table: Send + Sync {
    /// The table's name, for messages that tell a person where to look.
    fn name(&self) -> &str;

    /// Reads the row (GetItem with ConsistentRead).
    async fn get(&self, key: &str) -> Result<Option<Item>, TableError>;

    /// Writes the whole row (PutItem); the key is in the item.
    async fn put(&self, item: Item, condition: PutCondition) -> Result<Outcome, TableError>;

    /// Changes some attributes of a row that is still held (UpdateItem).
    async fn update(&self, key: &str, update: Update, held: Held) -> Result<Outcome, TableError>;

    /// Deletes a row that is still held (DeleteItem).
    async fn delete(&self, key: &str, held: Held) -> Result<Outcome, TableError>;
}

/// How a conditional write was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The write took effect.
    Done,
    /// The condition did not hold (ConditionalCheckFailedException); nothing was written.
    ConditionFailed,
}

/// What must be true of the row for a put to take effect.
///
/// The Go library puts a free row under `attribute_not_exists(key) OR (attribute_exists(key) AND
/// isReleased = "1")`. An owner that comes and goes between its look and its put does not break
/// that condition, and loses its data. These do not hold then, and so lead to another look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutCondition {
    /// `attribute_not_exists(key)`.
    Absent,
    /// `attribute_exists(key) AND isReleased = "1" AND recordVersionNumber = <this>`, the last part
    /// only where the row has a version.
    Released(Option<String>),
    /// `attribute_exists(key) AND recordVersionNumber = <this>`.
    Version(String),
}

/// The condition of every write by a holder:
/// `attribute_exists(key) AND recordVersionNumber = <version> AND ownerName = <owner>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The holder's `ownerName`.
    pub owner: String,
    /// The `recordVersionNumber` of the holder's last write.
    pub version: String,
}

/// What becomes of the row's data in a write by the holder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Data {
    /// The data stay as they are.
    #[default]
    Keep,
    /// These bytes take their place.
    Replace(Vec<u8>),
    /// The data are removed.
    Remove,
}

/// The attributes that an UpdateItem sets and removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    set: Item,
    remove: Vec<&'static str>,
}

impl Update {
    pub(crate) fn heartbeat(lease: GoDuration, version: &str, data: &Data) -> Self {
        let set = Item::from([
            (names::LEASE_DURATION.to_owned(), Attribute::S(lease.to_string())),
            (names::RECORD_VERSION_NUMBER.to_owned(), Attribute::S(version.to_owned())),
        ]);
        Self { set, remove: Vec::new() }.with_data(data)
    }

    pub(crate) fn release(data: &Data) -> Self {
        let released = (names::IS_RELEASED.to_owned(), Attribute::S(RELEASED.to_owned()));
        Self { set: Item::from([released]), remove: Vec::new() }.with_data(data)
    }

    fn with_data(mut self, data: &Data) -> Self {
        match data {
            Data::Keep => {}
            Data::Replace(bytes) => {
                self.set.insert(names::DATA.to_owned(), Attribute::B(bytes.clone()));
            }
            Data::Remove => self.remove.push(names::DATA),
        }
        self
    }

    /// What to `SET`; never empty.
    pub fn set(&self) -> &Item {
        &self.set
    }

    /// The names to `REMOVE`; mostly none.
    pub fn remove(&self) -> &[&'static str] {
        &self.remove
    }
}

/// A call to the table that gave no outcome.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The call certainly had no effect: refused, throttled, invalid, never sent.
    #[error("the lock table refused the call")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// The row would be larger than the table takes (400 KB); nothing was written.
    #[error("the row would be larger than DynamoDB takes, which is 400 KB")]
    TooLarge(#[source] Box<dyn Error + Send + Sync>),
    /// There was no usable answer (time limit, broken connection, a server's fault): a write
    /// perhaps took effect, or still will.
    #[error("the lock table gave no answer")]
    Ambiguous(#[source] Box<dyn Error + Send + Sync>),
}

impl TableError {
    /// Wraps the cause of a failure that certainly had no effect.
    pub fn refused(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(source.into())
    }

    /// Wraps the cause of a failure that leaves open whether a write took effect.
    pub fn ambiguous(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Ambiguous(source.into())
    }

    /// Whether a write that failed like this perhaps took effect.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Ambiguous(_))
    }
}
