//! Somebody else changes the cloud between a failure and its resume, or in the middle of a deploy.

use std::time::Duration;

use ecs_deploy::cloud::TaskSetStatus;
use ecs_deploy::error::{DeployError, FailureKind, RollbackError};
use ecs_deploy::names::{ByColor, Color};
use ecs_deploy::plan::Refusal;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Success};
use tokio::time::sleep;

use crate::support::commands::Part;
use crate::support::faults::Call;
use crate::support::world::World;

/// What somebody else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meddling {
    SwapRules,
    /// Terraform's apply: the priorities are as they were before any deploy.
    PutPrioritiesBack,
    RenumberRules,
    EditServingForward,
    EditIdleForward,
    MakeOldPrimary,
    MakeNewPrimary,
    MakeStrangerPrimary,
    DeleteNewSet,
    DeleteOldSet,
    AddSet,
    SwitchNewSetOff,
}
use Meddling::*;

/// What a resume then comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// It is adopted: the new version serves alone.
    Deployed,
    /// It is adopted: what serves by now is the version before, and the new one goes to the other color.
    DeployedToGreen,
    /// It is adopted, and what was put behind the color that serves is left alone.
    DeployedBeside,
    /// It stops before the swap, telling this.
    Stopped(&'static str),
    /// It stops where users already see the new version, or may, telling this.
    StoppedLate(&'static str),
}
use Expected::*;

const GREENS_RULE: &str = "rule/green is green's with priority 11 on record";
const BLUES_RULE: &str = "rule/blue is blue's with priority 12 on record";

/// The meddling, the steps at whose begin the deploy was stopped before it, and what a resume comes to.
const TABLE: &[(Meddling, &[u8], Expected)] = &[
    // The set that the next prune would have deleted serves again.
    (SwapRules, &[4], DeployedToGreen),
    (
        SwapRules,
        &[5, 6],
        Stopped("rule/blue is blue's with priority 12 on record, and blue's with priority 11 now"),
    ),
    (SwapRules, &[7, 8, 9], Deployed),
    (SwapRules, &[10, 11, 12, 13], Deployed),
    (PutPrioritiesBack, &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13], Deployed),
    (RenumberRules, &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13], Deployed),
    (EditServingForward, &[4, 5, 6, 7, 8], Stopped(GREENS_RULE)),
    // What serves is not clear, and a swap may have been tried.
    (EditServingForward, &[9], StoppedLate(GREENS_RULE)),
    (EditServingForward, &[10, 11, 12, 13], StoppedLate(BLUES_RULE)),
    (EditIdleForward, &[4, 5, 6, 7, 8], Stopped(BLUES_RULE)),
    // What serves is not clear, and a swap may have been tried.
    (EditIdleForward, &[9], StoppedLate(BLUES_RULE)),
    (EditIdleForward, &[10, 11, 12, 13], StoppedLate(GREENS_RULE)),
    (MakeOldPrimary, &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13], Deployed),
    (MakeNewPrimary, &[7, 8, 9, 10, 11, 12, 13], Deployed),
    (MakeStrangerPrimary, &[4, 5, 6, 7, 8, 9], Deployed),
    (MakeStrangerPrimary, &[10, 11, 12, 13], DeployedBeside),
    (DeleteNewSet, &[7, 8, 9], Deployed),
    (
        DeleteNewSet,
        &[10, 11, 12, 13],
        StoppedLate("ecs-svc/3 is what this deploy made on record, and gone now"),
    ),
    (DeleteOldSet, &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13], Deployed),
    (AddSet, &[4, 5, 6, 7, 8, 9], Deployed),
    (AddSet, &[10, 11, 12, 13], DeployedBeside),
    (SwitchNewSetOff, &[7, 8, 9], Stopped("ecs-svc/3, which the deploy made, is scaled to 0 %")),
    (SwitchNewSetOff, &[10, 11, 12, 13], StoppedLate("is scaled to 0 %")),
];

/// Green serves; a deploy of `two` prunes an old set on blue, and is to serve there.
fn with_all_to_do() -> World {
    let world = World::serving();
    world.add_set("shop:older", Color::Blue, TaskSetStatus::Active);
    world
}

/// The new set: the third.
const NEW: &str = "ecs-svc/3";

