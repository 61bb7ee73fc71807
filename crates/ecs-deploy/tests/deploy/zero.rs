//! A desired count of 0.

use std::time::Duration;

use ecs_deploy::error::{DeployError, FailureKind};
use ecs_deploy::plan::{Allowances, Refusal};
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Mode, Order, Success};
use tokio::time::sleep;

use crate::support::faults::Call;
use crate::support::world::World;

/// A service of which no task runs.
fn asleep() -> World {
    let world = World::serving();
    world.cloud.model().service.desired = 0;
    world
}

async fn deploy_allowed(world: &World) -> Result<Success, Failure> {
    let mut order = world.order("one", Mode::Fresh);
    order.request.allow.zero_tasks = true;
    world.run(&order).await
}

#[tokio::test(start_paused = true)]
async fn a_desired_count_of_0_is_refused_before_the_commands() {
    let world = asleep();
    let failure = world.deploy("one").await.expect_err("nothing would be tested");
    assert_eq!(failure.kind, FailureKind::Refused);
    let DeployError::Refused(Refusal::NothingDesired { running: 0 }) = failure.error else {
        panic!("{}", failure.error);
    };
    assert_eq!(world.commands.started(), [""; 0]);
    assert_eq!(world.cloud.model().changes, []);
}

#[tokio::test(start_paused = true)]
async fn allowed_it_is_no_success_on_record() {
    let world = asleep();
    let success = deploy_allowed(&world).await.expect("it is allowed");
    assert_eq!(success.notes, ["no task ran, so nothing was tested"]);
    assert_eq!(world.tag("one"), None);
    let warnings = world.events.warnings();
    assert!(warnings.iter().any(|it| it.contains("nothing was tested")), "{warnings:?}");
}

#[tokio::test(start_paused = true)]
async fn an_allowed_deploy_that_is_resumed_without_the_flag_gets_no_tag_either() {
    let world = asleep();
    let stop = tokio_util::sync::CancellationToken::new();
    let mut order = world.order("one", Mode::Fresh);
    order.request.allow = Allowances { zero_tasks: true, rules: None };
    let (order, cancel): (Order, _) = (order, stop.clone());
    let ended = world.run_at(&order, Step::PostDeploy, move || cancel.cancel(), &stop).await;
    assert_eq!(ended.expect_err("it was stopped").kind, FailureKind::Interrupted);
    world.resume("one").await.expect("all but the end was done");
    assert_eq!(world.tag("one"), None);
}

#[tokio::test(start_paused = true)]
async fn a_count_that_falls_to_0_in_the_rollout_ends_it_without_a_tag() {
    let world = World::serving();
    let behaviour = crate::support::ecs::Behaviour::NeverHealthy;
    world.cloud.model().behaviours.insert("shop:one".into(), behaviour);
    let (ended, ()) = tokio::join!(world.deploy("one"), async {
        while world.cloud.model().count(Call::Create) == 0 {
            sleep(Duration::from_millis(100)).await;
        }
        sleep(Duration::from_secs(2)).await;
        world.cloud.model().service.desired = 0;
    });
    let failure = ended.expect_err("nothing would be tested");
    assert_eq!((failure.kind, failure.step), (FailureKind::BeforeSwap, Some(Step::Rollout)));
    assert!(failure.error.to_string().contains("desired count is 0"), "{}", failure.error);
    assert_eq!(world.tag("one"), None);
    assert_eq!(world.cloud.model().count(Call::SetPriorities), 0);
}

#[tokio::test(start_paused = true)]
async fn a_count_that_falls_to_0_right_after_the_swap_gets_no_tag() {
    let world = World::serving();
    let cloud = world.cloud.clone();
    let fall = move || cloud.model().service.desired = 0;
    let ended = world.deploy_with("one", Step::Watch, fall).await;
    let failure = ended.expect_err("no task serves");
    assert_eq!((failure.kind, failure.step), (FailureKind::AfterSwap, Some(Step::Watch)));
    assert_eq!(world.tag("one"), None);
}
