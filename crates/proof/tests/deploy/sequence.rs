use ecs_deploy::Mode;
use ecs_deploy::names::Color;

use crate::Bench;

#[tokio::test(start_paused = true)]
async fn deploys_go_from_color_to_color_and_keep_the_version_before() {
    let bench = Bench::open().await;
    let deploys = [("one", Color::Blue), ("two", Color::Green), ("three", Color::Blue)];
    for (build, (sha, color)) in deploys.into_iter().enumerate() {
        let success = bench.ann.deploy(sha, Mode::Fresh).await.expect("nothing stands against it");
        assert_eq!((success.serving, success.kept), (color, Some(2)));
        bench.assert_serves(&format!("shop:{}", build + 1), color);
        let before = format!("shop:{build}");
        assert_eq!(bench.shop.sells(&bench.world, color.other()), [before]);
    }
    bench.assert_nothing_violated("three deploys");
    let commands = ["migrate shop:1", "tell shop:1", "migrate shop:2", "tell shop:2"];
    assert_eq!(bench.ann.commands.ended()[..4], commands);
    assert_eq!(bench.ann.events.warnings(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_never_ran_gets_its_first_version() {
    let bench = Bench::empty();
    bench.ann.deploy("one", Mode::Fresh).await.expect("nothing stands against it");
    bench.assert_serves("shop:1", Color::Blue);
    assert_eq!(bench.shop.sells(&bench.world, Color::Green), [""; 0]);
    bench.assert_nothing_violated("a first version");
}

#[tokio::test(start_paused = true)]
async fn the_same_build_is_deployed_again_where_asked() {
    let bench = Bench::open().await;
    for color in [Color::Blue, Color::Green] {
        bench.ann.deploy("one", Mode::Fresh).await.expect("nothing stands against it");
        bench.assert_serves("shop:1", color);
    }
    bench.assert_nothing_violated("one build twice");
}
