//! Deploys that nothing stands in the way of.

use std::time::Duration;

use ecs_deploy::event::{Event, EventSink};
use ecs_deploy::names::Color;
use ecs_deploy::{CommandPolicy, Mode, deploy, plan};
use tokio_util::sync::CancellationToken;

use crate::support::faults::Call;
use crate::support::world::World;

#[tokio::test(start_paused = true)]
async fn a_first_deploy_ends_with_the_new_version_serving_on_the_other_color() {
    let world = World::new();
    let success = world.deploy("one").await.expect("it succeeds");
    assert_eq!(success.serving, Color::Blue);
    assert_eq!(success.kept, Some(0));
    assert!(success.took < Duration::from_secs(30), "{:?}", success.took);
    world.assert_serves("one", Color::Blue);
    assert_eq!(world.events.steps(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_keeps_the_version_before_running() {
    let world = World::serving();
    let success = world.deploy("one").await.expect("it succeeds");
    assert_eq!(success.kept, Some(2));
    world.assert_serves("one", Color::Blue);
    assert_eq!(world.images(Color::Green), ["shop:zero"]);
}

#[tokio::test(start_paused = true)]
async fn each_change_is_one_call_in_the_order_of_the_steps() {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    let calls: Vec<Call> = world.cloud.model().changes.iter().map(|(_, call)| *call).collect();
    let expected =
        [Call::Register, Call::Create, Call::SetPriorities, Call::MakePrimary, Call::SetTag];
    assert_eq!(calls, expected);
}

#[tokio::test(start_paused = true)]
async fn commands_run_before_and_after_with_their_templates_rendered() {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    let expected = ["migrate shop:one", "warm", "tell shop-dev:1", "sweep"];
    assert_eq!(world.commands.started(), expected);
}

#[tokio::test(start_paused = true)]
async fn commands_can_be_left_out_with_their_steps() {
    let world = World::serving();
    let mut order = world.order("one", Mode::Fresh);
    order.commands = CommandPolicy::Skip;
    world.run(&order).await.expect("it succeeds");
    assert_eq!(world.commands.started(), [""; 0]);
    assert_eq!(world.events.steps(), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]);
}

#[tokio::test(start_paused = true)]
async fn the_artifact_and_the_config_stand_in_the_tags_of_what_is_created() {
    let world = World::serving();
    world.deploy("two").await.expect("it succeeds");
    let model = world.cloud.model();
    let tags = &model.revisions[0].tags;
    assert_eq!(tags["config-sha"], "1a2b3c4d");
    assert_eq!(tags["artifact-build-number"], "2");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_does_not_tire_the_apis() {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    let faults = &world.cloud.faults;
    let reads: usize =
        [Call::Service, Call::Rules, Call::Health].iter().map(|call| faults.count(*call)).sum();
    assert!(reads < 60, "{reads} reads");
}

struct Deaf;

impl EventSink for Deaf {
    fn emit(&self, _event: Event) {}
}

#[tokio::test(start_paused = true)]
async fn an_embedder_can_spawn_a_deploy_and_a_look() {
    let world = World::serving();
    let (order, cloud, runtime) = (world.order("one", Mode::Fresh), world.ports(), world.runtime());
    let spawned = tokio::spawn(async move {
        let cancel = CancellationToken::new();
        let planned = plan(&order.request, order.commands, &cloud, &runtime, &Deaf, &cancel).await;
        planned.expect("there is a plan");
        deploy(&order, &cloud, &runtime, &Deaf, &cancel).await
    });
    spawned.await.expect("it ends").expect("it succeeds");
    world.assert_serves("one", Color::Blue);
}
