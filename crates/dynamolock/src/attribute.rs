use std::collections::BTreeMap;

/// A row of the table: attribute names and their values.
pub type Item = BTreeMap<String, Attribute>;

/// A DynamoDB attribute value.
///
/// All types are known, not only the three the protocol uses, so that additional attributes of
/// other clients survive a change of owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// A string.
    S(String),
    /// A number, in the decimal notation of the wire, so that no digit is lost.
    N(String),
    /// Bytes, not encoded.
    B(Vec<u8>),
    /// A truth value.
    Bool(bool),
    /// The null value.
    Null,
    /// A list.
    L(Vec<Attribute>),
    /// A map.
    M(BTreeMap<String, Attribute>),
    /// A set of strings.
    Ss(Vec<String>),
    /// A set of numbers, each in decimal notation.
    Ns(Vec<String>),
    /// A set of byte strings.
    Bs(Vec<Vec<u8>>),
}

impl Attribute {
    /// The string, if this is one.
    pub fn as_s(&self) -> Option<&str> {
        match self {
            Self::S(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, if this is a binary value.
    pub fn as_b(&self) -> Option<&[u8]> {
        match self {
            Self::B(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// About how many bytes of the row it takes, without its name.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::S(text) | Self::N(text) => text.len(),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::L(list) => list.iter().map(Self::size).sum(),
            Self::M(map) => map.iter().map(|(name, value)| name.len() + value.size()).sum(),
            Self::Ss(set) | Self::Ns(set) => set.iter().map(String::len).sum(),
            Self::Bs(set) => set.iter().map(Vec::len).sum(),
        }
    }
}

/// The names of the attributes that the protocol gives a meaning to.
pub mod names {
    /// The hash key (S): the lock's name.
    pub const KEY: &str = "key";
    /// Who holds the lock (S), opaque.
    pub const OWNER_NAME: &str = "ownerName";
    /// How long the holder may stay silent (S): a Go duration.
    pub const LEASE_DURATION: &str = "leaseDuration";
    /// Changes with every write of the holder (S), opaque.
    pub const RECORD_VERSION_NUMBER: &str = "recordVersionNumber";
    /// The caller's bytes (B), absent when there are none.
    pub const DATA: &str = "data";
    /// `"1"` (S) once released, absent while held.
    pub const IS_RELEASED: &str = "isReleased";

    /// All of them: additional attributes are those with another name.
    pub const RESERVED: [&str; 6] =
        [KEY, OWNER_NAME, LEASE_DURATION, RECORD_VERSION_NUMBER, DATA, IS_RELEASED];
}
