//! Rollbacks: by hand between deploys, and the program's own right after one.

use ecs_deploy::Mode;
use ecs_deploy::names::Color;

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
