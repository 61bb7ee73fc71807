//! A desired count that moves while a deploy runs.

use std::time::Duration;

use ecs_deploy::error::FailureKind;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Success};
use tokio::time::sleep;

use crate::support::ecs::{HEALTHY, ServiceModel};
use crate::support::faults::Call;
use crate::support::world::World;

/// Deploys; as step 11 begins the service is changed, and so long after it once more.
async fn deploy_while(
    change: fn(&mut ServiceModel),
    after: Duration,
    change_again: fn(&mut ServiceModel),
) -> (World, Result<Success, Failure>) {
    let world = World::serving();
    let desired = world.cloud.model().service.desired;
    let cloud = world.cloud.clone();
    let act = move || change(&mut cloud.model().service);
    let (ended, ()) = tokio::join!(world.deploy_with("one", Step::Watch, act), async {
        while world.cloud.model().service.desired == desired {
            sleep(Duration::from_millis(100)).await;
        }
        sleep(after).await;
        change_again(&mut world.cloud.model().service);
    });
    (world, ended)
}

#[tokio::test(start_paused = true)]
async fn a_scale_in_right_after_the_swap_is_no_failure() {
    let scale_in = |service: &mut ServiceModel| {
        (service.desired, service.others_keep_running) = (1, Some(2));
    };
    let (world, ended) = deploy_while(scale_in, Duration::ZERO, |_| {}).await;
    ended.expect("the new set runs what it should");
    assert_eq!(world.serving_color(), Color::Blue);
    assert_eq!(world.tag("one").as_deref(), Some("success"));
}

#[tokio::test(start_paused = true)]
async fn a_scale_out_right_after_the_swap_is_followed() {
    let scale_out = |service: &mut ServiceModel| {
        (service.desired, service.keeps_running) = (4, Some(2));
    };
    let follow = |service: &mut ServiceModel| service.keeps_running = None;
    let (world, ended) = deploy_while(scale_out, Duration::from_secs(20), follow).await;
    ended.expect("the new tasks came up");
    assert_eq!(world.tag("one").as_deref(), Some("success"));
}

#[tokio::test(start_paused = true)]
async fn tasks_that_are_short_for_half_a_minute_are_a_failure() {
    let scale_out = |service: &mut ServiceModel| {
        (service.desired, service.keeps_running) = (4, Some(2));
    };
    let (world, ended) = deploy_while(scale_out, Duration::from_secs(60), |_| {}).await;
    let failure = ended.expect_err("the new tasks never came up");
    assert_eq!((failure.kind, failure.step), (FailureKind::AfterSwap, Some(Step::Watch)));
    assert!(failure.error.to_string().contains("2/4 running"), "{}", failure.error);
    assert_eq!(world.tag("one"), None);
}

#[tokio::test(start_paused = true)]
async fn a_scale_in_does_not_refuse_a_rollback() {
    let world = World::serving();
    world.tag_set(1, "6");
    world.deploy("one").await.expect("it succeeds");
    (world.cloud.model().service.desired, world.cloud.model().service.keeps_running) = (1, Some(2));
    let (ended, ()) = tokio::join!(world.roll_back(), async {
        sleep(Duration::from_secs(10)).await;
        world.cloud.model().service.keeps_running = None;
    });
    ended.expect("the previous version runs as many tasks as are desired");
    assert_eq!(world.serving_color(), Color::Green);
}

#[tokio::test(start_paused = true)]
async fn a_desired_count_that_is_not_computed_yet_is_not_0() {
    let world = World::new();
    world.deploy("one").await.expect("it succeeds");
    let changes = world.cloud.model().changes.clone();
    let at = |call: Call| changes.iter().find(|(_, made)| *made == call).expect("it was made").0;
    let waited = at(Call::SetPriorities) - at(Call::Create);
    assert!(waited >= HEALTHY, "{waited:?}");
}
