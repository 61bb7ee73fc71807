//! The way back: the version before serves again.

use std::time::Duration;

use ecs_deploy::cloud::{ErrorClass, TaskSetStatus};
use ecs_deploy::error::{DeployError, FailureKind, LockLeft, ResumeError, RollbackError};
use ecs_deploy::lock::Holder;
use ecs_deploy::names::Color;
use ecs_deploy::status::{LockState, NextStep};
use ecs_deploy::steps::Step;
use ecs_deploy::{CommandPolicy, Failure, Mode, RollbackOrder};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::support::commands::Part;
use crate::support::faults::{Call, Fault};
use crate::support::row::{go_status, held_by_nobody, released};
use crate::support::world::{KEY, World};

/// Green serves build 6, which stands there as `shop:zero`.
fn serving() -> World {
    let world = World::serving();
    world.tag_set(1, "6");
    world
}

/// The version before serves as it did, and the one that went is left.
#[track_caller]
fn assert_rolled_back(world: &World, context: &str) {
    assert_eq!(world.serving_color(), Color::Green, "{context}");
    assert_eq!(world.images(Color::Green), ["shop:zero"], "{context}");
    assert_eq!(world.primary_image().as_deref(), Some("shop:zero"), "{context}");
    assert_ne!(world.tag("two").as_deref(), Some("success"), "{context}");
    let row = world.row().expect("a row");
    let state = row.state();
    assert!(row.is_released && state.is_settled(), "{context}: {state:?}");
    assert!(state.done && state.step <= Step::Swap, "{context}: {state:?}");
}

fn refusal(failure: Failure) -> RollbackError {
    assert_eq!(failure.kind, FailureKind::Refused, "{}", failure.error);
    assert!(failure.changed.is_empty(), "{:?}", failure.changed);
    match failure.error {
        DeployError::Rollback(error) => error,
        error => panic!("{error}"),
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_deploy_that_ended_well_the_version_before_serves_again() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    let begun = world.cloud.now();
    let success = world.roll_back().await.expect("the old set still runs");
    assert!(world.cloud.now() - begun < Duration::from_secs(3));
    assert_eq!(
        (success.artifact.to_string(), success.serving),
        ("shop:six (build 6)".into(), Color::Green)
    );
    assert_eq!(success.kept, Some(2));
    assert_rolled_back(&world, "after success");
    assert_eq!(world.images(Color::Blue), ["shop:two"]);
    assert_eq!(world.tag("two").as_deref(), Some("failure"));
    assert_eq!(world.commands.started()[4..], ["tell shop-dev:900", "sweep"]);
    assert_eq!(world.events.steps(), [1, 9, 10, 12, 13]);
}

#[tokio::test(start_paused = true)]
async fn a_second_rollback_does_not_lead_to_the_bad_version() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.roll_back().await.expect("the old set still runs");
    let row = world.row();
    let refused = refusal(world.roll_back().await.expect_err("it is back already"));
    assert!(matches!(refused, RollbackError::Already { color: Color::Green, .. }), "{refused}");
    assert_eq!(world.row(), row);
    assert_rolled_back(&world, "twice");
}

