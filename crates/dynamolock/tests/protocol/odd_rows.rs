use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use dynamolock::{Acquire, AcquireError, Attribute, Found, Item, Mode, Oddity, names};
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
