//! A table and the operations on single items.

use std::collections::BTreeMap;

use super::expression::{Condition, Update};
use super::key::{Key, KeySchema};
use super::size::{MAX_ITEM_SIZE, item_size};
use super::{Billing, Item};
use crate::model::{ApiError, Time};

/// A table with its items.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) schema: KeySchema,
    pub(crate) billing: Billing,
    pub(crate) created: Time,
    pub(super) items: BTreeMap<Key, Item>,
}

/// Why an item was not written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum WriteError {
    /// The request is at fault.
    Refused(ApiError),
    /// The condition does not hold for the item as it is.
    ConditionFailed(Option<Item>),
}

impl From<ApiError> for WriteError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

/// An item before and after an update.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) old: Option<Item>,
    pub(crate) new: Item,
}

impl Table {
    pub(super) fn new(schema: KeySchema, billing: Billing, created: Time) -> Self {
        Self { schema, billing, created, items: BTreeMap::new() }
    }

    /// How many items it holds.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it holds no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All items, by key.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The bytes of all items, counted AWS's way.
    pub fn size(&self) -> usize {
        self.items.values().map(item_size).sum()
    }

    /// The item with this primary key.
    ///
    /// # Errors
    /// ValidationException when the key does not fit the table's schema.
    pub fn get(&self, key: &Item) -> Result<Option<&Item>, ApiError> {
        Ok(self.items.get(&self.schema.exact_key(key)?))
    }

    /// Stores a whole item whatever is there, and returns the one it replaces.
    pub(super) fn store(&mut self, item: Item) -> Result<Option<Item>, ApiError> {
        let key = self.admit(&item)?;
        Ok(self.items.insert(key, item))
    }

    /// Stores a whole item if the condition holds for the one it replaces, which it returns.
    pub(crate) fn put(
        &mut self,
        item: Item,
        condition: Option<&Condition>,
    ) -> Result<Option<Item>, WriteError> {
        let key = self.admit(&item)?;
        self.check(&key, condition)?;
        Ok(self.items.insert(key, item))
    }

    /// Removes an item if the condition holds for it, and returns it.
    pub(crate) fn delete(
        &mut self,
        key: &Item,
        condition: Option<&Condition>,
    ) -> Result<Option<Item>, WriteError> {
        let key = self.schema.exact_key(key)?;
        self.check(&key, condition)?;
        Ok(self.items.remove(&key))
    }

    /// Changes an item, or makes it, if the condition holds for it.
    pub(crate) fn update(
        &mut self,
        key: &Item,
        update: &Update,
        condition: Option<&Condition>,
    ) -> Result<Change, WriteError> {
        let at = self.schema.exact_key(key)?;
        self.check_key_untouched(update)?;
        self.check(&at, condition)?;
        let old = self.items.get(&at).cloned();
        let new = update.apply(old.as_ref().unwrap_or(key))?;
        check_size(&new, "Item size to update has exceeded the maximum allowed size")?;
        self.items.insert(at, new.clone());
        Ok(Change { old, new })
    }

    /// The key of an item that may be stored.
    fn admit(&self, item: &Item) -> Result<Key, ApiError> {
        let key = self.schema.key_of(item)?;
        check_size(item, "Item size has exceeded the maximum allowed size")?;
        Ok(key)
    }

    fn check(&self, key: &Key, condition: Option<&Condition>) -> Result<(), WriteError> {
        let Some(condition) = condition else { return Ok(()) };
        let current = self.items.get(key);
        if current.map_or_else(|| condition.holds(&Item::new()), |item| condition.holds(item)) {
            Ok(())
        } else {
            Err(WriteError::ConditionFailed(current.cloned()))
        }
    }

    fn check_key_untouched(&self, update: &Update) -> Result<(), ApiError> {
        match update.paths().map(|path| path.root()).find(|root| self.schema.contains(root)) {
            None => Ok(()),
            Some(root) => Err(ApiError::client(
                "ValidationException",
                format!(
                    "One or more parameter values were invalid: Cannot update attribute {root}. \
                     This attribute is part of the key"
                ),
            )),
        }
    }
}

fn check_size(item: &Item, message: &str) -> Result<(), ApiError> {
    if item_size(item) > MAX_ITEM_SIZE {
        return Err(ApiError::client("ValidationException", message));
    }
    Ok(())
}
