use std::time::Duration;

use crate::attribute::{Attribute, Item, names};
use crate::duration::{GoDuration, ParseDurationError};
use crate::table::RELEASED;

/// A row of the table, read tolerantly: whatever is odd about it is told, nothing panics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    key: String,
    item: Item,
}

/// Whether a lock is held, as far as its row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Somebody holds it, or held it and died.
    Held,
    /// Its last owner released it.
    Released,
}

/// What the protocol does not foresee in a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Oddity {
    /// There is no `ownerName` string: the holder can't be named.
    #[error("ownerName is missing or not a string")]
    NoOwner,
    /// There is no `recordVersionNumber` string: nobody can take the lock over.
    #[error("recordVersionNumber is missing or not a string")]
    NoVersion,
    /// There is no `leaseDuration`, which counts as zero.
    #[error("leaseDuration is missing")]
    NoLease,
    /// `leaseDuration` is not a string.
    #[error("leaseDuration is not a string")]
    LeaseNotString,
    /// `leaseDuration` is not a Go duration: nobody can tell when the lease is over.
    #[error("leaseDuration {text:?} is not a duration")]
    LeaseUnreadable {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        source: ParseDurationError,
    },
    /// `data` is not binary; the next owner drops it.
    #[error("data is not binary")]
    DataNotBinary,
    /// `isReleased` is there, so all take the lock for released, but it is not the string `"1"`,
    /// so that no conditional put succeeds.
    #[error("isReleased is not the string \"1\"")]
    ReleasedNotOne,
}

impl Record {
    /// Reads the row of this key.
    pub fn new(key: impl Into<String>, item: Item) -> Self {
        Self { key: key.into(), item }
    }

    /// The lock's name.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether the lock is held. As in all clients, the mere presence of `isReleased` decides.
    pub fn state(&self) -> State {
        match self.item.get(names::IS_RELEASED) {
            Some(_) => State::Released,
            None => State::Held,
        }
    }

    /// Who holds the lock, or held it last; opaque.
    pub fn owner(&self) -> Option<&str> {
        self.text(names::OWNER_NAME)
    }

    /// The version of the holder's last write; opaque.
    pub fn version(&self) -> Option<&str> {
        self.text(names::RECORD_VERSION_NUMBER)
    }

    /// How long the holder may stay silent; zero when the row says nothing.
    ///
    /// # Errors
    ///
    /// When the row says something that can't be read.
    pub fn lease(&self) -> Result<Duration, Oddity> {
        match self.item.get(names::LEASE_DURATION) {
            None => Ok(Duration::ZERO),
            Some(Attribute::S(text)) => text
                .parse()
                .map(GoDuration::to_std)
                .map_err(|source| Oddity::LeaseUnreadable { text: text.clone(), source }),
            Some(_) => Err(Oddity::LeaseNotString),
        }
    }

    /// The caller's bytes, if there are any.
    pub fn data(&self) -> Option<&[u8]> {
        self.item.get(names::DATA)?.as_b()
    }

    /// All attributes, as they stand in the row.
    pub fn item(&self) -> &Item {
        &self.item
    }

    /// The attribute that takes most of the row, with about how many bytes.
    pub fn largest(&self) -> Option<(&str, usize)> {
        let sizes = self.item.iter().map(|(name, value)| (name.as_str(), value.size()));
        sizes.max_by_key(|(_, size)| *size)
    }

