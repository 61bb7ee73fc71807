//! Going on with a deploy of the Go program, whose row has no journal of ours.

use std::time::Duration;

use ecs_deploy::Mode;
use ecs_deploy::cloud::TaskSetStatus;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use tokio_util::sync::CancellationToken;

use crate::support::faults::Call;
use crate::support::row::{go_status, held_by_nobody};
use crate::support::world::{KEY, World};

/// The set that a Go program created before it died, on blue.
fn with_a_set_of_the_go_program(step: u8) -> World {
    let world = World::serving();
    let number = world.add_set("shop:one", Color::Blue, TaskSetStatus::Active);
    let data = go_status(step, "blue", &format!("ecs-svc/{number}")).to_string();
    world.locks.put_row(KEY, held_by_nobody(&data));
    world
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_go_program_before_the_swap_is_begun_again() {
    let world = World::serving();
    world.locks.put_row(KEY, held_by_nobody(&go_status(5, "blue", "").to_string()));
    world.resume("one").await.expect("it succeeds");
    world.assert_serves("one", Color::Blue);
    assert_eq!(world.events.steps(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_go_program_at_the_swap_that_did_not_take_place_is_begun_again() {
    let world = with_a_set_of_the_go_program(9);
    world.resume("one").await.expect("it succeeds");
    world.assert_serves("one", Color::Blue);
    let model = world.cloud.model();
    assert_eq!((model.count(Call::Create), model.count(Call::Delete)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_go_program_that_swapped_goes_on_at_primary_and_runs_all_commands() {
    for step in [9, 10, 12] {
        let world = with_a_set_of_the_go_program(step);
        world.cloud.model().balancer.swap();
        world.resume("one").await.expect("it succeeds");
        world.assert_serves("one", Color::Blue);
        assert_eq!(world.events.steps(), [1, 10, 11, 12, 13]);
        assert_eq!(world.commands.started(), ["tell shop-dev:900", "sweep"]);
        let calls = world.cloud.model().changes.iter().map(|(_, call)| *call).collect::<Vec<_>>();
        assert_eq!(calls, [Call::MakePrimary, Call::SetTag]);
    }
}

/// A Go program would mark the new set PRIMARY from such a row, and never look at the rules.
#[tokio::test(start_paused = true)]
async fn a_row_past_the_swap_whose_rules_were_put_back_is_begun_again() {
    for step in [10, 12] {
        let world = with_a_set_of_the_go_program(step);
        let cloud = world.cloud.clone();
        let order = world.order("one", Mode::Resume);
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let at_once = move || stopped.cancel();
        world.run_at(&order, Step::Register, at_once, &stop).await.expect_err("it is stopped");
        assert_eq!(world.row().expect("a row").state().step, Step::Register, "{step}");
        assert_eq!(cloud.model().count(Call::MakePrimary), 0, "{step}");
        world.resume("one").await.expect("it succeeds");
        world.assert_serves("one", Color::Blue);
        assert_eq!(world.images(Color::Green), ["shop:zero"], "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_go_program_swapped_settles_before_the_next_deploy_prunes() {
    let world = with_a_set_of_the_go_program(9);
    world.cloud.model().balancer.swap();
    world.resume("one").await.expect("it succeeds");
    let success = world.deploy("two").await.expect("it succeeds");
    assert!(success.took > world.target.settle_time, "{:?}", success.took);
}

#[tokio::test(start_paused = true)]
async fn a_full_service_is_waited_for_even_if_the_row_names_a_task_set() {
    let world = World::serving();
    let data = go_status(7, "blue", "ecs-svc/99").to_string();
    world.locks.put_row(KEY, held_by_nobody(&data));
    for image in ["shop:a", "shop:b", "shop:c", "shop:d"] {
        world.add_set(image, Color::Blue, TaskSetStatus::Draining);
    }
    let now = world.cloud.now();
    for set in &mut world.cloud.model().service.sets[1..] {
        (set.scaled_down, set.deleted) = (Some(now), Some(now + Duration::from_secs(90)));
    }
    world.resume("one").await.expect("it succeeds");
    world.assert_serves("one", Color::Blue);
}
