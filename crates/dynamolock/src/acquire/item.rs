use crate::attribute::{Attribute, Item, names};
use crate::client::LockClient;
use crate::record::Record;

use super::{Acquire, Attempt, InitialData};

/// The data that a new owner begins with.
pub(super) fn data_for(request: &InitialData, previous: Option<&Record>) -> Option<Vec<u8>> {
    let previous = previous.and_then(Record::data).map(<[u8]>::to_vec);
    match request {
        InitialData::Keep => previous,
        InitialData::KeepOr(data) => Some(previous.unwrap_or_else(|| data.clone())),
        InitialData::Replace(data) => Some(data.clone()),
    }
}

/// The whole row of a new owner: the attributes that the protocol does not know are kept.
pub(super) fn item_for(
    client: &LockClient,
    key: &str,
    request: &Acquire,
    attempt: &Attempt,
) -> Item {
    let mut item = additional(attempt.found.record());
    item.extend(request.attributes.clone());
    let lease = client.options.go_lease().to_string();
    let texts = [
        (names::KEY, key),
        (names::OWNER_NAME, &client.owner),
        (names::LEASE_DURATION, &lease),
        (names::RECORD_VERSION_NUMBER, &attempt.version),
    ];
    item.extend(texts.map(|(name, text)| (name.to_owned(), Attribute::S(text.to_owned()))));
    let data = attempt.data.clone().map(|data| (names::DATA.to_owned(), Attribute::B(data)));
    item.extend(data);
    item
}

fn additional(previous: Option<&Record>) -> Item {
    let mut item = previous.map(|record| record.item().clone()).unwrap_or_default();
    item.retain(|name, _| !names::RESERVED.contains(&name.as_str()));
    item
}
