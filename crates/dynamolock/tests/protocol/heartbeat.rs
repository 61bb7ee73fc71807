use std::sync::Arc;
use std::time::Duration;

use dynamolock::{Acquire, Attribute, Data, Lease, LeaseError, Outcome, names};
use tokio::time::{advance, timeout};

use super::table::{Call, Fault, MemoryTable};
use super::{KEY, LEASE, SECOND, acquire, bytes, client, go_row, text};

async fn held() -> (Arc<MemoryTable>, Lease) {
    let table = Arc::new(MemoryTable::default());
    let lease = acquire(&client(&table, "us"), Acquire::default()).await.unwrap();
    table.calls();
    (table, lease)
}

fn data(table: &MemoryTable) -> Option<Vec<u8>> {
    table.row(KEY)?.get(names::DATA).and_then(Attribute::as_b).map(<[u8]>::to_vec)
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_writes_a_new_version_and_extends_the_validity() {
    let (table, mut lease) = held().await;
    let validity = lease.validity();
    advance(3 * SECOND).await;
    assert_eq!(validity.remaining(), LEASE - 3 * SECOND);
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!(validity.remaining(), LEASE);
    let row = table.row(KEY).unwrap();
    assert_eq!(row[names::RECORD_VERSION_NUMBER], text("us2"));
    assert_eq!(row[names::LEASE_DURATION], text("10s"));
    assert_eq!(table.calls(), [Call::Update]);
}

#[tokio::test(start_paused = true)]
async fn the_lease_counts_from_before_the_call() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::Slow(4 * SECOND));
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!(lease.validity().remaining(), LEASE - 4 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn data_are_replaced_kept_and_removed() {
    let (table, mut lease) = held().await;
    for (change, expected) in [
        (Data::Replace(bytes("one")), Some(bytes("one"))),
        (Data::Keep, Some(bytes("one"))),
        (Data::Replace(bytes("two")), Some(bytes("two"))),
        (Data::Remove, None),
        (Data::Keep, None),
    ] {
        lease.heartbeat(change).await.unwrap();
        assert_eq!(data(&table), expected);
        assert_eq!(lease.data(), expected.as_deref());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_lock_ends_the_validity_and_tells_the_new_holder() {
    let (table, mut lease) = held().await;
    let validity = lease.validity();
    table.set(KEY, go_row("v9"));
    let error = lease.heartbeat(Data::Replace(bytes("mine"))).await.unwrap_err();
    assert_eq!(error.to_string(), "the lock was lost to gopher");
    let LeaseError::Lost { holder: Some(holder) } = error else { panic!("{error:?}") };
    assert_eq!(holder.item(), &go_row("v9"));
    assert_eq!(validity.remaining(), Duration::ZERO);
    assert_eq!(table.row(KEY), Some(go_row("v9")));
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_lost_even_if_its_row_cannot_be_read_or_is_gone() {
    let (table, mut lease) = held().await;
    table.set(KEY, go_row("v9"));
    table.fail(Call::Get, Fault::Refuse);
    let lost = lease.heartbeat(Data::Keep).await;
    assert!(matches!(lost, Err(LeaseError::Lost { holder: None })));
    let (table, mut lease) = held().await;
    table.remove(KEY);
    let lost = lease.heartbeat(Data::Keep).await;
    assert!(matches!(lost, Err(LeaseError::Lost { holder: None })));
}

#[tokio::test(start_paused = true)]
async fn a_lock_past_its_lease_is_not_heartbeated() {
    let (table, mut lease) = held().await;
    let before = table.row(KEY);
    advance(LEASE).await;
    let error = lease.heartbeat(Data::Keep).await;
    assert!(matches!(error, Err(LeaseError::Expired)));
    assert_eq!((table.calls(), table.row(KEY)), (vec![], before));
}

#[tokio::test(start_paused = true)]
async fn who_lost_a_lock_by_the_clock_can_ask_who_has_it() {
    let (table, lease) = held().await;
    advance(LEASE).await;
    assert_eq!(lease.rival().await.unwrap(), None);
    table.set(KEY, go_row("v9"));
    assert_eq!(lease.rival().await.unwrap().unwrap().item(), &go_row("v9"));
    let mut released = go_row("v9");
    released.insert(names::IS_RELEASED.to_owned(), text("1"));
    table.set(KEY, released);
    assert_eq!(lease.rival().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_took_the_whole_lease_comes_too_late() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::Slow(LEASE));
    assert!(matches!(lease.heartbeat(Data::Keep).await, Err(LeaseError::Expired)));
    assert_eq!(lease.validity().remaining(), Duration::ZERO);
    lease.release(Data::Keep).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_refused_heartbeat_leaves_the_lock_as_it_is() {
    let (table, mut lease) = held().await;
    advance(SECOND).await;
    table.fail(Call::Update, Fault::Refuse);
    let error = lease.heartbeat(Data::Replace(bytes("x"))).await;
    assert!(matches!(error, Err(LeaseError::Table(error)) if !error.is_ambiguous()));
    assert_eq!(lease.validity().remaining(), LEASE - SECOND);
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!(data(&table), None);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_resolved_by_reading_the_row() {
    let (table, mut lease) = held().await;
    advance(SECOND).await;
    table.fail(Call::Update, Fault::LoseAnswer);
    lease.heartbeat(Data::Replace(bytes("x"))).await.unwrap();
    assert_eq!(table.calls(), [Call::Update, Call::Get]);
    assert_eq!((lease.data(), lease.validity().remaining()), (Some(&b"x"[..]), LEASE));
    lease.heartbeat(Data::Keep).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_is_an_error_and_the_next_heartbeat_goes_on() {
    let (table, mut lease) = held().await;
    advance(SECOND).await;
    table.fail(Call::Update, Fault::LoseRequest);
    let error = lease.heartbeat(Data::Replace(bytes("x"))).await;
    assert!(matches!(error, Err(LeaseError::Table(error)) if error.is_ambiguous()));
    assert_eq!((lease.data(), lease.validity().remaining()), (None, LEASE - SECOND));
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!((data(&table), lease.validity().remaining()), (None, LEASE));
}

#[tokio::test(start_paused = true)]
async fn an_answer_lost_while_the_row_cannot_be_read_is_resolved_by_the_next_heartbeat() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::LoseAnswer);
    table.fail(Call::Get, Fault::LoseAnswer);
    assert!(lease.heartbeat(Data::Replace(bytes("x"))).await.is_err());
    table.calls();
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!(table.calls(), [Call::Update, Call::Get, Call::Update]);
    assert_eq!(lease.data(), Some(&b"x"[..]));
}

#[tokio::test(start_paused = true)]
async fn an_unexplained_failure_in_doubt_is_not_yet_a_lost_lock() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::LoseAnswer);
    table.fail(Call::Get, Fault::LoseAnswer);
    table.fail(Call::Get, Fault::LoseAnswer);
    assert!(lease.heartbeat(Data::Keep).await.is_err());
    assert!(matches!(lease.heartbeat(Data::Keep).await, Err(LeaseError::Table(_))));
    assert_eq!(lease.validity().remaining(), LEASE);
    lease.heartbeat(Data::Keep).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn doubts_that_were_settled_do_not_excuse_a_lost_lock() {
    for settled in [Fault::LoseRequest, Fault::Refuse] {
        let (table, mut lease) = held().await;
        table.fail(Call::Update, settled);
        assert!(lease.heartbeat(Data::Keep).await.is_err());
        if settled == Fault::LoseRequest {
            lease.heartbeat(Data::Keep).await.unwrap();
        }
        table.set(KEY, go_row("v9"));
        table.fail(Call::Get, Fault::Refuse);
        let lost = lease.heartbeat(Data::Keep).await;
        assert!(matches!(lost, Err(LeaseError::Lost { holder: None })), "{settled:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_arrives_after_the_next_one_has_no_effect() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::Delay);
    assert!(lease.heartbeat(Data::Replace(bytes("late"))).await.is_err());
    lease.heartbeat(Data::Replace(bytes("now"))).await.unwrap();
    assert_eq!(table.deliver(), [Outcome::ConditionFailed]);
    assert_eq!(data(&table), Some(bytes("now")));
    lease.heartbeat(Data::Keep).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_arrives_late_is_not_taken_for_a_thief() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::Delay);
    assert!(lease.heartbeat(Data::Replace(bytes("late"))).await.is_err());
    assert_eq!(table.deliver(), [Outcome::Done]);
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!(lease.data(), Some(&b"late"[..]));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_heartbeat_that_took_effect_does_not_disturb_the_next() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::HangAfter);
    let hanging = timeout(2 * SECOND, lease.heartbeat(Data::Replace(bytes("x")))).await;
    assert!(hanging.is_err());
    assert_eq!(lease.validity().remaining(), LEASE - 2 * SECOND);
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!((lease.data(), lease.validity().remaining()), (Some(&b"x"[..]), LEASE));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_heartbeat_without_effect_does_not_disturb_the_next() {
    let (table, mut lease) = held().await;
    table.fail(Call::Update, Fault::Slow(LEASE));
    assert!(timeout(SECOND, lease.heartbeat(Data::Replace(bytes("x")))).await.is_err());
    lease.heartbeat(Data::Keep).await.unwrap();
    assert_eq!((data(&table), lease.data()), (None, None));
}
