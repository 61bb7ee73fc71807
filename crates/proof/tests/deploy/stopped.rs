//! Deploys that are asked to stop, and gone on with.

use ecs_deploy::Mode;
use ecs_deploy::error::FailureKind;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;

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
