//! A build that is older than the one that serves.

use ecs_deploy::Mode;
use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::plan;
use tokio_util::sync::CancellationToken;

use crate::support::faults::{Call, Fault};
use crate::support::world::World;

const WARNING: &str = "build 1 is older than build 5, which serves";

/// Green serves this build.
fn serving(build: &str) -> World {
    let world = World::serving();
    world.tag_set(1, build);
    world
}

#[tokio::test(start_paused = true)]
async fn is_deployed_with_a_warning() {
    let world = serving("5");
    world.deploy("one").await.expect("it may be meant");
    assert_eq!(world.events.warnings(), [WARNING]);
}

#[tokio::test(start_paused = true)]
async fn is_warned_of_by_a_plan_too() {
    let world = serving("5");
    let (order, cancel) = (world.order("one", Mode::Fresh), CancellationToken::new());
    let (runtime, events) = (world.runtime(), &*world.events);
    let ports = world.ports();
    let planned = plan(&order.request, order.commands, &ports, &runtime, events, &cancel).await;
    planned.expect("a plan");
    assert_eq!(world.events.warnings(), [WARNING]);
}

#[tokio::test(start_paused = true)]
async fn is_told_from_a_newer_one_and_from_the_same() {
    for build in ["0", "1", "no number"] {
        let world = serving(build);
        world.deploy("one").await.expect("it succeeds");
        assert_eq!(world.events.warnings(), [""; 0], "{build}");
    }
}

#[tokio::test(start_paused = true)]
async fn is_not_told_without_the_right_to_read_tags() {
    let world = serving("5");
    world.cloud.faults.always(Call::TaskSetTags, Fault::Refuse(ErrorClass::Denied));
    world.deploy("one").await.expect("the original did not read them");
    let told = "ecs:ListTagsForResource is denied: whether an older build is deployed is not told";
    assert_eq!(world.events.warnings(), [told]);
}
