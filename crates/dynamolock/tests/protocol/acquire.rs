use std::sync::Arc;
use std::time::Duration;

use dynamolock::{
    Acquire, AcquireError, Attribute, Data, Found, InitialData, Item, Lease, LeaseError, Mode,
    names,
};
use tokio::time::{Instant, sleep};

use super::table::{Call, Fault, MemoryTable};
use super::{
    KEY, LEASE, SECOND, acquire, bytes, client, go_row, released, text, waiting, with, without,
};

#[tokio::test(start_paused = true)]
async fn an_absent_row_is_written_as_the_protocol_wants_it() {
    let table = Arc::new(MemoryTable::default());
    let us = client(&table, "us");
    let request = Acquire { data: InitialData::KeepOr(bytes("mine")), ..Acquire::default() };
    let lease = acquire(&us, request).await.unwrap();
    let expected = Item::from([
        (names::KEY.to_owned(), text(KEY)),
        (names::OWNER_NAME.to_owned(), text("us0")),
        (names::LEASE_DURATION.to_owned(), text("10s")),
        (names::RECORD_VERSION_NUMBER.to_owned(), text("us1")),
        (names::DATA.to_owned(), Attribute::B(bytes("mine"))),
    ]);
    assert_eq!(table.row(KEY), Some(expected));
    assert_eq!(lease.found(), &Found::Absent);
    assert_eq!(lease.data(), Some(&b"mine"[..]));
    assert_eq!(lease.validity().remaining(), LEASE);
}

#[tokio::test(start_paused = true)]
async fn a_released_row_is_taken_at_once_and_remembered_as_found() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, released(go_row("v1")));
    let lease = acquire(&client(&table, "us"), Acquire::default()).await.unwrap();
    let row = table.row(KEY).unwrap();
    assert!(!row.contains_key(names::IS_RELEASED));
    assert_eq!(row[names::DATA], Attribute::B(bytes("before")));
    let Found::Released(record) = lease.found() else { panic!("{:?}", lease.found()) };
    assert_eq!(record.item(), &released(go_row("v1")));
}

#[tokio::test(start_paused = true)]
async fn additional_attributes_of_every_type_are_kept_and_ours_are_added() {
    let table = Arc::new(MemoryTable::default());
    let note = Attribute::M(Item::from([("n".to_owned(), Attribute::Ns(vec!["1.50".into()]))]));
    let row = with(released(go_row("v1")), "note", note.clone());
    table.set(KEY, with(row, "color", text("blue")));
    let attributes = Item::from([("color".to_owned(), text("green"))]);
    let request = Acquire { attributes, ..Acquire::default() };
    acquire(&client(&table, "us"), request).await.unwrap();
    let row = table.row(KEY).unwrap();
    assert_eq!(row["note"], note);
    assert_eq!(row["color"], text("green"));
}

#[tokio::test(start_paused = true)]
async fn an_additional_attribute_cannot_take_a_name_of_the_protocol() {
    let table = Arc::new(MemoryTable::default());
    let attributes = Item::from([(names::IS_RELEASED.to_owned(), text("1"))]);
    let request = Acquire { attributes, ..Acquire::default() };
    let error = acquire(&client(&table, "us"), request).await.unwrap_err();
    assert!(matches!(error, AcquireError::ReservedAttribute(name) if name == "isReleased"));
    assert_eq!(table.calls(), []);
}

#[tokio::test(start_paused = true)]
async fn previous_data_are_kept_replaced_or_supplied() {
    let cases = [
        (go_row("v1"), InitialData::Keep, Some("before")),
        (go_row("v1"), InitialData::KeepOr(bytes("mine")), Some("before")),
        (go_row("v1"), InitialData::Replace(bytes("mine")), Some("mine")),
        (without(go_row("v1"), names::DATA), InitialData::Keep, None),
        (without(go_row("v1"), names::DATA), InitialData::KeepOr(bytes("mine")), Some("mine")),
    ];
    for (row, data, expected) in cases {
        let table = Arc::new(MemoryTable::default());
        table.set(KEY, released(row));
        let request = Acquire { data, ..Acquire::default() };
        let lease = acquire(&client(&table, "us"), request).await.unwrap();
        let row = table.row(KEY).unwrap();
        let written = row.get(names::DATA).and_then(Attribute::as_b);
        assert_eq!(written, expected.map(str::as_bytes));
        assert_eq!(lease.data(), written);
    }
}

