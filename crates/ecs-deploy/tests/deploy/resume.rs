//! Going on with a deploy that failed, was stopped, or whose process died.

use std::time::Duration;

use ecs_deploy::cloud::TaskSetStatus;
use ecs_deploy::error::{DeployError, FailureKind, LockLeft, ResumeError};
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::{CommandPolicy, Mode, Success};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::commands::Part;
use crate::support::ecs::Behaviour;
use crate::support::faults::Call;
use crate::support::row::{go_status, held_by_nobody, released};
use crate::support::world::{KEY, World};

/// A world in which a deploy of `two` has everything to do, pruning too.
fn with_all_to_do() -> World {
    let world = World::serving();
    world.add_set("shop:older", Color::Blue, TaskSetStatus::Active);
    world
}

/// What an undisturbed deploy of `two` leaves behind.
#[track_caller]
fn assert_as_undisturbed(world: &World, context: &str) {
    world.assert_serves("two", Color::Blue);
    assert_eq!(world.images(Color::Green), ["shop:zero"], "{context}");
    let model = world.cloud.model();
    for call in Call::CHANGES {
        assert_eq!(model.count(call), 1, "{context}: {call:?}");
    }
}

/// Resumes, or begins anew where there is nothing to resume.
async fn go_on(world: &World) -> Success {
    match world.resume("two").await {
        Ok(success) => success,
        Err(failure) => {
            let nothing = matches!(failure.error, DeployError::Resume(ResumeError::Nothing { .. }));
            assert!(nothing, "{}", failure.error);
            let mode = if world.row().is_some() { Mode::StartOver } else { Mode::Fresh };
            world.run(&world.order("two", mode)).await.expect("nothing stands in the way")
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_undisturbed_deploy_makes_each_change_once() {
    let world = with_all_to_do();
    world.deploy("two").await.expect("it succeeds");
    assert_as_undisturbed(&world, "undisturbed");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_is_stopped_at_any_step_ends_right_after_a_resume() {
    for number in 1..=13 {
        let step = Step::try_from(number).unwrap();
        let world = with_all_to_do();
        let failure = world.cancel_at("two", step).await;
        assert_eq!(failure.kind, FailureKind::Interrupted, "{step}");
        let untouched = matches!(failure.lock, LockLeft::NotTaken | LockLeft::PutBack);
        assert_eq!(untouched, number <= 2, "{step}: {:?}", failure.lock);
        assert_eq!(world.row().is_none(), untouched, "{step}");
        go_on(&world).await;
        assert_as_undisturbed(&world, &step.to_string());
        let expected = ["migrate shop:two", "warm", "tell shop-dev:1", "sweep"];
        assert_eq!(world.commands.started(), expected, "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deploy_whose_process_dies_at_any_moment_ends_right_after_a_resume() {
    let world = with_all_to_do();
    let order = world.order("two", Mode::Fresh);
    world.run_until_crash(&order, usize::MAX).await;
    let moments = world.events.take().len() + 2 * Call::CHANGES.len();
    assert!(moments > 40, "{moments}");
    for moment in 1..=moments {
        let world = with_all_to_do();
        world.run_until_crash(&world.order("two", Mode::Fresh), moment).await;
        if world.row().is_some_and(|row| row.is_released) {
            continue;
        }
        go_on(&world).await;
        assert_as_undisturbed(&world, &format!("moment {moment}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_is_stopped_at_any_moment_ends_soon_and_right_after_a_resume() {
    for moment in 1..=60 {
        let world = with_all_to_do();
        let cancel = CancellationToken::new();
        world.cloud.fuse.stop_at(moment, cancel.clone());
        let order = world.order("two", Mode::Fresh);
        let (ended, asked) = tokio::join!(world.run_until(&order, &cancel), async {
            cancel.cancelled().await;
            world.cloud.now()
        });
        let took = world.cloud.now() - asked;
        assert!(took < Duration::from_secs(1), "moment {moment}: {took:?}");
        let Err(failure) = ended else { break };
        assert_eq!(failure.kind, FailureKind::Interrupted, "moment {moment}");
        go_on(&world).await;
        assert_as_undisturbed(&world, &format!("moment {moment}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_resume_can_die_and_be_resumed_itself() {
    for moment in (3..40).step_by(5) {
        let world = with_all_to_do();
        world.cancel_at("two", Step::Create).await;
        world.run_until_crash(&world.order("two", Mode::Resume), moment).await;
        if world.row().is_some_and(|row| row.is_released) {
            continue;
        }
        go_on(&world).await;
        assert_as_undisturbed(&world, &format!("moment {moment}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_resume_at_the_rollout_creates_nothing_a_second_time() {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    let waited = world.cloud.now();
    world.resume("one").await.expect("it succeeds");
    let model = world.cloud.model();
    assert_eq!((model.count(Call::Register), model.count(Call::Create)), (1, 1));
    assert_eq!(model.created_sets, 2);
    assert!(model.changes[1].0 < waited);
}

#[tokio::test(start_paused = true)]
async fn a_start_over_creates_everything_anew() {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    world.start_over("one").await.expect("it succeeds");
    world.assert_serves("one", Color::Blue);
    let model = world.cloud.model();
    assert_eq!((model.count(Call::Register), model.count(Call::Create)), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_start_over_after_the_swap_goes_back_to_the_other_color_and_lets_it_settle() {
    let world = World::serving();
    world.cancel_at("one", Step::Primary).await;
    let begun = world.cloud.now();
    world.start_over("two").await.expect("it succeeds");
    world.assert_serves("two", Color::Green);
    assert!(world.cloud.now() - begun > world.target.settle_time);
}

/// A swap that took effect, and a process that died before it could say so: the time of the swap
/// is not on record, but it was not long ago.
#[tokio::test(start_paused = true)]
async fn a_start_over_after_a_swap_without_a_word_lets_the_balancer_settle() {
    let swapped = async |moment| {
        let world = World::serving();
        world.run_until_crash(&world.order("one", Mode::Fresh), moment).await;
        let row = world.row().expect("a row").state();
        let unsaid = row.journal.is_some_and(|journal| journal.swapped_at.is_none());
        (unsaid && world.serving_color() == Color::Blue).then_some(world)
    };
    let mut found = 0;
    for moment in 20..60 {
        let Some(world) = swapped(moment).await else { continue };
        found += 1;
        let begun = world.cloud.now();
        world.start_over("two").await.expect("it succeeds");
        let model = world.cloud.model();
        let scaled = model.changes.iter().find(|(_, call)| *call == Call::Scale).expect("pruned").0;
        assert!(scaled - begun > world.target.settle_time, "moment {moment}");
    }
    assert!(found > 0);
}

#[tokio::test(start_paused = true)]
async fn a_resume_deploys_to_the_other_color_when_the_colors_were_changed_meanwhile() {
    let world = World::serving();
    world.add_set("shop:older", Color::Blue, TaskSetStatus::Active);
    world.cancel_at("one", Step::Register).await;
    world.add_set("shop:hotfix", Color::Blue, TaskSetStatus::Active);
    {
        let mut model = world.cloud.model();
        model.balancer.swap();
        model.make_primary(&"ecs-svc/3".parse().unwrap(), world.cloud.now()).unwrap();
    }
    world.resume("one").await.expect("it succeeds");
    world.assert_serves("one", Color::Green);
    assert_eq!(world.images(Color::Blue), ["shop:hotfix"]);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_was_deleted_by_hand_is_created_again() {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    world.cloud.model().service.sets.remove(1);
    world.resume("one").await.expect("it succeeds");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_token_whose_set_is_being_deleted_is_not_taken_for_a_new_set() {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    {
        let now = world.cloud.now();
        let set = &mut world.cloud.model().service.sets[1];
        set.status = TaskSetStatus::Draining;
        (set.scaled_down, set.deleted) = (Some(now), Some(now + Duration::from_secs(300)));
    }
    let failure = world.resume("one").await.expect_err("ECS gives the old set");
    assert_eq!((failure.kind, failure.step), (FailureKind::BeforeSwap, Some(Step::Create)));
    assert!(failure.error.to_string().contains("is being deleted"), "{}", failure.error);
    world.start_over("one").await.expect("a new token makes a new set");
}

#[tokio::test(start_paused = true)]
async fn a_resumed_rollout_counts_failures_anew() {
    let world = World::serving();
    world.cloud.model().behaviours.insert("shop:one".into(), Behaviour::NoImage);
    world.deploy("one").await.expect_err("the image is missing");
    // Somebody pushes the image: the next tasks start.
    let now = world.cloud.now();
    {
        let set = &mut world.cloud.model().service.sets[1];
        (set.behaviour, set.created, set.failed_before) = (Behaviour::Healthy, now, 6);
    }
    world.resume("one").await.expect("it succeeds");
    world.assert_serves("one", Color::Blue);
}

async fn resume_error(world: &World, sha: &str) -> ResumeError {
    let row = world.row();
    let failure = world.resume(sha).await.expect_err("it can't be resumed");
    assert_eq!((failure.kind, failure.lock), (FailureKind::Refused, LockLeft::PutBack));
    assert_eq!(world.row().map(|row| row.data), row.map(|row| row.data));
    match failure.error {
        DeployError::Resume(error) => error,
        error => panic!("{error}"),
    }
}

#[tokio::test(start_paused = true)]
async fn there_is_nothing_to_resume_without_a_row() {
    let world = World::serving();
    assert!(matches!(resume_error(&world, "one").await, ResumeError::Nothing { .. }));
    assert_eq!(world.row(), None);
}

#[tokio::test(start_paused = true)]
async fn there_is_nothing_to_resume_after_a_success() {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    assert!(matches!(resume_error(&world, "one").await, ResumeError::Finished { .. }));
    assert!(world.row().expect("a row").is_released);
}

#[tokio::test(start_paused = true)]
async fn a_held_row_of_a_finished_deploy_is_released_by_a_resume() {
    let world = World::serving();
    let mut data = go_status(13, "green", "ecs-svc/1");
    data["Done"] = true.into();
    world.locks.put_row(KEY, held_by_nobody(&data.to_string()));
    assert!(matches!(resume_error(&world, "one").await, ResumeError::Finished { .. }));
    assert!(world.row().expect("a row").is_released);
}

#[tokio::test(start_paused = true)]
async fn another_artifact_is_not_resumed() {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    assert!(matches!(resume_error(&world, "two").await, ResumeError::OtherArtifact { .. }));
    assert!(world.row().expect("a row").is_given_up());
}

#[tokio::test(start_paused = true)]
async fn a_resume_wants_the_same_number_and_the_same_value() {
    for (member, other) in [("BuildNumber", json!(9)), ("Value", json!("shop:rebuilt"))] {
        let world = World::serving();
        let mut status = go_status(5, "blue", "");
        status["Artifact"][member] = other;
        world.locks.put_row(KEY, held_by_nobody(&status.to_string()));
        let error = resume_error(&world, "one").await;
        assert!(matches!(error, ResumeError::OtherArtifact { .. }), "{member}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_config_is_not_resumed() {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    let mut order = world.order("one", Mode::Resume);
    order.request.config_sha = "ffffffff".parse().unwrap();
    let failure = world.run(&order).await.expect_err("it can't be resumed");
    let other = matches!(failure.error, DeployError::Resume(ResumeError::OtherConfig { .. }));
    assert!(other, "{}", failure.error);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_is_no_status_is_not_resumed_but_can_be_started_over() {
    let world = World::serving();
    world.locks.put_row(KEY, held_by_nobody("{\"Step\": \"nine\"}"));
    assert!(matches!(resume_error(&world, "one").await, ResumeError::Unreadable(_)));
    world.start_over("one").await.expect("it succeeds");
}

#[tokio::test(start_paused = true)]
async fn the_row_after_a_success_is_the_originals_with_our_journal_behind() {
    let world = World::serving();
    world.locks.put_row(KEY, released(&go_status(13, "green", "ecs-svc/1").to_string()));
    world.deploy("one").await.expect("it succeeds");
    let data = world.row().expect("a row").data.expect("data");
    let expected = concat!(
        r#"{"Artifact":{"BuildNumber":1,"Value":"shop:one","Tags":{"SHA":"one"}},"#,
        r#""ConfigSHA":"1a2b3c4d","NewTaskSetID":"ecs-svc/2","NewActiveColor":"blue","#,
        r#""Done":true,"Step":13,"Journal":{"#
    );
    assert!(data.starts_with(expected), "{data}");
}

#[tokio::test(start_paused = true)]
async fn the_commands_stay_left_out_when_a_resume_leaves_them_out() {
    let world = World::serving();
    world.commands.play("sweep", Part { takes: Duration::ZERO, exit: 1 });
    world.deploy("one").await.expect_err("it fails after the swap");
    let mut order = world.order("one", Mode::Resume);
    order.commands = CommandPolicy::Skip;
    world.run(&order).await.expect("it succeeds");
    assert_eq!(world.commands.started().len(), 4);
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_runs_again_is_told_which_attempt_it_is() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::ZERO, exit: 7 });
    world.deploy("two").await.expect_err("a command fails");
    world.resume("two").await.expect_err("it fails again");
    world.commands.play("warm", Part { takes: Duration::ZERO, exit: 0 });
    world.resume("two").await.expect("it is mended");
    let started = ["migrate shop:two", "warm", "warm", "warm", "tell shop-dev:1", "sweep"];
    assert_eq!(world.commands.started(), started);
    assert_eq!(world.commands.told("ECS_DEPLOY_ATTEMPT"), ["1", "1", "2", "3", "1", "1"]);
    let colors = ["", "", "", "", "blue", "blue"];
    assert_eq!(world.commands.told("ECS_DEPLOY_NEW_COLOR"), colors);
    assert_eq!(world.commands.told("ECS_DEPLOY_OLD_COLOR")[4..], ["green", "green"]);
    assert_eq!(world.commands.told("ECS_DEPLOY_STEP"), ["2", "2", "2", "2", "12", "12"]);
}
