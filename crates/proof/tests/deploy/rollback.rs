//! Rollbacks: by hand between deploys, and the program's own right after one.

use ecs_deploy::error::{FailureKind, LockLeft};
use ecs_deploy::names::Color;
use ecs_deploy::{Failure, Mode, Success};
use ecs_deploy_proof::{Ending, Line, Mishap, Passage, operation};

use crate::Bench;

#[tokio::test(start_paused = true)]
async fn a_rollback_by_hand_is_respected() {
    let bench = Bench::empty();
    let old = bench.shop.serve(&bench.world, "shop:0");
    bench.pass(10).await;
    bench.ann.deploy("one", Mode::Fresh).await.expect("nothing stands against it");
    bench.shop.let_serve(&bench.world, Color::Green);
    bench.shop.make_primary(&bench.world, &old);
    bench.pass(5).await;
    bench.ann.deploy("two", Mode::Fresh).await.expect("nothing stands against it");
    bench.assert_serves("shop:2", Color::Blue);
    assert_eq!(bench.shop.sells(&bench.world, Color::Green), ["shop:0"]);
    bench.assert_nothing_violated("a rollback by hand");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_of_the_rules_alone_makes_what_serves_primary_first() {
    let bench = Bench::open().await;
    bench.ann.deploy("one", Mode::Fresh).await.expect("nothing stands against it");
    bench.shop.let_serve(&bench.world, Color::Green);
    bench.pass(5).await;
    bench.ann.deploy("two", Mode::Fresh).await.expect("nothing stands against it");
    bench.assert_serves("shop:2", Color::Blue);
    assert_eq!(bench.shop.sells(&bench.world, Color::Green), ["shop:0"]);
    bench.assert_nothing_violated("a rollback of the rules alone");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_at_once_is_not_misled_by_answers_from_before_the_deploy() {
    let bench = Bench::open().await;
    for sha in ["one", "two"] {
        bench.ann.deploy(sha, Mode::Fresh).await.expect("nothing stands against it");
    }
    bench.ann.go_back().await.expect("the version before still runs");
    bench.pass(5).await;
    bench.assert_serves("shop:1", Color::Blue);
    bench.assert_nothing_violated("a rollback at once");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_died_before_it_wrote_a_word_is_not_taken_for_the_one_before() {
    let bench = Bench::open().await;
    for sha in ["one", "two"] {
        bench.ann.deploy(sha, Mode::Fresh).await.expect("nothing stands against it");
    }
    let dies = Line::steered(|request| {
        let takes_the_lock = operation(request) == "PutItem";
        Passage { mishap: takes_the_lock.then_some(Mishap::DiesAfter), ..Passage::default() }
    });
    let ending = bench.ann.deploy_over(&dies, "three", Mode::Fresh).await;
    assert!(matches!(ending, Ending::Died), "{ending:?}");
    let refused = roll_back(&bench).await.expect_err("nothing was begun");
    let error = refused.error.to_string();
    assert!(error.contains("on record is shop:2 (build 2)"), "{error}");
    assert_eq!((refused.kind, refused.lock), (FailureKind::Refused, LockLeft::PutBack));
    bench.assert_serves("shop:2", Color::Green);
    roll_back(&bench).await.expect("the version before still runs");
    bench.pass(5).await;
    bench.assert_serves("shop:1", Color::Blue);
    bench.assert_nothing_violated("died before a word");
}

#[tokio::test(start_paused = true)]
async fn where_several_sets_serve_a_deploy_that_never_looked_leads_back_to_the_one_that_is_primary()
{
    let bench = Bench::open().await;
    bench.shop.place(&bench.world, "old:1", Color::Green);
    bench.pass(10).await;
    let before = bench.shop.stands(&bench.world);
    bench.ann.commands.fail("migrate");
    bench.ann.deploy("one", Mode::Fresh).await.expect_err("its command fails");
    roll_back(&bench).await.expect("what was PRIMARY still is");
    assert_eq!(bench.shop.stands(&bench.world), before);
    bench.assert_nothing_violated("never looked");
}

async fn roll_back(bench: &Bench) -> Result<Success, Failure> {
    match bench.ann.roll_back_over(&Line::default()).await {
        Ending::Told(told) => *told,
        Ending::Died => panic!("nobody dies on this line"),
    }
}
