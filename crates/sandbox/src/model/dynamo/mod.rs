//! DynamoDB: tables, items, expressions.

pub(crate) mod expression;
mod key;
mod number;
pub(crate) mod query;
mod size;
pub(crate) mod table;
mod value;

use std::collections::BTreeMap;

pub use key::{KeyAttribute, KeySchema, KeyType};
pub use number::{Number, NumberError};
pub use table::Table;
pub use value::{AttributeValue, Item};

use super::{ApiError, Time};

/// The tables of one scope.
///
/// ```
/// use ecs_deploy_sandbox::model::dynamo::{Billing, Item, KeyAttribute, KeySchema, KeyType, Tables};
/// use ecs_deploy_sandbox::model::Time;
///
/// let mut tables = Tables::default();
/// let schema = KeySchema { hash: KeyAttribute::new("key", KeyType::S), range: None };
/// tables.create("locks", schema, Billing::PayPerRequest, Time::default())?;
/// let row = Item::from([("key".to_owned(), "shop-dev".into())]);
/// assert_eq!(tables.put("locks", row.clone())?, None);
/// assert_eq!(tables.table("locks")?.get(&row)?, Some(&row));
/// # Ok::<(), ecs_deploy_sandbox::model::ApiError>(())
/// ```
#[derive(Debug, Default)]
pub struct Tables {
    tables: BTreeMap<String, Table>,
}

/// How a table's throughput is paid for; nothing here is throttled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Billing {
    /// By request.
    PayPerRequest,
    /// By provisioned capacity.
    Provisioned {
        /// The read capacity units.
        read: u64,
        /// The write capacity units.
        write: u64,
    },
}

impl Tables {
    /// Creates an empty table, which is ACTIVE at once.
    ///
    /// # Errors
    /// ResourceInUseException when a table of that name exists.
    pub fn create(
        &mut self,
        name: impl Into<String>,
        schema: KeySchema,
        billing: Billing,
        created: Time,
    ) -> Result<&Table, ApiError> {
        match self.tables.entry(name.into()) {
            std::collections::btree_map::Entry::Occupied(entry) => Err(ApiError::client(
                "ResourceInUseException",
                format!("Table already exists: {}", entry.key()),
            )),
            std::collections::btree_map::Entry::Vacant(entry) => {
                Ok(entry.insert(Table::new(schema, billing, created)))
            }
        }
    }

    /// Stores an item, in place of the one with the same primary key, which it returns.
    ///
    /// # Errors
    /// ResourceNotFoundException when there is no such table; ValidationException when the item
    /// lacks the table's key or is too large.
    pub fn put(&mut self, table: &str, item: Item) -> Result<Option<Item>, ApiError> {
        self.table_mut(table)?.store(item)
    }

    /// A table by its name.
    ///
    /// # Errors
    /// ResourceNotFoundException when there is none.
    pub fn table(&self, name: &str) -> Result<&Table, ApiError> {
        self.tables.get(name).ok_or_else(not_found)
    }

    /// The names of all tables, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    pub(crate) fn table_mut(&mut self, name: &str) -> Result<&mut Table, ApiError> {
        self.tables.get_mut(name).ok_or_else(not_found)
    }

    pub(crate) fn delete(&mut self, name: &str) -> Result<Table, ApiError> {
        self.tables.remove(name).ok_or_else(not_found)
    }
}

fn not_found() -> ApiError {
    ApiError::client("ResourceNotFoundException", "Requested resource not found")
}