    /// Everything that is odd about the row; mostly nothing.
    pub fn oddities(&self) -> Vec<Oddity> {
        let data = self.item.get(names::DATA);
        [
            self.owner().is_none().then_some(Oddity::NoOwner),
            self.version().is_none().then_some(Oddity::NoVersion),
            (!self.item.contains_key(names::LEASE_DURATION)).then_some(Oddity::NoLease),
            self.lease().err(),
            data.is_some_and(|data| data.as_b().is_none()).then_some(Oddity::DataNotBinary),
            self.released_not_one(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// How the lock can be had, or what about the row makes that impossible for every client.
    pub(crate) fn way_in(&self) -> Result<WayIn, Oddity> {
        if let Some(oddity) = self.released_not_one() {
            return Err(oddity);
        }
        if self.state() == State::Released {
            return Ok(WayIn::Released);
        }
        let version = self.version().ok_or(Oddity::NoVersion)?.to_owned();
        Ok(WayIn::AfterLease { version, lease: self.lease()? })
    }

    /// Whether this row was written by this owner and is not released.
    pub(crate) fn is_held_by(&self, owner: &str) -> bool {
        self.state() == State::Held && self.owner() == Some(owner)
    }

    fn released_not_one(&self) -> Option<Oddity> {
        let value = self.item.get(names::IS_RELEASED)?;
        (value.as_s() != Some(RELEASED)).then_some(Oddity::ReleasedNotOne)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.item.get(name)?.as_s()
    }
}

/// How the lock of a row can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WayIn {
    Released,
    /// When this version has stood unchanged for as long as its lease.
    AfterLease {
        version: String,
        lease: Duration,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Item {
        let text = |text: &str| Attribute::S(text.to_owned());
        Item::from([
            (names::KEY.to_owned(), text("shop-dev")),
            (names::OWNER_NAME.to_owned(), text("someone")),
            (names::LEASE_DURATION.to_owned(), text("10s")),
            (names::RECORD_VERSION_NUMBER.to_owned(), text("v1")),
            (names::DATA.to_owned(), Attribute::B(b"{}".to_vec())),
        ])
    }

    fn with(name: &str, value: Attribute) -> Record {
        let mut item = held();
        item.insert(name.to_owned(), value);
        Record::new("shop-dev", item)
    }

    fn without(name: &str) -> Record {
        let mut item = held();
        item.remove(name);
        Record::new("shop-dev", item)
    }

    #[test]
    fn a_row_as_it_should_be_has_nothing_odd() {
        let record = Record::new("shop-dev", held());
        assert_eq!(record.oddities(), []);
        assert_eq!(record.state(), State::Held);
        assert_eq!(record.owner(), Some("someone"));
        assert_eq!(record.lease(), Ok(Duration::from_secs(10)));
        assert_eq!(record.data(), Some(&b"{}"[..]));
        let way = WayIn::AfterLease { version: "v1".into(), lease: Duration::from_secs(10) };
        assert_eq!(record.way_in(), Ok(way));
    }

    #[test]
    fn a_missing_owner_is_told_and_does_not_bar_the_way() {
        let record = without(names::OWNER_NAME);
        assert_eq!(record.oddities(), [Oddity::NoOwner]);
        assert!(record.way_in().is_ok());
    }

    #[test]
    fn a_missing_version_bars_the_way_unless_the_row_is_released() {
        assert_eq!(without(names::RECORD_VERSION_NUMBER).way_in(), Err(Oddity::NoVersion));
        let mut item = held();
        item.remove(names::RECORD_VERSION_NUMBER);
        item.insert(names::IS_RELEASED.to_owned(), Attribute::S("1".into()));
        assert_eq!(Record::new("shop-dev", item).way_in(), Ok(WayIn::Released));
    }

    #[test]
    fn a_missing_lease_counts_as_zero() {
        let record = without(names::LEASE_DURATION);
        assert_eq!(record.oddities(), [Oddity::NoLease]);
        let way = WayIn::AfterLease { version: "v1".into(), lease: Duration::ZERO };
        assert_eq!(record.way_in(), Ok(way));
    }

    #[test]
    fn an_unreadable_lease_bars_the_way() {
        for text in ["", "10", "soon"] {
            let record = with(names::LEASE_DURATION, Attribute::S(text.into()));
            assert!(matches!(record.way_in(), Err(Oddity::LeaseUnreadable { .. })), "{text:?}");
            assert_eq!(record.oddities().len(), 1);
        }
        let number = with(names::LEASE_DURATION, Attribute::N("10".into()));
        assert_eq!(number.way_in(), Err(Oddity::LeaseNotString));
    }

    #[test]
    fn data_of_another_type_are_told_and_not_read() {
        let record = with(names::DATA, Attribute::S("text".into()));
        assert_eq!(record.oddities(), [Oddity::DataNotBinary]);
        assert_eq!(record.data(), None);
    }

    #[test]
    fn a_release_that_is_not_the_string_one_bars_the_way() {
        for value in [Attribute::S("true".into()), Attribute::N("1".into()), Attribute::Bool(true)]
        {
            let record = with(names::IS_RELEASED, value);
            assert_eq!(record.state(), State::Released);
            assert_eq!(record.way_in(), Err(Oddity::ReleasedNotOne));
            assert_eq!(record.oddities(), [Oddity::ReleasedNotOne]);
        }
    }
}
