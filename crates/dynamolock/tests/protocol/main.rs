//! The protocol against a table in memory, under virtual time.

mod acquire;
mod contention;
mod give_back;
mod heartbeat;
mod odd_rows;
mod table;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use dynamolock::{
    Acquire, AcquireError, Attribute, Ids, Item, Lease, LockClient, Mode, Options, TokioClock,
    names,
};
use table::MemoryTable;

const KEY: &str = "shop-dev";
const LEASE: Duration = Duration::from_secs(10);
const SECOND: Duration = Duration::from_secs(1);

/// Names that count up, so that a failure can be replayed.
struct Counted {
    prefix: &'static str,
    next: AtomicU32,
}

impl Ids for Counted {
    fn next(&self) -> String {
        format!("{}{}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

fn client(table: &Arc<MemoryTable>, prefix: &'static str) -> LockClient {
    let ids = Arc::new(Counted { prefix, next: AtomicU32::new(0) });
    LockClient::new(table.clone(), Arc::new(TokioClock::new()), Options::default().with_ids(ids))
}

fn waiting(additional: Duration) -> Acquire {
    Acquire { mode: Mode::Wait { additional }, ..Acquire::default() }
}

async fn acquire(client: &LockClient, request: Acquire) -> Result<Lease, AcquireError> {
    client.acquire(KEY, request, &mut |_| {}).await
}

fn text(text: &str) -> Attribute {
    Attribute::S(text.to_owned())
}

fn bytes(data: &str) -> Vec<u8> {
    data.as_bytes().to_vec()
}

/// A row as the Go program writes it.
fn go_row(version: &str) -> Item {
    Item::from([
        (names::KEY.to_owned(), text(KEY)),
        (names::OWNER_NAME.to_owned(), text("gopher")),
        (names::LEASE_DURATION.to_owned(), text("10s")),
        (names::RECORD_VERSION_NUMBER.to_owned(), text(version)),
        (names::DATA.to_owned(), Attribute::B(bytes("before"))),
    ])
}

fn with(mut item: Item, name: &str, value: Attribute) -> Item {
    item.insert(name.to_owned(), value);
    item
}

fn without(mut item: Item, name: &str) -> Item {
    item.remove(name);
    item
}

fn released(item: Item) -> Item {
    with(item, names::IS_RELEASED, text("1"))
}
