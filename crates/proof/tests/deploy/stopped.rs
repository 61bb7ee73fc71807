//! Deploys that are asked to stop, and gone on with.

use ecs_deploy::Mode;
use ecs_deploy::error::{FailureKind, LockLeft};
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy_proof::{Ending, Line, Mishap};

use crate::Bench;

/// A shop in which a deploy has everything to do, pruning too.
async fn with_all_to_do() -> Bench {
    let bench = Bench::open().await;
    bench.shop.place(&bench.world, "old:1", Color::Blue);
    bench.pass(10).await;
    bench
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_is_stopped_at_any_step_ends_like_one_that_was_not() {
    let bench = with_all_to_do().await;
    bench.ann.deploy("one", Mode::Fresh).await.expect("it is not stopped");
    let undisturbed = bench.settled().await.to_string();
    let commands = bench.ann.commands.ended();
    for number in 1..=13 {
        let step = Step::try_from(number).expect("a step");
        let bench = with_all_to_do().await;
        let failure = bench.ann.stop_at("one", step).await;
        assert_eq!(failure.kind, FailureKind::Interrupted, "{step}: {}", failure.error);
        bench.ann.go_on("one").await.expect("nothing stands against it");
        assert_eq!(bench.settled().await.to_string(), undisturbed, "{step}");
        assert_eq!(bench.ann.commands.ended(), commands, "{step}");
        bench.assert_nothing_violated(&step.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_deploy_that_is_asked_to_slow_down_gives_the_lock_back_all_the_same() {
    let (undisturbed, throttled) = (Line::default(), Line::default());
    assert_eq!(lock_after_failure_over(&undisturbed).await, LockLeft::GivenUp);
    let calls = undisturbed.made().len();
    (calls - 1..calls + 2).for_each(|call| throttled.befall(call, Mishap::Throttled));
    assert_eq!(lock_after_failure_over(&throttled).await, LockLeft::GivenUp);
    assert_eq!(throttled.made().len(), calls + 3);
}

/// What becomes of the lock of a deploy whose pre-deploy command fails: its last call decides.
async fn lock_after_failure_over(line: &Line) -> LockLeft {
    let bench = Bench::open().await;
    bench.ann.commands.fail("migrate");
    match bench.ann.deploy_over(line, "one", Mode::Fresh).await {
        Ending::Told(told) => told.expect_err("a command fails").lock,
        Ending::Died => panic!("nobody dies on this line"),
    }
}

#[tokio::test(start_paused = true)]
async fn starting_over_at_once_deletes_a_set_that_answers_do_not_show_yet() {
    let bench = Bench::open().await;
    bench.ann.stop_at("one", Step::Rollout).await;
    let started_over = bench.ann.deploy("two", Mode::StartOver).await;
    started_over.expect("nothing stands against it");
    bench.pass(30).await;
    bench.assert_serves("shop:2", Color::Blue);
    bench.assert_nothing_violated("started over");
}
