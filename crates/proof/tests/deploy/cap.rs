use ecs_deploy::Mode;
use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::ecs::TaskSetStatus;
use ecs_deploy_sandbox::model::simulate::{Behaviour, OnStop};
use serde_json::json;

use crate::Bench;

const LEFTOVERS: [&str; 4] = ["old:1", "old:2", "old:3", "old:4"];

#[tokio::test(start_paused = true)]
async fn a_full_service_is_pruned_down_to_what_serves() {
    let bench = Bench::open().await;
    for image in LEFTOVERS {
        bench.shop.place(&bench.world, image, Color::Blue);
    }
    bench.pass(10).await;
    assert_eq!(bench.shop.stands(&bench.world).len(), 5);
    bench.ann.deploy("one", Mode::Fresh).await.expect("there is room once it is pruned");
    bench.assert_serves("shop:1", Color::Blue);
    assert_eq!(bench.shop.stands(&bench.world).len(), 2);
    bench.assert_nothing_violated("a full service");
}

#[tokio::test(start_paused = true)]
async fn sets_that_drain_are_waited_for_while_they_leave_no_room() {
    let bench = Bench::open().await;
    let stubborn = Behaviour { on_stop: OnStop::Ignores, ..Behaviour::default() };
    for image in LEFTOVERS {
        bench.world.behave(image, stubborn.clone());
        bench.shop.place(&bench.world, image, Color::Blue);
    }
    bench.pass(10).await;
    for status in deleted_by_hand(&bench) {
        assert_eq!(status, TaskSetStatus::Draining);
    }
    bench.pass(1).await;
    let success = bench.ann.deploy("one", Mode::Fresh).await.expect("they are gone in the end");
    assert!(success.took.as_secs() >= 30, "{:?}", success.took);
    bench.assert_serves("shop:1", Color::Blue);
    bench.assert_nothing_violated("draining sets");
}

/// Deletes what is on blue by force; tells the state of each set there.
fn deleted_by_hand(bench: &Bench) -> Vec<TaskSetStatus> {
    let service = json!({"cluster": "main", "services": ["shop"]});
    let told = bench.shop.ecs(&bench.world, "DescribeServices", service);
    let blue = bench.shop.group(Color::Blue).to_string();
    for set in told["services"][0]["taskSets"].as_array().expect("task sets") {
        if set["loadBalancers"][0]["targetGroupArn"] == *blue {
            let set = json!({"cluster": "main", "service": "shop", "taskSet": set["id"],
                "force": true});
            bench.shop.ecs(&bench.world, "DeleteTaskSet", set);
        }
    }
    let stands = bench.shop.stands(&bench.world).into_iter();
    stands.filter(|stand| stand.color == Color::Blue).map(|stand| stand.status).collect()
}