#[tokio::test(start_paused = true)]
async fn data_of_an_owner_that_came_and_went_between_our_look_and_our_write_are_kept() {
    for before in [None, Some(released(go_row("v1")))] {
        let table = Arc::new(MemoryTable::default());
        before.into_iter().for_each(|row| table.set(KEY, row));
        table.fail(Call::Put, Fault::Slow(SECOND));
        let passing = async {
            sleep(SECOND / 2).await;
            let left = Attribute::B(bytes("later"));
            table.set(KEY, with(released(go_row("v2")), names::DATA, left));
        };
        let us = client(&table, "us");
        let (lease, ()) = tokio::join!(acquire(&us, Acquire::default()), passing);
        let lease = lease.unwrap();
        assert_eq!(lease.data(), Some(&b"later"[..]));
        assert_eq!(table.row(KEY).unwrap()[names::DATA], Attribute::B(bytes("later")));
        assert!(matches!(lease.found(), Found::Released(row) if row.version() == Some("v2")));
    }
}

#[tokio::test(start_paused = true)]
async fn fail_if_locked_gives_up_at_once_and_tells_the_holder() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    let started = Instant::now();
    let error = acquire(&client(&table, "us"), Acquire::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "shop-dev is held by gopher");
    let AcquireError::Held { record, waited } = error else { panic!("{error:?}") };
    assert_eq!((record.data(), waited), (Some(&b"before"[..]), Duration::ZERO));
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(table.row(KEY), Some(go_row("v1")));
    assert_eq!(table.calls(), [Call::Get]);
}

#[tokio::test(start_paused = true)]
async fn a_silent_holders_lock_is_taken_over_after_its_lease_by_our_clock() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    let started = Instant::now();
    let lease = acquire(&client(&table, "us"), waiting(Duration::ZERO)).await.unwrap();
    assert_eq!(started.elapsed(), LEASE);
    assert!(matches!(lease.found(), Found::Held(record) if record.version() == Some("v1")));
    assert_eq!(lease.data(), Some(&b"before"[..]));
}