impl Meddling {
    fn take_place(self, world: &World) {
        let now = world.cloud.now();
        let stranger = || {
            let number = world.add_set("shop:stranger", Color::Blue, TaskSetStatus::Active);
            format!("ecs-svc/{number}").parse().unwrap()
        };
        let make_primary = |id| world.cloud.model().make_primary(&id, now).unwrap();
        let elsewhere = || {
            let arn = "arn:aws:elasticloadbalancing:us-east-1:222222222222:targetgroup/else/1";
            arn.parse().unwrap()
        };
        match self {
            SwapRules => world.cloud.model().balancer.swap(),
            PutPrioritiesBack => {
                world.cloud.model().balancer.priorities = ByColor { blue: 12, green: 11 };
            }
            RenumberRules => {
                let ByColor { blue, green } = &mut world.cloud.model().balancer.priorities;
                (*blue, *green) = (*blue + 10, *green + 10);
            }
            EditServingForward | EditIdleForward => {
                let mut model = world.cloud.model();
                let serving = model.serving();
                let color = if self == EditServingForward { serving } else { serving.other() };
                model.balancer.edited = Some((color, elsewhere()));
            }
            MakeOldPrimary => make_primary("ecs-svc/1".parse().unwrap()),
            MakeNewPrimary => make_primary(NEW.parse().unwrap()),
            MakeStrangerPrimary => make_primary(stranger()),
            DeleteNewSet => world.cloud.model().service.sets.retain(|set| set.id.as_str() != NEW),
            DeleteOldSet => world.cloud.model().service.sets.retain(|set| set.number != 1),
            AddSet => drop(stranger()),
            SwitchNewSetOff => {
                let mut model = world.cloud.model();
                let set = model.service.set_mut(&NEW.parse().unwrap(), now).expect("it is there");
                set.scaled_down = Some(now);
            }
        }
    }
}

#[track_caller]
fn check(world: &World, ended: Result<Success, Failure>, expected: Expected, context: &str) {
    match (expected, ended) {
        (Deployed, Ok(_)) => world.assert_serves("two", Color::Blue),
        (DeployedToGreen, Ok(_)) => world.assert_serves("two", Color::Green),
        (DeployedBeside, Ok(_)) => {
            assert_eq!(world.serving_color(), Color::Blue, "{context}");
            assert_eq!(world.images(Color::Blue), ["shop:two", "shop:stranger"], "{context}");
            assert_eq!(world.primary_image().as_deref(), Some("shop:two"), "{context}");
            let told = "ecs-svc/4 runs behind blue too: users reach both versions";
            assert_eq!(world.events.warnings(), [told], "{context}");
        }
        (Stopped(words), Err(failure)) => {
            let early = [FailureKind::Refused, FailureKind::BeforeSwap];
            assert!(early.contains(&failure.kind), "{context}: {:?}", failure.kind);
            told(&failure, words, context);
        }
        (StoppedLate(words), Err(failure)) => {
            assert_eq!(failure.kind, FailureKind::AfterSwap, "{context}: {}", failure.error);
            told(&failure, words, context);
        }
        (_, Ok(_)) => panic!("{context}: it went through"),
        (_, Err(failure)) => panic!("{context}: {}", failure.error),
    }
}

#[track_caller]
fn told(failure: &Failure, words: &str, context: &str) {
    assert!(failure.error.to_string().contains(words), "{context}: {}", failure.error);
}

