//! Primary keys: their schema, their values and their order.

use super::{AttributeValue, Item, Number};
use crate::model::ApiError;

const MAX_HASH_SIZE: usize = 2048;
const MAX_RANGE_SIZE: usize = 1024;

/// The types that a key attribute can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// A string, ordered by its UTF-8 bytes.
    S,
    /// A number.
    N,
    /// Bytes, compared as unsigned.
    B,
}

impl KeyType {
    /// The type's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
        }
    }
}

/// An attribute of the primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The attribute's name.
    pub name: String,
    /// Its type.
    pub kind: KeyType,
}

impl KeyAttribute {
    /// An attribute of this name and type.
    pub fn new(name: impl Into<String>, kind: KeyType) -> Self {
        Self { name: name.into(), kind }
    }
}

/// What the primary key of a table's items is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySchema {
    /// The hash (partition) key.
    pub hash: KeyAttribute,
    /// The range (sort) key, if there is one.
    pub range: Option<KeyAttribute>,
}

/// The value of a key attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyValue {
    S(String),
    N(Number),
    B(Vec<u8>),
}

/// An item's primary key; keys of one hash value are neighbours in the range key's order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) hash: KeyValue,
    pub(super) range: Option<KeyValue>,
}

/// What a key attribute is for, which decides how long it may be.
#[derive(Debug, Clone, Copy)]
enum Role {
    Hash,
    Range,
}

impl KeySchema {
    /// The key's attributes, the hash key first.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.hash).chain(&self.range)
    }

    /// Whether the attribute is part of the key.
    pub(super) fn contains(&self, attribute: &str) -> bool {
        self.attributes().any(|key| key.name == attribute)
    }

    /// The key that a client gave alone, as for GetItem.
    pub(super) fn exact_key(&self, attributes: &Item) -> Result<Key, ApiError> {
        if attributes.len() != self.attributes().count() {
            return Err(mismatch());
        }
        self.key(attributes, |_, _| mismatch())
    }

    /// The key within a whole item, as for PutItem.
    pub(super) fn key_of(&self, item: &Item) -> Result<Key, ApiError> {
        self.key(item, |attribute, found| {
            let name = &attribute.name;
            ApiError::client(
                "ValidationException",
                match found {
                    None => format!(
                        "One or more parameter values were invalid: Missing the key {name} in the item"
                    ),
                    Some(value) => format!(
                        "One or more parameter values were invalid: Type mismatch for key {name} \
                         expected: {} actual: {}",
                        attribute.kind.name(),
                        value.type_name(),
                    ),
                },
            )
        })
    }

    /// The key's own attributes of an item.
    pub(super) fn project(&self, item: &Item) -> Item {
        self.attributes()
            .filter_map(|key| Some((key.name.clone(), item.get(&key.name)?.clone())))
            .collect()
    }

    fn key(
        &self,
        item: &Item,
        wrong: impl Fn(&KeyAttribute, Option<&AttributeValue>) -> ApiError,
    ) -> Result<Key, ApiError> {
        let read = |attribute: &KeyAttribute, role| {
            let found = item.get(&attribute.name);
            let value = found
                .and_then(|value| KeyValue::new(attribute.kind, value))
                .ok_or_else(|| wrong(attribute, found))?;
            value.check_length(&attribute.name, role)?;
            Ok(value)
        };
        Ok(Key {
            hash: read(&self.hash, Role::Hash)?,
            range: self.range.as_ref().map(|range| read(range, Role::Range)).transpose()?,
        })
    }
}

impl KeyValue {
    /// The value as one of a key; none when it is of another type.
    pub(super) fn new(kind: KeyType, value: &AttributeValue) -> Option<Self> {
        match (kind, value) {
            (KeyType::S, AttributeValue::S(text)) => Some(Self::S(text.clone())),
            (KeyType::N, AttributeValue::N(number)) => Some(Self::N(number.clone())),
            (KeyType::B, AttributeValue::B(bytes)) => Some(Self::B(bytes.clone())),
            _ => None,
        }
    }

    /// Whether it begins with the other; never for numbers.
    pub(super) fn begins_with(&self, prefix: &Self) -> bool {
        match (self, prefix) {
            (Self::S(text), Self::S(prefix)) => text.starts_with(prefix),
            (Self::B(bytes), Self::B(prefix)) => bytes.starts_with(prefix),
            _ => false,
        }
    }

    fn check_length(&self, name: &str, role: Role) -> Result<(), ApiError> {
        let (length, kind) = match self {
            Self::S(text) => (text.len(), "string"),
            Self::B(bytes) => (bytes.len(), "binary"),
            Self::N(_) => return Ok(()),
        };
        let message = match role {
            _ if length == 0 => format!(
                "One or more parameter values are not valid. The AttributeValue for a key \
                 attribute cannot contain an empty {kind} value. Key: {name}"
            ),
            // AWS's own text lacks the blank.
            Role::Hash if length > MAX_HASH_SIZE => format!(
                "One or more parameter values were invalid: Size of hashkey has exceeded the \
                 maximum size limit of{MAX_HASH_SIZE} bytes"
            ),
            Role::Range if length > MAX_RANGE_SIZE => format!(
                "One or more parameter values were invalid: Aggregated size of all range keys \
                 has exceeded the size limit of {MAX_RANGE_SIZE} bytes"
            ),
            Role::Hash | Role::Range => return Ok(()),
        };
        Err(ApiError::client("ValidationException", message))
    }
}

fn mismatch() -> ApiError {
    ApiError::client("ValidationException", "The provided key element does not match the schema")
}
