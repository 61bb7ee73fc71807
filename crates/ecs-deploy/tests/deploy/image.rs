//! Deploys of an app that names no project in ArtifactDB.

use ecs_deploy::config::Config;
use ecs_deploy::error::{DeployError, FailureKind};
use ecs_deploy::names::Color;
use ecs_deploy::plan::{PrepareError, Wanted};
use ecs_deploy::steps::Step;
use ecs_deploy::{Mode, Order};
use tokio_util::sync::CancellationToken;

use crate::support::faults::Call;
use crate::support::world::World;

/// Green serves an app that names no project.
fn world() -> World {
    let config = include_str!("support/config.json");
    let config = config.replace(r#""ArtifactDBProjectName": "storefront","#, "");
    let config = Config::parse(&config, "config.json").unwrap();
    let mut world = World::serving();
    world.target = config.target("shop", "dev").unwrap();
    world
}

fn image(world: &World, image: &str, mode: Mode) -> Order {
    let mut order = world.order("", mode);
    order.request.wanted = Wanted::Image(image.parse().unwrap());
    order
}

#[tokio::test(start_paused = true)]
async fn an_image_is_deployed_with_the_originals_row_and_no_tag() {
    let world = world();
    let order = image(&world, "registry/shop:7", Mode::Fresh);
    let success = world.run(&order).await.expect("it succeeds");
    assert_eq!(success.artifact.to_string(), "registry/shop:7");
    assert_eq!(world.images(Color::Blue), ["registry/shop:7"]);
    assert_eq!(world.commands.started()[0], "migrate registry/shop:7");
    let calls: Vec<Call> = world.cloud.model().changes.iter().map(|(_, call)| *call).collect();
    assert_eq!(calls, [Call::Register, Call::Create, Call::SetPriorities, Call::MakePrimary]);
    let data = world.row().unwrap().data.unwrap();
    let artifact = r#"{"Artifact":{"BuildNumber":0,"Value":"registry/shop:7","Tags":null},"#;
    assert!(data.starts_with(artifact), "{data}");
    assert!(world.row().unwrap().state().done);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_serves_is_told_by_its_task_set() {
    let world = world();
    world.run(&image(&world, "registry/shop:7", Mode::Fresh)).await.expect("it succeeds");
    let status = world.told().await;
    let serving = status.environments[0].traffic.serving.as_ref().expect("it serves");
    assert_eq!(
        serving.artifact.as_ref().map(ToString::to_string).as_deref(),
        Some("registry/shop:7")
    );
    assert_eq!(serving.config_sha.as_deref(), Some("1a2b3c4d"));
}

#[tokio::test(start_paused = true)]
async fn an_image_that_is_too_long_for_a_tag_is_deployed_all_the_same() {
    let world = world();
    let long = format!("registry/shop:{}", "7".repeat(300));
    world.run(&image(&world, &long, Mode::Fresh)).await.expect("it succeeds");
    assert_eq!(world.images(Color::Blue), [long]);
    let status = world.told().await;
    let serving = status.environments[0].traffic.serving.as_ref().expect("it serves");
    assert_eq!(serving.artifact, None);
}

#[tokio::test(start_paused = true)]
async fn an_image_is_gone_on_with_and_another_is_not() {
    let world = world();
    let order = image(&world, "shop:7", Mode::Fresh);
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let stopped = world.run_at(&order, Step::Rollout, move || stop.cancel(), &cancel).await;
    assert_eq!(stopped.expect_err("it was stopped").kind, FailureKind::Interrupted);
    let other = world.run(&image(&world, "shop:8", Mode::Resume)).await.expect_err("not that one");
    assert!(matches!(other.error, DeployError::Resume(_)), "{}", other.error);
    world.run(&image(&world, "shop:7", Mode::Resume)).await.expect("it goes on");
    assert_eq!(world.images(Color::Blue), ["shop:7"]);
}

#[tokio::test(start_paused = true)]
async fn a_sha_and_an_image_are_refused_where_they_can_not_be_looked_for() {
    let (without, with) = (world(), World::serving());
    let sha = without.deploy("one").await.expect_err("there are no builds");
    let image = with.run(&image(&with, "shop:7", Mode::Fresh)).await.expect_err("it has builds");
    assert_eq!((sha.kind, image.kind), (FailureKind::Refused, FailureKind::Refused));
    assert!(matches!(sha.error, DeployError::Prepare(PrepareError::NoProject { .. })));
    assert!(matches!(image.error, DeployError::Prepare(PrepareError::HasProject { .. })));
    for world in [without, with] {
        assert_eq!((world.row(), world.cloud.model().changes.len()), (None, 0));
    }
}