#[tokio::test(start_paused = true)]
async fn the_observer_gets_a_countdown_with_the_holders_record() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    let mut seen = Vec::new();
    let us = client(&table, "us");
    us.acquire(KEY, waiting(5 * SECOND), &mut |waiting| {
        assert_eq!(waiting.record.owner(), Some("gopher"));
        seen.push((waiting.remaining.as_secs(), waiting.takeover.as_secs()));
    })
    .await
    .unwrap();
    let expected: Vec<_> = (1..=10).rev().map(|takeover| (takeover + 5, takeover)).collect();
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn a_lease_shorter_than_the_refresh_period_is_not_waited_for_any_longer() {
    for (lease, due) in [("1ms", 10), ("2.5s", 2500)] {
        let table = Arc::new(MemoryTable::default());
        table.set(KEY, with(go_row("v1"), names::LEASE_DURATION, text(lease)));
        let started = Instant::now();
        acquire(&client(&table, "us"), waiting(SECOND)).await.unwrap();
        assert_eq!(started.elapsed().as_millis(), due, "{lease}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sign_of_life_starts_the_wait_for_the_lease_again() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    let us = client(&table, "us");
    let started = Instant::now();
    let alive = async {
        sleep(Duration::from_millis(7500)).await;
        table.set(KEY, go_row("v2"));
    };
    let (lease, ()) = tokio::join!(acquire(&us, waiting(LEASE)), alive);
    assert!(
        matches!(lease.unwrap().found(), Found::Held(record) if record.version() == Some("v2"))
    );
    assert_eq!(started.elapsed(), 18 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_living_holder_outlasts_the_budget_of_one_lease_and_the_additional_time() {
    let table = Arc::new(MemoryTable::default());
    let mut holder = acquire(&client(&table, "holder"), Acquire::default()).await.unwrap();
    let us = client(&table, "us");
    let started = Instant::now();
    let alive = async {
        loop {
            sleep(SECOND).await;
            holder.heartbeat(Data::Keep).await.unwrap();
        }
    };
    let error = tokio::select! {
        result = acquire(&us, waiting(Duration::from_millis(3500))) => result.unwrap_err(),
        () = alive => unreachable!("the holder never stops"),
    };
    assert!(matches!(error, AcquireError::Held { waited, .. } if waited.as_millis() == 13_500));
    assert_eq!(started.elapsed().as_millis(), 13_500);
}

#[tokio::test(start_paused = true)]
async fn a_lock_released_while_waiting_is_had_at_the_next_look() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    let us = client(&table, "us");
    let started = Instant::now();
    let release = async {
        sleep(Duration::from_millis(2500)).await;
        table.set(KEY, released(go_row("v1")));
    };
    let (lease, ()) = tokio::join!(acquire(&us, waiting(LEASE)), release);
    assert!(matches!(lease.unwrap().found(), Found::Released(_)));
    assert_eq!(started.elapsed(), 3 * SECOND);
}

/// Takes over only a silent holder, whose row says `v1` at first and `v2` from `changes_at` on.
async fn take_over(changes_at: Option<Duration>) -> (Result<Lease, AcquireError>, Duration) {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    let us = client(&table, "us");
    let started = Instant::now();
    let change = async {
        if let Some(at) = changes_at {
            sleep(at).await;
            table.set(KEY, go_row("v2"));
        }
    };
    let mode = Mode::TakeOver { additional: LEASE };
    let request = Acquire { mode, ..Acquire::default() };
    let acquired = async { (acquire(&us, request).await, started.elapsed()) };
    tokio::join!(acquired, change).0
}

#[tokio::test(start_paused = true)]
async fn take_over_gets_the_lock_of_a_holder_that_is_silent_for_a_lease() {
    let (lease, after) = take_over(None).await;
    assert!(matches!(lease.unwrap().found(), Found::Held(_)));
    assert_eq!(after, LEASE);
}

#[tokio::test(start_paused = true)]
async fn take_over_gives_up_at_the_first_heartbeat_of_the_holder() {
    let (error, after) = take_over(Some(Duration::from_millis(2500))).await;
    let AcquireError::Held { record, waited } = error.unwrap_err() else { panic!("not held") };
    assert_eq!(record.version(), Some("v2"));
    assert_eq!((after, waited), (3 * SECOND, 3 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn who_comes_second_at_a_free_lock_sees_the_winner() {
    let table = Arc::new(MemoryTable::default());
    table.fail(Call::Put, Fault::Slow(SECOND));
    let (slow, quick) = (client(&table, "slow"), client(&table, "quick"));
    let (slow, quick) =
        tokio::join!(acquire(&slow, Acquire::default()), acquire(&quick, Acquire::default()));
    assert!(quick.is_ok());
    let AcquireError::Held { record, .. } = slow.unwrap_err() else { panic!("not held") };
    assert_eq!(record.owner(), Some("quick0"));
}

/// Acquires with faults on the way, from an absent row.
async fn with_faults(
    mode: Mode,
    faults: &[(Call, Fault)],
) -> (Arc<MemoryTable>, Result<Lease, AcquireError>) {
    let table = Arc::new(MemoryTable::default());
    for (call, fault) in faults {
        table.fail(*call, *fault);
    }
    let result = acquire(&client(&table, "us"), Acquire { mode, ..Acquire::default() }).await;
    (table, result)
}

/// Does not wait for a holder, but for answers.
fn patient() -> Acquire {
    Acquire { silence: LEASE, ..Acquire::default() }
}

const WAIT: Mode = Mode::Wait { additional: LEASE };

#[tokio::test(start_paused = true)]
async fn a_put_whose_answer_was_lost_is_found_in_the_row() {
    let faults = [(Call::Put, Fault::LoseAnswer)];
    let (table, lease) = with_faults(Mode::FailIfLocked, &faults).await;
    let lease = lease.unwrap();
    assert_eq!(lease.found(), &Found::Absent);
    assert_eq!(lease.validity().remaining(), LEASE);
    assert_eq!(table.calls(), [Call::Get, Call::Put, Call::Get]);
}

#[tokio::test(start_paused = true)]
async fn a_put_that_never_arrived_is_an_error_unless_there_is_time_to_wait() {
    let faults = [(Call::Put, Fault::LoseRequest)];
    let (table, error) = with_faults(Mode::FailIfLocked, &faults).await;
    assert!(matches!(error.unwrap_err(), AcquireError::Table(error) if error.is_ambiguous()));
    assert_eq!(table.row(KEY), None);
    assert!(with_faults(WAIT, &faults).await.1.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_put_that_arrives_late_is_recognised_and_counts_from_its_start() {
    let table = Arc::new(MemoryTable::default());
    table.fail(Call::Put, Fault::Delay);
    let us = client(&table, "us");
    let late = async {
        sleep(Duration::from_millis(900)).await;
        table.deliver();
    };
    let request = Acquire { mode: WAIT, ..Acquire::default() };
    let (lease, ()) = tokio::join!(acquire(&us, request), late);
    assert_eq!(lease.unwrap().validity().remaining(), LEASE - SECOND);
    assert_eq!(table.row(KEY).unwrap()[names::RECORD_VERSION_NUMBER], text("us1"));
}

#[tokio::test(start_paused = true)]
async fn reads_without_an_answer_are_repeated_while_waiting_and_refusals_are_not() {
    let lost = [(Call::Get, Fault::LoseAnswer)];
    assert!(with_faults(WAIT, &lost).await.1.is_ok());
    let (_, error) = with_faults(Mode::FailIfLocked, &lost).await;
    assert!(matches!(error, Err(AcquireError::Table(_))));
    let (table, error) = with_faults(WAIT, &[(Call::Get, Fault::Refuse)]).await;
    assert!(matches!(error, Err(AcquireError::Table(error)) if !error.is_ambiguous()));
    assert_eq!(table.calls(), [Call::Get]);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_wait_for_a_holder_may_wait_for_answers() {
    for fault in [(Call::Get, Fault::LoseAnswer), (Call::Put, Fault::LoseRequest)] {
        let table = Arc::new(MemoryTable::default());
        table.fail(fault.0, fault.1);
        let lease = acquire(&client(&table, "us"), patient()).await.expect("the next one arrives");
        assert_eq!(lease.found(), &Found::Absent);
    }
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, go_row("v1"));
    table.fail(Call::Get, Fault::LoseAnswer);
    let error = acquire(&client(&table, "us"), patient()).await.unwrap_err();
    assert!(matches!(error, AcquireError::Held { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_not_waited_out_for_longer_than_asked() {
    let table = Arc::new(MemoryTable::default());
    for _ in 0..100 {
        table.fail(Call::Get, Fault::LoseAnswer);
    }
    let began = Instant::now();
    let error = acquire(&client(&table, "us"), patient()).await.unwrap_err();
    assert!(matches!(error, AcquireError::Table(error) if error.is_ambiguous()));
    assert_eq!(began.elapsed(), LEASE);
}

#[tokio::test(start_paused = true)]
async fn a_put_slower_than_the_lease_gives_one_that_can_only_be_given_back() {
    let slow_to_write = [(Call::Put, Fault::Slow(LEASE))];
    let slow_to_find_out = [
        (Call::Put, Fault::LoseAnswer),
        (Call::Get, Fault::Slow(Duration::ZERO)),
        (Call::Get, Fault::Slow(LEASE)),
    ];
    for faults in [&slow_to_write[..], &slow_to_find_out[..]] {
        let (table, lease) = with_faults(Mode::FailIfLocked, faults).await;
        let mut lease = lease.unwrap();
        assert_eq!(lease.validity().remaining(), Duration::ZERO);
        assert!(matches!(lease.heartbeat(Data::Keep).await, Err(LeaseError::Expired)));
        lease.put_back().await.unwrap();
        assert_eq!(table.row(KEY), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_period_of_zero_does_not_spin() {
    let table = Arc::new(MemoryTable::default());
    table.set(KEY, with(go_row("v1"), names::LEASE_DURATION, text("1ms")));
    let request = Acquire { refresh: Duration::ZERO, ..waiting(SECOND) };
    acquire(&client(&table, "us"), request).await.unwrap();
    assert_eq!(table.calls(), [Call::Get, Call::Get, Call::Put]);
}