#[tokio::test(start_paused = true)]
async fn what_is_safe_is_adopted_by_a_resume_and_all_else_told_with_what_is_on_record() {
    for (meddling, steps, expected) in TABLE {
        for number in *steps {
            let (context, world) = (format!("{meddling:?} at {number}"), with_all_to_do());
            world.cancel_at("two", Step::try_from(*number).unwrap()).await;
            // The new set, if it is there, becomes healthy.
            sleep(Duration::from_secs(10)).await;
            meddling.take_place(&world);
            check(&world, world.resume("two").await, *expected, &context);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_stopped_a_resume_is_gone_on_with_once_it_is_mended() {
    for number in 4..=13 {
        let world = with_all_to_do();
        world.cancel_at("two", Step::try_from(number).unwrap()).await;
        EditServingForward.take_place(&world);
        world.resume("two").await.expect_err("the colors can't be told");
        world.cloud.model().balancer.edited = None;
        world.resume("two").await.unwrap_or_else(|it| panic!("{number}: {}", it.error));
        world.assert_serves("two", Color::Blue);
    }
}

/// The balancer follows a swap by hand as late as any other.
#[tokio::test(start_paused = true)]
async fn after_a_swap_by_hand_to_a_third_version_its_predecessor_is_left_alone_for_a_while() {
    let world = with_all_to_do();
    world.cancel_at("two", Step::Register).await;
    world.add_set("shop:hotfix", Color::Blue, TaskSetStatus::Active);
    world.cloud.model().balancer.swap();
    let id = "ecs-svc/3".parse().unwrap();
    world.cloud.model().make_primary(&id, world.cloud.now()).unwrap();
    let begun = world.cloud.now();
    world.resume("two").await.expect("it goes to green");
    world.assert_serves("two", Color::Green);
    let model = world.cloud.model();
    let scaled = model.changes.iter().filter(|(at, call)| *call == Call::Scale && *at > begun);
    assert!(scaled.min().expect("zero is pruned").0 - begun > world.target.settle_time);
}

/// The time on record is that of the swap before.
#[tokio::test(start_paused = true)]
async fn after_a_swap_by_hand_that_a_resume_took_over_the_next_deploy_lets_the_balancer_settle() {
    let world = with_all_to_do();
    world.deploy("one").await.expect("it succeeds");
    sleep(10 * world.target.settle_time).await;
    world.cancel_at("two", Step::Check).await;
    sleep(Duration::from_secs(10)).await;
    SwapRules.take_place(&world);
    world.resume("two").await.expect("it is taken over");
    world.assert_serves("two", Color::Green);
    let success = world.deploy("three").await.expect("it succeeds");
    assert!(success.took > world.target.settle_time, "{:?}", success.took);
}

/// Deploys `two`; at a step somebody meddles.
async fn meddled_at(step: Step, meddling: Meddling) -> (World, Failure) {
    let world = with_all_to_do();
    let other = world.of_another("bob");
    let action = move || meddling.take_place(&other);
    let failure = world.deploy_with("two", step, action).await.expect_err("it stops");
    (world, failure)
}

#[tokio::test(start_paused = true)]
async fn a_set_that_is_put_behind_the_new_color_in_the_middle_of_a_deploy_stops_it() {
    for step in [Step::Rollout, Step::Check] {
        let (world, failure) = meddled_at(step, AddSet).await;
        let stranger = matches!(failure.error, DeployError::Refused(Refusal::Stranger { .. }));
        assert!(stranger && failure.kind == FailureKind::BeforeSwap, "{step}: {}", failure.error);
        world.assert_old_serves();
        world.resume("two").await.expect("it is pruned");
        world.assert_serves("two", Color::Blue);
    }
}

#[tokio::test(start_paused = true)]
async fn rules_that_are_renumbered_in_the_middle_of_a_deploy_stop_it_with_both_numbers() {
    let (world, failure) = meddled_at(Step::Swap, RenumberRules).await;
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    let words =
        "rule/green is green's with priority 11 on record, and green's with priority 21 now";
    told(&failure, words, "step 9");
    world.resume("two").await.expect("the new numbers are exchanged");
    world.assert_serves("two", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_new_set_that_is_switched_off_in_the_middle_of_a_deploy_stops_it_at_once() {
    for step in [Step::Rollout, Step::Check] {
        let (world, failure) = meddled_at(step, SwitchNewSetOff).await;
        let off = matches!(failure.error, DeployError::Refused(Refusal::SwitchedOff { .. }));
        assert!(off && failure.kind == FailureKind::BeforeSwap, "{step}: {}", failure.error);
        world.assert_old_serves();
        let now = world.cloud.now();
        let id = NEW.parse().unwrap();
        world.cloud.model().service.set_mut(&id, now).expect("it is there").scaled_down = None;
        world.resume("two").await.expect("it was scaled up again");
        world.assert_serves("two", Color::Blue);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_is_taken_back_while_its_last_commands_run_is_no_success() {
    for (meddling, words) in [
        (SwapRules, "green serves, not blue"),
        (MakeOldPrimary, "ecs-svc/1 is PRIMARY, not ecs-svc/3"),
    ] {
        let (world, failure) = meddled_at(Step::PostDeploy, meddling).await;
        assert_eq!(failure.kind, FailureKind::AfterSwap, "{meddling:?}");
        told(&failure, words, &format!("{meddling:?}"));
        assert_eq!(world.tag("two"), None, "{meddling:?}");
        world.resume("two").await.expect("it is done once more");
        world.assert_serves("two", Color::Blue);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_does_not_go_on_to_a_set_that_took_the_place_of_its_own() {
    let world = with_all_to_do();
    world.tag_set(1, "6");
    world.deploy("two").await.expect("it succeeds");
    world.commands.play("tell", Part { takes: Duration::ZERO, exit: 7 });
    world.roll_back().await.expect_err("a command fails");
    let hotfix = world.add_set("shop:hotfix", Color::Green, TaskSetStatus::Active);
    let now = world.cloud.now();
    world.cloud.model().make_primary(&format!("ecs-svc/{hotfix}").parse().unwrap(), now).unwrap();
    DeleteOldSet.take_place(&world);
    let row = world.row();
    let failure = world.roll_back().await.expect_err("the version before is gone");
    let gone = matches!(failure.error, DeployError::Rollback(RollbackError::Gone { .. }));
    assert!(gone && failure.kind == FailureKind::Refused, "{}", failure.error);
    assert_eq!(world.row(), row);
    world.commands.play("tell", Part { takes: Duration::ZERO, exit: 0 });
    world.start_over("three").await.expect("it succeeds");
    world.assert_serves("three", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_is_taken_back_while_its_commands_run_is_not_done() {
    for meddling in [SwapRules, MakeNewPrimary] {
        let world = with_all_to_do();
        world.tag_set(1, "6");
        world.deploy("two").await.expect("it succeeds");
        let other = world.of_another("bob");
        let action = move || meddling.take_place(&other);
        let ended = world.roll_back_with(Step::PostDeploy, action).await;
        let failure = ended.expect_err("another version serves, or is PRIMARY");
        assert!(matches!(failure.error, DeployError::Undone { .. }), "{}", failure.error);
        world.roll_back().await.expect("it is done once more");
        assert_eq!(world.serving_color(), Color::Green, "{meddling:?}");
        assert_eq!(world.primary_image().as_deref(), Some("shop:zero"), "{meddling:?}");
    }
}
