//! Rows that hold no record of a deploy that this program can go on from.

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
    order.request.target.cpu = "1024".into();
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
        order.request.target.cpu = "1024".into();
        world.run(&order).await.unwrap_or_else(|failure| panic!("{step}: {}", failure.error));
        world.assert_serves("one", Color::Blue);
    }
}
