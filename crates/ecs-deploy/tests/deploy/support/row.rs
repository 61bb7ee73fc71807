//! The lock row, as a test wants to see it.

use dynamolock::{Attribute, Item, names};
use ecs_deploy::journal::{State, codec};
use serde_json::{Value, json};

use super::locks::text;

/// What stands in the lock row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) is_released: bool,
    pub(crate) lease: String,
    /// The JSON text.
    pub(crate) data: Option<String>,
}

impl Row {
    pub(crate) fn of(item: &Item) -> Self {
        let data = item.get(names::DATA).and_then(Attribute::as_b);
        Self {
            is_released: item.contains_key(names::IS_RELEASED),
            lease: item[names::LEASE_DURATION].as_s().expect("a string").to_owned(),
            data: data.map(|data| String::from_utf8(data.to_vec()).expect("text")),
        }
    }

    pub(crate) fn state(&self) -> State {
        codec::decode(self.data.as_ref().expect("data").as_bytes()).expect("a status")
    }

    /// Whether a failed deploy left it to whoever decides.
    pub(crate) fn is_given_up(&self) -> bool {
        !self.is_released && self.lease == "1ms"
    }
}

/// A row that a program which died left behind, with the original's lease.
pub(crate) fn held_by_nobody(data: &str) -> Item {
    Item::from([
        (names::KEY.to_owned(), text("shop-dev")),
        (names::OWNER_NAME.to_owned(), text("go-program")),
        (names::LEASE_DURATION.to_owned(), text("10s")),
        (names::RECORD_VERSION_NUMBER.to_owned(), text("go-version")),
        (names::DATA.to_owned(), Attribute::B(data.as_bytes().to_vec())),
    ])
}

/// The same, released.
pub(crate) fn released(data: &str) -> Item {
    let mut item = held_by_nobody(data);
    item.insert(names::IS_RELEASED.to_owned(), text("1"));
    item
}

/// What the original writes for build 1 at a step.
pub(crate) fn go_status(step: u8, color: &str, task_set: &str) -> Value {
    json!({
        "Artifact": {"BuildNumber": 1, "Value": "shop:one", "Tags": {"SHA": "one"}},
        "ConfigSHA": "1a2b3c4d",
        "NewTaskSetID": task_set,
        "NewActiveColor": color,
        "Done": false,
        "Step": step,
    })
}
