//! New versions that do not come up, and commands that fail.

use std::time::Duration;

use ecs_deploy::error::{DeployError, FailureKind, LockLeft, Serving};
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Mode};

use crate::support::commands::Part;
use crate::support::ecs::Behaviour;
use crate::support::faults::Call;
use crate::support::world::World;

/// Deploys a version that behaves so; asserts that users saw nothing of it.
async fn fails(behaviour: Behaviour) -> (World, Failure, Duration) {
    let world = World::serving();
    world.cloud.model().behaviours.insert("shop:one".into(), behaviour);
    let begun = world.cloud.now();
    let failure = world.deploy("one").await.expect_err("it never comes up");
    let took = world.cloud.now() - begun;
    world.assert_old_serves();
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    assert_eq!(failure.step, Some(Step::Rollout));
    assert_eq!(failure.serving, Some(Serving::Old(Color::Green)));
    assert_eq!(failure.lock, LockLeft::GivenUp);
    assert_eq!(world.tag("one"), None);
    (world, failure, took)
}

#[tokio::test(start_paused = true)]
async fn a_version_that_never_becomes_healthy_fails_at_the_limit_with_the_targets_reason() {
    let (world, failure, took) = fails(Behaviour::NeverHealthy).await;
    let limit = world.target.rollout_timeout;
    assert!(took >= limit && took < limit + Duration::from_secs(15), "{took:?}");
    let DeployError::Rollout(rollout) = &failure.error else { panic!("{}", failure.error) };
    assert_eq!(rollout.limit, Some(limit));
    assert_eq!((rollout.rollout.running, rollout.rollout.healthy), (2, Some(0)));
    assert_eq!(rollout.reasons, ["2× target Target.FailedHealthChecks: Health checks failed"]);
}

