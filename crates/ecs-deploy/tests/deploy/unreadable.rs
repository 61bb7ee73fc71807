//! Rows that hold no record of a deploy that this program can go on from.

use std::time::Duration;

use dynamolock::{Attribute, names};
use ecs_deploy::Failure;
use ecs_deploy::error::{DeployError, FailureKind, LockLeft, ResumeError};
use ecs_deploy::journal::codec::DecodeError;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use serde_json::{Value, json};

use crate::support::world::{KEY, World};

/// A deploy that failed with its new set there.
async fn failed() -> World {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    world
}

fn data(world: &World) -> Vec<u8> {
    world.row().expect("a row").data.expect("data").into_bytes()
}

fn put_data(world: &World, data: &[u8]) {
    let mut row = world.locks.row(KEY).expect("a row");
    row.insert(names::DATA.into(), Attribute::B(data.to_vec()));
    world.locks.put_row(KEY, row);
}

/// Refused for what the row says, with the row as it was.
#[track_caller]
fn unreadable(failure: Failure, world: &World, row: &[u8]) -> DecodeError {
    assert_eq!((failure.kind, failure.lock), (FailureKind::Refused, LockLeft::PutBack));
    assert_eq!(world.locks.row(KEY).unwrap()[names::DATA].as_b(), Some(row));
    match failure.error {
        DeployError::Resume(ResumeError::Unreadable(error)) => error,
        error => panic!("{error}"),
    }
}

fn journal_with(world: &World, member: &str, value: Value) -> Vec<u8> {
    let mut row: Value = serde_json::from_slice(&data(world)).unwrap();
    row["Journal"][member] = value;
    row.to_string().into_bytes()
}

