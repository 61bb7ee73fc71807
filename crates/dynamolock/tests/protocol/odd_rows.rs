use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use dynamolock::{
    Acquire, AcquireError, Attribute, Data, Found, GoDuration, Item, Mode, Oddity, names,
};
use proptest::prelude::*;
use tokio::time::Instant;

use super::table::{Call, MemoryTable};
use super::{
    KEY, LEASE, SECOND, acquire, bytes, client, go_row, released, text, waiting, with, without,
};

async fn taken_over_from(row: Item) -> (Arc<MemoryTable>, Duration) {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, row);
    let started = Instant::now();
    let lease = acquire(&client(&table, "us"), waiting(LEASE)).await.unwrap();
    assert!(matches!(lease.found(), Found::Held(_)));
    (table, started.elapsed())
}

/// What is odd, having seen that neither way of asking writes or loops.
async fn refused(row: Item) -> AcquireError {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, row.clone());
    let us = client(&table, "us");
    for mode in [Mode::Wait { additional: LEASE }, Mode::FailIfLocked] {
        let error = acquire(&us, Acquire { mode, ..Acquire::default() }).await.unwrap_err();
        assert_eq!(table.calls(), [Call::Get]);
        assert_eq!(table.row(KEY).as_ref(), Some(&row));
        if mode == Mode::FailIfLocked {
            return error;
        }
    }
    unreachable!("the last mode returns")
}

#[tokio::test(start_paused = true)]
async fn a_row_without_owner_is_taken_over_after_its_lease() {
    let (_, waited) = taken_over_from(without(go_row("v1"), names::OWNER_NAME)).await;
    assert_eq!(waited, LEASE);
}

#[tokio::test(start_paused = true)]
async fn a_row_without_lease_is_taken_over_at_the_second_look() {
    let (_, waited) = taken_over_from(without(go_row("v1"), names::LEASE_DURATION)).await;
    assert_eq!(waited, SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_negative_lease_is_over_at_the_second_look() {
    let (_, waited) = taken_over_from(with(go_row("v1"), names::LEASE_DURATION, text("-1h"))).await;
    assert_eq!(waited, SECOND);
}

#[tokio::test(start_paused = true)]
async fn data_that_are_not_binary_are_dropped_at_a_takeover() {
    let (table, _) = taken_over_from(with(go_row("v1"), names::DATA, text("{}"))).await;
    assert!(!table.row(KEY).unwrap().contains_key(names::DATA));
}

#[tokio::test(start_paused = true)]
async fn a_row_without_version_is_refused_with_what_to_do() {
    let error = refused(without(go_row("v1"), names::RECORD_VERSION_NUMBER)).await;
    let message = error.to_string();
    for part in ["shop-dev", "DeployLock", "delete the row by hand"] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(
        error.source().map(ToString::to_string).as_deref(),
        Some("recordVersionNumber is missing or not a string")
    );
}

#[tokio::test(start_paused = true)]
async fn a_release_mark_that_no_put_can_match_is_refused() {
    for value in [Attribute::Bool(true), Attribute::N("1".into()), text(""), text("true")] {
        let error = refused(with(go_row("v1"), names::IS_RELEASED, value)).await;
        assert!(matches!(error, AcquireError::OddRow { oddity: Oddity::ReleasedNotOne, .. }));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_cannot_be_read_is_refused_unless_the_row_is_released() {
    for value in [text(""), text("10"), Attribute::N("10".into()), Attribute::B(bytes("10s"))] {
        let row = with(go_row("v1"), names::LEASE_DURATION, value);
        assert!(matches!(refused(row.clone()).await, AcquireError::OddRow { .. }));
        let table = Arc::new(MemoryTable::default());
        table.set(KEY, released(row));
        assert!(acquire(&client(&table, "us"), Acquire::default()).await.is_ok());
    }
}

/// Values of every type, odd ones among them.
fn value() -> impl Strategy<Value = Attribute> {
    let texts = vec!["", "0", "1", "10", "10s", "1ms", "-1h", "2m", "true", "v1", "us0", "us1"];
    prop_oneof![
        4 => prop::sample::select(texts).prop_map(text),
        1 => "[0-9]{1,3}".prop_map(Attribute::N),
        1 => prop::collection::vec(any::<u8>(), 0..9).prop_map(Attribute::B),
        1 => any::<bool>().prop_map(Attribute::Bool),
        1 => Just(Attribute::Null),
        1 => Just(Attribute::L(vec![text("1")])),
        1 => Just(Attribute::M(Item::from([("S".to_owned(), text("1"))]))),
        1 => Just(Attribute::Ss(vec!["1".to_owned()])),
    ]
}

/// Rows of any program, with some of the protocol's attributes and some of their own.
fn row() -> impl Strategy<Value = Item> {
    let [_, known @ ..] = names::RESERVED;
    let named = prop_oneof![
        8 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => "[a-z]{1,9}".prop_filter("the key is the test's", |name| name != names::KEY),
    ];
    let attributes = prop::collection::btree_map(named, value(), 0..7);
    (attributes, any::<bool>()).prop_map(|(odd, is_usual)| {
        let mut row =
            if is_usual { go_row("v1") } else { Item::from([(names::KEY.into(), text(KEY))]) };
        row.extend(odd);
        row
    })
}

/// Whether the Go library reads it, and never loops or panics over it.
fn is_well_formed(row: &Item) -> bool {
    let is_text =
        |name: &str| row.get(name).and_then(Attribute::as_s).is_some_and(|it| !it.is_empty());
    let lease = row.get(names::LEASE_DURATION).and_then(Attribute::as_s);
    is_text(names::OWNER_NAME)
        && is_text(names::RECORD_VERSION_NUMBER)
        && lease.is_some_and(|lease| lease.parse::<GoDuration>().is_ok() && !lease.is_empty())
        && row.get(names::DATA).is_none_or(|data| data.as_b().is_some())
        && row.get(names::IS_RELEASED).is_none_or(|mark| *mark == text("1"))
}

/// Takes the lock and gives it back in one of the ways; whatever is written is well formed, and what
/// other programs put there stays.
async fn come_and_go(found: Item, way: u8) {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, found.clone());
    let foreign = |row: &Item| -> Item {
        let own = |name: &String| names::RESERVED.contains(&name.as_str());
        row.iter().filter(|(name, _)| !own(name)).map(|(n, v)| (n.clone(), v.clone())).collect()
    };
    let check = |context: &str| {
        let Some(row) = table.row(KEY) else { return };
        assert!(row == found || is_well_formed(&row), "{context}: {row:?}");
        assert_eq!(foreign(&row), foreign(&found), "{context}");
    };
    let taken = acquire(&client(&table, "us"), waiting(LEASE)).await;
    check("acquire");
    let Ok(mut lease) = taken else { return };
    lease.heartbeat(Data::Replace(bytes("mine"))).await.expect("it is ours");
    check("heartbeat");
    match way {
        0 => lease.release(Data::Keep).await,
        1 => lease.give_up(Data::Replace(bytes("theirs"))).await,
        2 => lease.put_back().await,
        _ => lease.release(Data::Remove).await,
    }
    .expect("it is ours");
    check("the end");
}

proptest! {
    /// An hour of virtual time is more than any wait for the leases of these rows may take.
    #[test]
    fn any_row_is_taken_or_told_and_none_that_is_odd_is_ever_written(row in row(), way in 0_u8..4) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let hour = Duration::from_secs(60 * 60);
        let ended = runtime.block_on(async {
            tokio::time::timeout(hour, come_and_go(row, way)).await
        });
        prop_assert!(ended.is_ok(), "it hangs");
    }
}