#[tokio::test(start_paused = true)]
async fn a_version_that_crashes_fails_early_with_its_exit_code() {
    let (world, failure, took) = fails(Behaviour::CrashLoop).await;
    assert!(took < Duration::from_secs(30), "{took:?} of {:?}", world.target.rollout_timeout);
    let words = failure.error.to_string();
    assert!(words.contains("EssentialContainerExited"), "{words}");
    assert!(words.contains("container shop exited with 3"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_resumed_rollout_counts_anew_and_still_tells_the_failures_from_before() {
    let (world, ..) = fails(Behaviour::CrashLoop).await;
    {
        let set = &mut world.cloud.model().service.sets[1];
        (set.behaviour, set.failed_before) = (Behaviour::NeverHealthy, 6);
    }
    let failure = world.resume("one").await.expect_err("it never comes up");
    let DeployError::Rollout(rollout) = &failure.error else { panic!("{}", failure.error) };
    assert_eq!((rollout.rollout.failed, rollout.limit), (0, Some(world.target.rollout_timeout)));
    let told = rollout.reasons.iter().any(|words| words.contains("6×"));
    assert!(told, "{:?}", rollout.reasons);
}

#[tokio::test(start_paused = true)]
async fn a_version_without_an_image_fails_early_with_the_reason() {
    let (_, failure, took) = fails(Behaviour::NoImage).await;
    assert!(took < Duration::from_secs(30), "{took:?}");
    let words = failure.error.to_string();
    assert!(words.contains("TaskFailedToStart"), "{words}");
    assert!(words.contains("CannotPullContainerError"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn the_row_of_a_failed_rollout_tells_what_failed_where_and_why() {
    let (world, ..) = fails(Behaviour::NoImage).await;
    let row = world.row().expect("a row");
    assert!(row.is_given_up(), "{row:?}");
    let state = row.state();
    assert_eq!((state.step, state.done), (Step::Rollout, false));
    let failure = state.journal.expect("ours").failure.expect("a reason");
    assert!(failure.starts_with("the new tasks did not come up: 0/2 running"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn the_failure_tells_what_was_changed_in_order() {
    let (_, failure, _) = fails(Behaviour::NoImage).await;
    let changed: Vec<String> =
        failure.changed.iter().map(|change| change.effect.to_string()).collect();
    let expected = [
        "pre-deploy command 1",
        "pre-deploy command 2",
        "register a task definition",
        "create a task set of shop-dev:1 on blue",
    ];
    assert_eq!(changed, expected);
    assert!(failure.changed.iter().all(|change| change.certain));
}

#[tokio::test(start_paused = true)]
async fn a_long_wait_polls_seldom() {
    let (world, ..) = fails(Behaviour::NeverHealthy).await;
    let polls = world.cloud.faults.count(Call::Health);
    assert!((60..110).contains(&polls), "{polls}");
}

#[tokio::test(start_paused = true)]
async fn another_version_can_be_deployed_over_a_failed_one() {
    let (world, ..) = fails(Behaviour::NeverHealthy).await;
    let refused = world.deploy("two").await.expect_err("a decision is asked for");
    assert_eq!(refused.kind, FailureKind::Locked);
    world.start_over("two").await.expect("it succeeds");
    world.assert_serves("two", Color::Blue);
}

/// Deploys a version that is no longer healthy when a step begins.
async fn sickens_at(step: Step) -> (World, Failure) {
    let world = World::serving();
    let cloud = world.cloud.clone();
    let sicken = move || {
        let mut model = cloud.model();
        let new = model.service.sets.last_mut().expect("the new set");
        new.behaviour = Behaviour::NeverHealthy;
    };
    let failure = world.deploy_with("one", step, sicken).await.expect_err("it is not healthy");
    assert_eq!(failure.step, Some(step));
    assert!(matches!(failure.error, DeployError::Rollout(_)), "{}", failure.error);
    (world, failure)
}

#[tokio::test(start_paused = true)]
async fn a_version_that_sickens_after_its_rollout_is_not_swapped_to() {
    let (world, failure) = sickens_at(Step::Check).await;
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    assert_eq!(world.cloud.model().count(Call::SetPriorities), 0);
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn a_version_that_sickens_under_traffic_is_told_and_not_recorded() {
    let (world, failure) = sickens_at(Step::Watch).await;
    assert_eq!(failure.kind, FailureKind::AfterSwap);
    assert_eq!(failure.serving, Some(Serving::New(Color::Blue)));
    assert_eq!((world.tag("one"), world.commands.started().len()), (None, 2));
}

#[tokio::test(start_paused = true)]
async fn a_rollout_needs_as_many_tasks_as_serve_now() {
    let world = World::serving();
    world.cloud.model().service.keeps_running = Some(4);
    let failure = world.deploy("one").await.expect_err("two tasks can't stand in for four");
    let DeployError::Rollout(rollout) = &failure.error else { panic!("{}", failure.error) };
    assert_eq!(rollout.rollout.needed, 4);
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
}

#[tokio::test(start_paused = true)]
async fn a_pre_deploy_command_that_fails_ends_the_deploy_before_anything_is_created() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::ZERO, exit: 7 });
    let failure = world.deploy("one").await.expect_err("it fails");
    assert_eq!(failure.error.to_string(), "the pre-deploy command `warm` failed");
    assert_eq!((failure.kind, failure.step), (FailureKind::BeforeSwap, Some(Step::PreDeploy)));
    assert_eq!(failure.lock, LockLeft::GivenUp);
    assert_eq!(world.cloud.model().changes, []);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_outlasts_its_limit_fails_the_deploy() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(3600), exit: 0 });
    let failure = world.deploy("one").await.expect_err("it fails");
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    let row = world.row().expect("a row").state().journal.expect("ours");
    assert_eq!(row.commands.pre, 1);
    assert!(row.failure.expect("a reason").contains("did not end within 300s"));
}

#[tokio::test(start_paused = true)]
async fn a_post_deploy_command_that_fails_leaves_the_new_version_serving() {
    let world = World::serving();
    world.commands.play("sweep", Part { takes: Duration::ZERO, exit: 1 });
    let failure = world.deploy("one").await.expect_err("it fails");
    assert_eq!((failure.kind, failure.step), (FailureKind::AfterSwap, Some(Step::PostDeploy)));
    assert_eq!(failure.serving, Some(Serving::New(Color::Blue)));
    assert_eq!(world.images(Color::Blue), ["shop:one"]);
    assert_eq!(world.tag("one"), None);
}

#[tokio::test(start_paused = true)]
async fn a_resume_after_a_failed_post_deploy_command_runs_it_and_no_other() {
    let world = World::serving();
    world.commands.play("sweep", Part { takes: Duration::ZERO, exit: 1 });
    world.deploy("one").await.expect_err("it fails");
    world.commands.play("sweep", Part { takes: Duration::ZERO, exit: 0 });
    world.resume("one").await.expect("it succeeds");
    let started = world.commands.started();
    assert_eq!(started, ["migrate shop:one", "warm", "tell shop-dev:1", "sweep", "sweep"]);
    world.assert_serves("one", Color::Blue);
    assert_eq!(world.cloud.model().count(Call::SetPriorities), 1);
}

#[tokio::test(start_paused = true)]
async fn the_lock_is_kept_alive_during_a_long_command() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(200), exit: 0 });
    let rival = world.of_another("bob");
    let order = rival.order("two", Mode::StartOver);
    let (ours, theirs) = tokio::join!(world.deploy("one"), async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        rival.run(&order).await
    });
    ours.expect("the lock was kept");
    assert_eq!(theirs.expect_err("it waited in vain").kind, FailureKind::Locked);
}
