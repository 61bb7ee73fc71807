//! Versions that do not come up.

use std::time::Duration;

use ecs_deploy::Mode;
use ecs_deploy::error::{FailureKind, LockLeft, Serving};
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy_sandbox::model::simulate::Behaviour;

use crate::Bench;

async fn assert_refused(bad: Behaviour, reason: &str) {
    let bench = Bench::open().await;
    bench.world.behave("shop:1", bad);
    let failure = bench.ann.deploy("one", Mode::Fresh).await.expect_err("it never comes up");
    let told = failure.error.to_string();
    assert!(told.contains(reason), "{told}");
    assert_eq!((failure.kind, failure.step), (FailureKind::BeforeSwap, Some(Step::Rollout)));
    assert_eq!(failure.serving, Some(Serving::Old(Color::Green)));
    assert_eq!(failure.lock, LockLeft::GivenUp);
    bench.assert_serves("shop:0", Color::Green);
    bench.world.behave("shop:1", Behaviour::default());
    bench.ann.deploy("one", Mode::Resume).await.expect("the version was mended");
    bench.assert_serves("shop:1", Color::Blue);
    bench.assert_nothing_violated(reason);
}

#[tokio::test(start_paused = true)]
async fn a_version_that_never_becomes_healthy_is_refused() {
    let sick = Behaviour { healthy_after: None, ..Behaviour::default() };
    assert_refused(sick, "Task failed ELB health checks").await;
}

#[tokio::test(start_paused = true)]
async fn a_version_that_exits_is_refused() {
    let exits = Some((Duration::from_millis(200), 3));
    let crash = Behaviour { exits, healthy_after: None, ..Behaviour::default() };
    assert_refused(crash, "container web exited with 3").await;
}

#[tokio::test(start_paused = true)]
async fn a_version_whose_image_is_missing_is_refused() {
    let pull_fails = Some("CannotPullContainerError: shop:1: not found".to_owned());
    assert_refused(Behaviour { pull_fails, ..Behaviour::default() }, "CannotPullContainer").await;
}

#[tokio::test(start_paused = true)]
async fn another_version_replaces_one_that_did_not_come_up() {
    let bench = Bench::open().await;
    bench.world.behave("shop:1", Behaviour { healthy_after: None, ..Behaviour::default() });
    bench.ann.deploy("one", Mode::Fresh).await.expect_err("it never comes up");
    let failure = bench.ann.deploy("two", Mode::Fresh).await.expect_err("nobody has decided");
    assert_eq!(failure.kind, FailureKind::Locked);
    bench.ann.deploy("two", Mode::StartOver).await.expect("nothing stands against it");
    bench.assert_serves("shop:2", Color::Blue);
    assert_eq!(bench.shop.sells(&bench.world, Color::Green), ["shop:0"]);
    bench.assert_nothing_violated("another version");
}
