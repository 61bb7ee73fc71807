use std::sync::Arc;
use std::time::Duration;

use dynamolock::{Acquire, AcquireError, Attribute, Data, Found, Lease, LeaseError, names};
use tokio::time::{Instant, advance, timeout};

use super::table::{Call, Fault, MemoryTable};
use super::{KEY, LEASE, SECOND, acquire, bytes, client, go_row, released, text, waiting, without};

async fn held() -> (Arc<MemoryTable>, Lease) {
    let table = Arc::new(MemoryTable::default());
    let lease = acquire(&client(&table, "us"), Acquire::default()).await.unwrap();
    table.calls();
    (table, lease)
}

#[tokio::test(start_paused = true)]
async fn a_release_marks_the_row_and_leaves_the_rest() {
    let (table, mut lease) = held().await;
    let before = table.row(KEY).unwrap();
    lease.release(Data::Keep).await.unwrap();
    assert_eq!(table.row(KEY), Some(released(before)));
    assert_eq!(lease.validity().remaining(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_release_can_write_last_data() {
    let (table, mut lease) = held().await;
    lease.release(Data::Replace(bytes("done"))).await.unwrap();
    assert_eq!(table.row(KEY).unwrap()[names::DATA], Attribute::B(bytes("done")));
    assert_eq!(lease.data(), Some(&b"done"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_lock_leaves_no_row() {
    let (table, mut lease) = held().await;
    lease.delete().await.unwrap();
    assert_eq!(table.row(KEY), None);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_was_given_up_is_refused_at_once_or_had_at_a_second_look_right_after() {
    let (table, mut lease) = held().await;
    lease.give_up(Data::Replace(bytes("failed"))).await.unwrap();
    assert_eq!(table.row(KEY).unwrap()[names::LEASE_DURATION], text("1ms"));
    let next = client(&table, "next");
    let refused = acquire(&next, Acquire::default()).await;
    assert!(matches!(refused, Err(AcquireError::Held { .. })));
    let started = Instant::now();
    let lease = acquire(&next, waiting(LEASE)).await.unwrap();
    assert!(started.elapsed() < SECOND / 50, "{:?}", started.elapsed());
    assert_eq!(lease.data(), Some(&b"failed"[..]));
    assert_eq!(table.row(KEY).unwrap()[names::LEASE_DURATION], text("10s"));
}

#[tokio::test(start_paused = true)]
async fn nothing_can_be_written_after_the_lock_was_given_back() {
    let (table, mut lease) = held().await;
    lease.release(Data::Keep).await.unwrap();
    table.calls();
    assert!(matches!(lease.heartbeat(Data::Keep).await, Err(LeaseError::Ended)));
    assert!(matches!(lease.release(Data::Keep).await, Err(LeaseError::Ended)));
    assert!(matches!(lease.delete().await, Err(LeaseError::Ended)));
    assert_eq!(table.calls(), []);
}

#[tokio::test(start_paused = true)]
async fn a_refused_release_can_be_tried_again_but_the_lease_is_over() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::Refuse);
    assert!(matches!(lease.release(Data::Keep).await, Err(LeaseError::Table(_))));
    assert_eq!(lease.validity().remaining(), Duration::ZERO);
    assert!(matches!(lease.heartbeat(Data::Keep).await, Err(LeaseError::Ended)));
    lease.release(Data::Keep).await.unwrap();
    assert_eq!(table.row(KEY).unwrap()[names::IS_RELEASED], text("1"));
}

#[tokio::test(start_paused = true)]
async fn lost_answers_of_every_way_to_end_are_resolved_by_reading_the_row() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::LoseAnswer);
    lease.release(Data::Keep).await.unwrap();
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::LoseAnswer);
    lease.give_up(Data::Keep).await.unwrap();
    let (table, mut lease) = held().await;
    table.fail(Call::Delete, Fault::LoseAnswer);
    lease.delete().await.unwrap();
    assert_eq!(table.calls(), [Call::Delete, Call::Get]);
}

#[tokio::test(start_paused = true)]
async fn a_release_that_never_arrived_is_told_and_can_be_repeated() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::LoseRequest);
    let error = lease.release(Data::Keep).await;
    assert!(matches!(error, Err(LeaseError::Table(error)) if error.is_ambiguous()));
    lease.release(Data::Keep).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dropped_ending_can_be_repeated_whether_it_took_effect_or_not() {
    for fault in [Fault::HangAfter, Fault::Slow(LEASE)] {
        let (table, mut lease) = held().await;
        table.fail(Call::Update, fault);
        assert!(timeout(SECOND, lease.give_up(Data::Keep)).await.is_err());
        lease.give_up(Data::Keep).await.unwrap();
        assert_eq!(table.row(KEY).unwrap()[names::LEASE_DURATION], text("1ms"));
        let (table, mut lease) = held().await;
        table.fail(Call::Delete, fault);
        assert!(timeout(SECOND, lease.delete()).await.is_err());
        lease.delete().await.unwrap();
        assert_eq!(table.row(KEY), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_release_that_only_the_next_holder_noticed_is_no_lost_lock() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::HangAfter);
    assert!(timeout(SECOND, lease.release(Data::Keep)).await.is_err());
    acquire(&client(&table, "next"), Acquire::default()).await.unwrap();
    let taken = table.row(KEY);
    lease.release(Data::Keep).await.unwrap();
    assert_eq!(table.row(KEY), taken);
}

#[tokio::test(start_paused = true)]
async fn a_lock_taken_by_another_is_not_released_under_its_hands() {
    for since in [Duration::ZERO, LEASE] {
        let (table, mut lease) = held().await;
        advance(since).await;
        table.set(KEY, go_row("v9"));
        let lost = [
            lease.release(Data::Keep).await,
            lease.give_up(Data::Keep).await,
            lease.delete().await,
        ];
        for result in lost {
            assert!(matches!(result, Err(LeaseError::Lost { holder: Some(_) })), "{result:?}");
        }
        assert_eq!(table.row(KEY), Some(go_row("v9")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_lost_if_no_release_of_ours_explains_the_next_holder() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::Refuse);
    assert!(lease.release(Data::Keep).await.is_err());
    table.set(KEY, go_row("v9"));
    assert!(matches!(lease.release(Data::Keep).await, Err(LeaseError::Lost { .. })));
    // Past the lease it may just as well have been taken over.
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::LoseRequest);
    assert!(lease.release(Data::Keep).await.is_err());
    advance(LEASE).await;
    table.set(KEY, go_row("v9"));
    assert!(matches!(lease.release(Data::Keep).await, Err(LeaseError::Lost { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_expired_lock_that_nobody_took_can_be_given_up() {
    let (table, mut lease) = held().await;
    advance(2 * LEASE).await;
    lease.give_up(Data::Keep).await.unwrap();
    assert_eq!(table.row(KEY).unwrap()[names::LEASE_DURATION], text("1ms"));
}

#[tokio::test(start_paused = true)]
async fn a_row_that_was_absent_is_put_back_by_deleting_it() {
    let (table, mut lease) = held().await;
    lease.heartbeat(Data::Replace(bytes("x"))).await.unwrap();
    lease.put_back().await.unwrap();
    assert_eq!(table.row(KEY), None);
}

#[tokio::test(start_paused = true)]
async fn a_released_row_is_put_back_released_with_its_data() {
    for row in [go_row("v1"), without(go_row("v1"), names::DATA)] {
        let table = Arc::new(MemoryTable::default());
        table.set(KEY, released(row.clone()));
        let mut lease = acquire(&client(&table, "us"), Acquire::default()).await.unwrap();
        lease.heartbeat(Data::Replace(bytes("x"))).await.unwrap();
        lease.put_back().await.unwrap();
        let after = table.row(KEY).unwrap();
        assert_eq!(after[names::IS_RELEASED], text("1"));
        assert_eq!(after.get(names::DATA), row.get(names::DATA));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_holders_row_is_put_back_given_up_with_its_data() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    let mut lease = acquire(&client(&table, "us"), waiting(LEASE)).await.unwrap();
    assert!(matches!(lease.found(), Found::Held(_)));
    lease.heartbeat(Data::Replace(bytes("x"))).await.unwrap();
    lease.put_back().await.unwrap();
    let after = table.row(KEY).unwrap();
    assert!(!after.contains_key(names::IS_RELEASED));
    assert_eq!(after[names::LEASE_DURATION], text("1ms"));
    assert_eq!(after[names::DATA], Attribute::B(bytes("before")));
}