#[tokio::test(start_paused = true)]
async fn the_next_deploy_prunes_what_was_rolled_back() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.roll_back().await.expect("the old set still runs");
    world.deploy("three").await.expect("it succeeds");
    world.assert_serves("three", Color::Blue);
    assert_eq!(world.images(Color::Green), ["shop:zero"]);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_failed_at_any_step_is_rolled_back() {
    for number in 3..=13 {
        let step = Step::try_from(number).unwrap();
        let world = serving();
        let failure = world.cancel_at("two", step).await;
        assert_eq!(failure.lock, LockLeft::GivenUp, "{step}");
        let begun = world.cloud.now();
        world.roll_back().await.unwrap_or_else(|failure| panic!("{step}: {}", failure.error));
        assert!(world.cloud.now() - begun < Duration::from_secs(3), "{step}");
        assert_rolled_back(&world, &step.to_string());
        let told = world.commands.started().contains(&"tell shop-dev:900".to_owned());
        assert_eq!(told, step > Step::Swap, "{step}: the commands follow a change of what serves");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_died_at_any_moment_is_rolled_back() {
    for moment in 1..=60 {
        let world = serving();
        world.run_until_crash(&world.order("two", Mode::Fresh), moment).await;
        let Some(row) = world.row().filter(|row| row.data.is_some()) else { continue };
        world.roll_back().await.unwrap_or_else(|failure| {
            panic!("moment {moment}, {row:?}: {}", failure.error);
        });
        assert_rolled_back(&world, &format!("moment {moment}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_died_at_any_moment_is_gone_on_with_and_no_go_program_takes_it_up() {
    let mut moments = 0;
    loop {
        moments += 1;
        let world = serving();
        world.deploy("two").await.expect("it succeeds");
        let changes = world.cloud.model().changes.len();
        world.roll_back_until_crash(moments).await;
        let row = world.row().expect("a row");
        let has_begun = world.cloud.model().changes.len() > changes;
        let state = row.state();
        assert!(!has_begun || state.done && state.step <= Step::Swap, "{moments}: {state:?}");
        if row.is_released && state.rollback().is_some() {
            break;
        }
        world.roll_back().await.unwrap_or_else(|failure| panic!("{moments}: {}", failure.error));
        assert_rolled_back(&world, &format!("moment {moments}"));
        let model = world.cloud.model();
        assert_eq!(model.count(Call::SetPriorities), 2, "{moments}");
    }
    assert!(moments > 12, "{moments}");
}

#[tokio::test(start_paused = true)]
async fn lost_answers_and_failing_calls_do_not_harm_a_rollback() {
    for call in [Call::SetPriorities, Call::MakePrimary, Call::SetTag] {
        for fault in [Fault::LoseAnswer, Fault::Hang] {
            let world = serving();
            world.deploy("two").await.expect("it succeeds");
            let next = world.cloud.faults.count(call) + 1;
            world.cloud.faults.plan(call, next..=next, fault);
            world.roll_back().await.unwrap_or_else(|failure| panic!("{call:?}: {}", failure.error));
            assert_rolled_back(&world, &format!("{call:?} {fault:?}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_failed_waits_for_another() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.commands.play("tell", Part { takes: Duration::ZERO, exit: 7 });
    let failure = world.roll_back().await.expect_err("a command fails");
    assert_eq!((failure.kind, failure.lock), (FailureKind::AfterSwap, LockLeft::GivenUp));
    assert_eq!(world.serving_color(), Color::Green);

    let locked = world.deploy("three").await.expect_err("a decision is asked for");
    let DeployError::Locked(locked) = &locked.error else { panic!("{}", locked.error) };
    let Holder::Failed(told) = &locked.holder else { panic!("{locked}") };
    assert!(told.rolls_back && told.step == Step::PostDeploy, "{told}");
    let resumed = world.resume("two").await.expect_err("it is on its way back");
    assert!(matches!(resumed.error, DeployError::Resume(ResumeError::RollingBack { .. })));
    let status = world.told().await;
    let lock = status.environments[0].lock.as_ref().expect("it is watched");
    assert_eq!((lock.state, lock.next), (LockState::Failed, NextStep::RollBack));

    world.commands.play("tell", Part { takes: Duration::ZERO, exit: 0 });
    world.roll_back().await.expect("the command is mended");
    assert_rolled_back(&world, "gone on with");
}

#[tokio::test(start_paused = true)]
async fn a_failed_rollback_may_be_given_up_for_a_new_deploy() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.commands.play("tell", Part { takes: Duration::ZERO, exit: 7 });
    world.roll_back().await.expect_err("a command fails");
    world.commands.play("tell", Part { takes: Duration::ZERO, exit: 0 });
    world.start_over("three").await.expect("it succeeds");
    world.assert_serves("three", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_can_be_stopped_and_gone_on_with() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.commands.play("tell", Part { takes: Duration::from_secs(20), exit: 0 });
    let stop = CancellationToken::new();
    let (ended, ()) = tokio::join!(world.roll_back_until(&stop), async {
        sleep(Duration::from_secs(5)).await;
        stop.cancel();
    });
    assert_eq!(ended.expect_err("it was stopped").kind, FailureKind::Interrupted);
    world.roll_back().await.expect("it goes on");
    assert_rolled_back(&world, "stopped");
}

#[tokio::test(start_paused = true)]
async fn without_a_version_to_go_back_to_nothing_is_changed() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.cloud.model().service.sets.retain(|set| set.image != "shop:zero");
    let row = world.row();
    let refused = refusal(world.roll_back().await.expect_err("it is gone"));
    assert!(matches!(refused, RollbackError::Gone { color: Color::Green, .. }), "{refused}");
    assert_eq!(world.row(), row);
    world.assert_serves("two", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_version_that_can_not_serve_is_not_gone_back_to() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    let now = world.cloud.now();
    let model = || world.cloud.model();
    let old = |set: &&mut crate::support::ecs::Set| set.image == "shop:zero";
    model().service.sets.iter_mut().find(old).expect("it is there").scaled_down = Some(now);
    sleep(Duration::from_secs(60)).await;
    let row = world.row();
    let refused = refusal(world.roll_back().await.expect_err("it runs no task"));
    assert!(matches!(refused, RollbackError::NotHealthy { .. }), "{refused}");
    assert_eq!(world.row(), row, "the row is put back");
    world.assert_serves("two", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_go_program_is_enough() {
    for step in [9, 11, 12] {
        let world = serving();
        let number = world.add_set("shop:two", Color::Blue, TaskSetStatus::Active);
        let mut status = go_status(step, "blue", &format!("ecs-svc/{number}"));
        status["Artifact"]["BuildNumber"] = 2.into();
        world.locks.put_row(KEY, held_by_nobody(&status.to_string()));
        world.cloud.model().balancer.swap();
        world.roll_back().await.unwrap_or_else(|failure| panic!("{step}: {}", failure.error));
        assert_rolled_back(&world, &format!("step {step}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_go_program_that_died_when_all_was_done_is_rolled_back_by_the_second_word() {
    let world = serving();
    let number = world.add_set("shop:two", Color::Blue, TaskSetStatus::Active);
    let mut status = go_status(12, "blue", &format!("ecs-svc/{number}"));
    status["Artifact"]["BuildNumber"] = 2.into();
    status["Done"] = true.into();
    world.locks.put_row(KEY, held_by_nobody(&status.to_string()));
    world.cloud.model().balancer.swap();
    let refused = refusal(world.roll_back().await.expect_err("another may have had the lock"));
    assert!(matches!(refused, RollbackError::Unbegun { .. }), "{refused}");
    world.roll_back().await.unwrap_or_else(|failure| panic!("{}", failure.error));
    assert_rolled_back(&world, "asked again");
}

#[tokio::test(start_paused = true)]
async fn without_a_deploy_on_record_there_is_nothing_to_roll_back() {
    let world = serving();
    let refused = refusal(world.roll_back().await.expect_err("nobody deployed"));
    assert!(matches!(refused, RollbackError::Nothing { .. }));
    assert_eq!(world.row(), None);
    world.locks.put_row(KEY, released("no status"));
    let refused = refusal(world.roll_back().await.expect_err("the row tells nothing"));
    assert!(matches!(refused, RollbackError::Unreadable(_)));
}

#[tokio::test(start_paused = true)]
async fn a_deploy_under_way_is_not_rolled_back() {
    let world = serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(100), exit: 0 });
    let rival = world.of_another("bob");
    let (first, second) = tokio::join!(world.deploy("two"), async {
        sleep(Duration::from_secs(5)).await;
        rival.roll_back().await
    });
    first.expect("it was not disturbed");
    assert_eq!(second.expect_err("it is under way").kind, FailureKind::Locked);
    world.assert_serves("two", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn commands_that_ask_for_an_unknown_build_are_to_be_left_out_first() {
    let world = World::serving();
    world.deploy("two").await.expect("it succeeds");
    let refused = refusal(world.roll_back().await.expect_err("the old set has no tags"));
    assert!(matches!(refused, RollbackError::UnknownBuild { .. }));
    world.assert_serves("two", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_role_without_the_right_to_read_tags_leaves_the_commands_out_and_rolls_back() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.cloud.faults.always(Call::TaskSetTags, Fault::Refuse(ErrorClass::Denied));
    let refused = refusal(world.roll_back().await.expect_err("the commands ask for the build"));
    assert!(matches!(refused, RollbackError::UnknownBuild { .. }), "{refused}");
    let told = "ecs:ListTagsForResource is denied: which build served before is not told";
    assert_eq!(world.events.warnings(), [told]);
    let order = RollbackOrder { commands: CommandPolicy::Skip, ..world.way_back() };
    world.roll_back_as(&order, &CancellationToken::new()).await.expect("it needs no more");
    assert_rolled_back(&world, "without commands");
}

#[tokio::test(start_paused = true)]
async fn a_success_stays_where_it_is_not_of_what_goes() {
    for step in [Step::Prune, Step::Watch] {
        let world = serving();
        world.deploy("two").await.expect("it succeeds");
        // The same build and config once more, which fails: what serves again is that build too.
        world.cancel_at("two", step).await;
        world.roll_back().await.expect("the set from before runs");
        assert_eq!(world.tag("two").as_deref(), Some("success"), "{step}");
    }
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.deploy("three").await.expect("it succeeds");
    // Build 2 served well before; this time it never came to it.
    world.cancel_at("two", Step::Rollout).await;
    world.roll_back().await.expect("the set from before runs");
    assert_eq!(world.tag("two").as_deref(), Some("success"));
}

#[tokio::test(start_paused = true)]
async fn commands_that_finished_are_not_run_again_by_the_rollback_that_goes_on() {
    let world = serving();
    world.deploy("two").await.expect("it succeeds");
    world.commands.play("sweep", Part { takes: Duration::ZERO, exit: 7 });
    world.roll_back().await.expect_err("the second command fails");
    world.commands.play("sweep", Part { takes: Duration::ZERO, exit: 0 });
    world.roll_back().await.expect("it is mended");
    assert_eq!(world.commands.started()[4..], ["tell shop-dev:900", "sweep", "sweep"]);
    assert_eq!(world.commands.told("ECS_DEPLOY_ATTEMPT")[4..], ["1", "1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_swap_that_late_answers_hide_is_still_told_to_the_commands() {
    let mut hidden = 0;
    for moment in 1..=60 {
        let world = serving();
        world.cloud.model().balancer.lag = Duration::from_secs(5);
        world.run_until_crash(&world.order("two", Mode::Fresh), moment).await;
        let is_told = world.row().is_some_and(|row| row.data.is_some());
        if !is_told || world.serving_color() == Color::Green {
            continue;
        }
        hidden += 1;
        world.roll_back().await.unwrap_or_else(|failure| panic!("{moment}: {}", failure.error));
        assert_rolled_back(&world, &format!("moment {moment}"));
        let told = world.commands.started().contains(&"tell shop-dev:900".to_owned());
        assert!(told, "moment {moment}: the other version was served");
    }
    assert!(hidden > 3, "{hidden}");
}
