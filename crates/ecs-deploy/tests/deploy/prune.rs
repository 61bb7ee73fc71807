//! Step 4, and what a deploy starts from.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ecs_deploy::cloud::{ErrorClass, TaskSetStatus};
use ecs_deploy::error::{DeployError, FailureKind, LockLeft};
use ecs_deploy::names::Color;
use ecs_deploy::plan::Refusal;
use ecs_deploy::steps::Step;
use tokio::time::{advance, sleep};

use crate::support::faults::{Call, Fault};
use crate::support::world::World;

/// A day after the last swap, no balancer sends anything to the old tasks.
async fn a_day_passes() {
    advance(Duration::from_secs(86_400)).await;
}

#[tokio::test(start_paused = true)]
async fn each_further_deploy_deletes_the_set_before_the_last() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    a_day_passes().await;
    world.deploy("two").await.expect("the second");
    world.assert_serves("two", Color::Green);
    assert_eq!(world.images(Color::Blue), ["shop:one"]);
    a_day_passes().await;
    world.deploy("three").await.expect("the third");
    world.assert_serves("three", Color::Blue);
    assert_eq!(world.images(Color::Green), ["shop:two"]);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_goes_on_when_what_it_deleted_is_gone() {
    let world = World::serving();
    world.add_set("shop:a", Color::Blue, TaskSetStatus::Active);
    let (cloud, left) = (world.cloud.clone(), Arc::new(AtomicUsize::new(0)));
    let seen = left.clone();
    let count = move || {
        let sets = cloud.model().service.living(cloud.now()).count();
        seen.store(sets, Ordering::SeqCst);
    };
    world.deploy_with("one", Step::Register, count).await.expect("it succeeds");
    assert_eq!(left.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn the_old_tasks_are_left_alone_for_the_settle_time_after_a_swap() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    world.deploy("two").await.expect("the second, at once");
    let model = world.cloud.model();
    let at = |call| model.changes.iter().find(|(_, of)| *of == call).expect("it happened").0;
    let left_alone = at(Call::Scale) - at(Call::SetPriorities);
    assert!(left_alone >= world.target.settle_time, "{left_alone:?}");
    assert!(left_alone < world.target.settle_time + Duration::from_secs(5), "{left_alone:?}");
}

#[tokio::test(start_paused = true)]
async fn a_swap_that_settled_long_ago_is_not_waited_for() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    a_day_passes().await;
    let success = world.deploy("two").await.expect("the second");
    assert!(success.took < Duration::from_secs(30), "{:?}", success.took);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_full_of_idle_sets_is_cleared_for_the_new_one() {
    let world = World::serving();
    for image in ["shop:a", "shop:b", "shop:c", "shop:d"] {
        world.add_set(image, Color::Blue, TaskSetStatus::Active);
    }
    world.deploy("one").await.expect("there is room after all");
    world.assert_serves("one", Color::Blue);
    assert_eq!(world.cloud.model().count(Call::Delete), 4);
}

#[tokio::test(start_paused = true)]
async fn draining_sets_are_waited_for_while_the_cap_leaves_no_room() {
    let world = World::serving();
    add_sets_that_drain_for(&world, Duration::from_secs(60));
    let success = world.deploy("one").await.expect("it waits");
    assert!(success.took > Duration::from_secs(60), "{:?}", success.took);
    world.assert_serves("one", Color::Blue);
}

/// Fills the service with sets that are gone only after this long.
fn add_sets_that_drain_for(world: &World, long: Duration) {
    for image in ["shop:a", "shop:b", "shop:c", "shop:d"] {
        world.add_set(image, Color::Blue, TaskSetStatus::Draining);
    }
    let now = world.cloud.now();
    for set in &mut world.cloud.model().service.sets[1..] {
        (set.scaled_down, set.deleted) = (Some(now), Some(now + long));
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_drain_is_waited_for_though_its_length_is_told_only_when_asked_again() {
    let world = World::serving();
    let long = Duration::from_secs(900);
    world.cloud.model().balancer.delay = long;
    add_sets_that_drain_for(&world, long);
    let throttled = Fault::Refuse(ErrorClass::Throttled);
    world.cloud.faults.plan(Call::DeregistrationDelay, 1..=4, throttled);
    let success = world.deploy("one").await.expect("it waits");
    assert!(success.took > long, "{:?}", success.took);
}

#[tokio::test(start_paused = true)]
async fn draining_sets_that_hang_are_named_when_they_leave_no_room() {
    let world = World::serving();
    add_sets_that_drain_for(&world, Duration::from_secs(86_400));
    let failure = world.deploy("one").await.expect_err("there is never room");
    let words = failure.error.to_string();
    assert!(words.contains("ecs-svc/2, ecs-svc/3") && words.contains("no more than 5"), "{words}");
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn one_set_that_hangs_in_draining_does_not_hold_up_a_deploy_that_has_room() {
    let world = World::serving();
    world.add_set("shop:a", Color::Blue, TaskSetStatus::Draining);
    let now = world.cloud.now();
    for set in &mut world.cloud.model().service.sets[1..] {
        (set.scaled_down, set.deleted) = (Some(now), Some(now + Duration::from_secs(900)));
    }
    advance(Duration::from_secs(10)).await;
    let success = world.deploy("one").await.expect("there is room");
    assert!(success.took < Duration::from_secs(30), "{:?}", success.took);
}

#[tokio::test(start_paused = true)]
async fn a_draining_set_whose_tasks_still_run_in_the_new_group_is_never_served_again() {
    let world = World::serving();
    world.add_set("shop:a", Color::Blue, TaskSetStatus::Draining);
    let now = world.cloud.now();
    for set in &mut world.cloud.model().service.sets[1..] {
        (set.scaled_down, set.deleted, set.protected) = (Some(now), Some(now), true);
    }
    let failure = world.deploy("one").await.expect_err("two versions would serve");
    assert_eq!((failure.kind, failure.step), (FailureKind::BeforeSwap, Some(Step::Prune)));
    let words = failure.error.to_string();
    assert!(words.contains("ecs-svc/2 still runs tasks (2 tasks have scale-in"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_set_with_protected_tasks_is_named_and_never_deleted() {
    let world = World::serving();
    world.add_set("shop:a", Color::Blue, TaskSetStatus::Active);
    world.cloud.model().service.sets[1].protected = true;
    let failure = world.deploy("one").await.expect_err("its tasks never end");
    let words = failure.error.to_string();
    assert!(words.contains("ecs-svc/2 still runs tasks (2 tasks have scale-in"), "{words}");
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    assert_eq!(world.cloud.model().count(Call::Delete), 0);
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn a_set_that_began_to_serve_meanwhile_is_not_touched() {
    let world = World::serving();
    world.add_set("shop:a", Color::Blue, TaskSetStatus::Active);
    let cloud = world.cloud.clone();
    let swap = move || cloud.model().balancer.swap();
    let failure = world.deploy_with("one", Step::Prune, swap).await.expect_err("it serves now");
    let words = failure.error.to_string();
    assert!(words.contains("green was live when the deploy looked, and blue is now"), "{words}");
    assert_eq!(world.cloud.model().changes, []);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_became_primary_meanwhile_is_not_touched() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    let changes = world.cloud.model().changes.len();
    let (ended, ()) = tokio::join!(world.deploy("two"), async {
        sleep(Duration::from_secs(60)).await;
        let now = world.cloud.now();
        world.cloud.model().make_primary(&"ecs-svc/1".parse().unwrap(), now).unwrap();
    });
    let failure = ended.expect_err("it is PRIMARY now");
    let words = failure.error.to_string();
    assert!(words.contains("ecs-svc/1 has become PRIMARY"), "{words}");
    assert_eq!(world.cloud.model().changes.len(), changes);
}

#[tokio::test(start_paused = true)]
async fn several_sets_behind_the_serving_rule_are_kept_with_a_warning() {
    let world = World::serving();
    world.add_set("shop:canary", Color::Green, TaskSetStatus::Active);
    world.deploy("one").await.expect("it succeeds");
    assert_eq!(world.images(Color::Green), ["shop:zero", "shop:canary"]);
    let warnings = world.events.warnings();
    assert!(warnings[0].contains("2 task sets serve on green together"), "{warnings:?}");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_by_hand_of_rules_and_primary_is_respected() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    a_day_passes().await;
    {
        let mut model = world.cloud.model();
        model.balancer.swap();
        model.make_primary(&"ecs-svc/1".parse().unwrap(), world.cloud.now()).unwrap();
    }
    let success = world.deploy("two").await.expect("the second");
    world.assert_serves("two", Color::Blue);
    assert_eq!(world.images(Color::Green), ["shop:zero"]);
    // When the rules were exchanged nobody knows: perhaps a moment ago.
    assert!(success.took >= world.target.settle_time, "{:?}", success.took);
}

#[tokio::test(start_paused = true)]
async fn after_a_rollback_of_the_rules_alone_what_serves_is_made_primary_first() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    a_day_passes().await;
    world.cloud.model().balancer.swap();
    world.deploy("two").await.expect("the second");
    world.assert_serves("two", Color::Blue);
    assert_eq!(world.images(Color::Green), ["shop:zero"]);
    let notes = world.events.notes();
    assert!(notes.iter().any(|note| note == "green serves with ecs-svc/1, made PRIMARY"));
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_about_primary_does_not_leave_two_versions_in_one_group() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    a_day_passes().await;
    {
        let mut model = world.cloud.model();
        model.balancer.swap();
        model.service.lag = Duration::from_secs(3);
    }
    world.deploy("two").await.expect("the second");
    world.cloud.model().service.lag = Duration::ZERO;
    world.assert_serves("two", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn late_answers_about_what_was_created_and_deleted_are_waited_out() {
    let world = World::serving();
    world.cloud.model().service.lag = Duration::from_secs(5);
    world.deploy("one").await.expect("the first");
    a_day_passes().await;
    world.deploy("two").await.expect("the second");
    world.assert_serves("two", Color::Green);
    let model = world.cloud.model();
    assert_eq!((model.count(Call::Create), model.count(Call::Delete)), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_mix_that_nobody_can_sort_out_is_refused_and_the_row_left_as_it_was() {
    let world = World::serving();
    world.deploy("one").await.expect("the first");
    let row = world.row();
    world.cloud.model().balancer.swap();
    world.add_set("shop:other", Color::Green, TaskSetStatus::Active);
    let changes = world.cloud.model().changes.len();
    let failure = world.deploy("two").await.expect_err("it is refused");
    assert!(matches!(&failure.error, DeployError::Refused(Refusal::Mixed { .. })));
    assert_eq!((failure.kind, failure.lock), (FailureKind::Refused, LockLeft::PutBack));
    assert_eq!(world.row(), row);
    assert_eq!(world.cloud.model().changes.len(), changes);
}