#[tokio::test(start_paused = true)]
async fn a_row_that_was_cut_anywhere_is_refused_by_a_resume_and_started_over() {
    let whole = data(&failed().await);
    for length in (0..whole.len()).step_by(151) {
        let world = failed().await;
        put_data(&world, &whole[..length]);
        let failure = world.resume("one").await.expect_err("half a record is none");
        let error = unreadable(failure, &world, &whole[..length]);
        assert!(matches!(error, DecodeError::Malformed(_)), "{length}: {error}");
        world
            .start_over("one")
            .await
            .unwrap_or_else(|failure| panic!("{length}: {}", failure.error));
        world.assert_serves("one", Color::Blue);
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_with_members_of_other_types_or_values_is_refused_and_started_over() {
    let odd = [
        ("Version", json!("one")),
        ("By", json!(7)),
        ("At", json!("yesterday")),
        ("Plan", json!("not a digest")),
        ("Tokens", json!({"TaskDefinition": "", "TaskSet": ""})),
        ("Tokens", json!({"TaskDefinition": "t", "TaskSet": "x".repeat(37)})),
        ("Before", json!({"Serving": "red", "Priorities": {}})),
        ("Commands", json!({"Pre": -1, "Post": 0})),
        ("Doing", json!({"Kind": "LaunchRocket"})),
        ("Attempt", json!(4_294_967_296_u64)),
        ("Running", json!({"Phase": "PreDeploy"})),
        ("TaskDefinition", json!("arn:aws:ecs:nowhere")),
        ("SwappedAt", json!("9999999-01-01T00:00:00Z")),
    ];
    for (member, value) in odd {
        let world = failed().await;
        let row = journal_with(&world, member, value);
        put_data(&world, &row);
        unreadable(world.resume("one").await.expect_err(member), &world, &row);
        world
            .start_over("one")
            .await
            .unwrap_or_else(|failure| panic!("{member}: {}", failure.error));
        world.assert_serves("one", Color::Blue);
    }
}

#[tokio::test(start_paused = true)]
async fn numbers_at_their_limits_do_no_harm() {
    for (member, value) in
        [("Attempt", json!(u32::MAX)), ("Commands", json!({"Pre": u64::MAX, "Post": 0}))]
    {
        let world = failed().await;
        put_data(&world, &journal_with(&world, member, value));
        world.resume("one").await.unwrap_or_else(|failure| panic!("{member}: {}", failure.error));
        world.assert_serves("one", Color::Blue);
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_of_a_newer_version_is_refused_with_what_to_use() {
    let world = failed().await;
    let row = journal_with(&world, "Version", json!(99));
    put_data(&world, &row);
    let error = unreadable(world.resume("one").await.expect_err("it is newer"), &world, &row);
    let words = "a newer ecs-deploy wrote the lock row (journal version 99, this one knows 1): use that one";
    assert_eq!(error.to_string(), words);
}

#[tokio::test(start_paused = true)]
async fn huge_and_deep_data_are_refused_without_a_crash_and_started_over() {
    let deep = [&b"{\"Journal\":"[..], &[b'['; 300_000]].concat();
    let wide = format!("{{\"Artifact\":{{\"Value\":\"{}\"", "x".repeat(380_000)).into_bytes();
    let binary = vec![0xff; 380_000];
    for row in [deep, wide, binary] {
        let world = failed().await;
        put_data(&world, &row);
        unreadable(world.resume("one").await.expect_err("it is no record"), &world, &row);
        world.start_over("one").await.expect("it succeeds");
        world.assert_serves("one", Color::Blue);
    }
}

/// What was made before the failure is of another text than what would be made now.
#[tokio::test(start_paused = true)]
async fn a_resume_with_another_plan_under_the_same_config_sha_is_refused_before_the_swap() {
    let world = failed().await;
    let row = data(&world);
    let mut order = world.order("one", ecs_deploy::Mode::Resume);
    order.request.target.memory = "1024".into();
    let failure = world.run(&order).await.expect_err("another task definition was registered");
    let other = matches!(failure.error, DeployError::Resume(ResumeError::OtherPlan { .. }));
    assert!(other && failure.lock == LockLeft::PutBack, "{}", failure.error);
    assert_eq!(data(&world), row);
    world.resume("one").await.expect("the plan of before fits");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_made_yet_may_be_changed_and_so_may_what_is_past_the_swap() {
    for step in [Step::ActiveColor, Step::Primary] {
        let world = World::serving();
        world.cancel_at("one", step).await;
        let mut order = world.order("one", ecs_deploy::Mode::Resume);
        order.request.target.memory = "1024".into();
        world.run(&order).await.unwrap_or_else(|failure| panic!("{step}: {}", failure.error));
        world.assert_serves("one", Color::Blue);
    }
}

/// Somebody filled the row with an attribute of their own, and left so much room.
fn fill(world: &World, room: usize) {
    let mut row = world.locks.row(KEY).expect("a row");
    let bytes = |it: &Attribute| it.as_s().map(str::len).or(it.as_b().map(<[u8]>::len)).unwrap();
    let size: usize = row.iter().map(|(name, value)| name.len() + bytes(value)).sum();
    let notes = "n".repeat(400 * 1024 - size - "notes".len() - room);
    row.insert("notes".into(), Attribute::S(notes));
    world.locks.put_row(KEY, row);
}

/// A client with a short name held the lock last.
fn name_owner(world: &World, owner: &str) {
    let mut row = world.locks.row(KEY).expect("a row");
    row.insert(names::OWNER_NAME.into(), Attribute::S(owner.into()));
    world.locks.put_row(KEY, row);
}

fn empty(world: &World) {
    let mut row = world.locks.row(KEY).expect("a row");
    row.remove("notes");
    world.locks.put_row(KEY, row);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_is_too_full_to_be_locked_is_told_with_what_fills_it() {
    for start_over in [false, true] {
        let world = failed().await;
        name_owner(&world, "x");
        fill(&world, 0);
        let row = world.locks.row(KEY);
        let ended =
            if start_over { world.start_over("one").await } else { world.resume("one").await };
        let failure = ended.expect_err("its own name has no room");
        let words = failure.error.to_string();
        for part in ["shop-dev", "DeployLock", "409600 bytes", "its attribute notes has about 40"] {
            assert!(words.contains(part), "{words}");
        }
        assert_eq!((failure.kind, failure.lock), (FailureKind::Refused, LockLeft::NotTaken));
        assert_eq!(world.locks.row(KEY), row);
        empty(&world);
        world.resume("one").await.expect("nothing was lost");
        world.assert_serves("one", Color::Blue);
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_becomes_too_full_stops_the_deploy_at_once_with_nothing_lost() {
    for room in [100, 300, 700] {
        let world = failed().await;
        fill(&world, room);
        let Err(failure) = world.resume("one").await else { continue };
        let full = matches!(failure.error, DeployError::RowFull(_));
        assert!(full, "{room}: {}", failure.error);
        assert!(matches!(failure.lock, LockLeft::GivenUp | LockLeft::PutBack), "{room}");
        let written = world.locks.written();
        let silent = written[1..].iter().zip(&written).map(|(next, last)| next.0 - last.0).max();
        assert!(silent.expect("it was written") < Duration::from_secs(3), "{room}: {silent:?}");
        empty(&world);
        world.resume("one").await.unwrap_or_else(|it| panic!("{room}: {}", it.error));
        world.assert_serves("one", Color::Blue);
        let model = world.cloud.model();
        assert_eq!(model.count(crate::support::faults::Call::Create), 1, "{room}");
    }
}

#[tokio::test(start_paused = true)]
async fn huge_data_of_another_program_are_replaced_by_a_start_over() {
    let world = failed().await;
    put_data(&world, &vec![b' '; 399 * 1024]);
    world.start_over("one").await.expect("there is room for another name");
    world.assert_serves("one", Color::Blue);
}
