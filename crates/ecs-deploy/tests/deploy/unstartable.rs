//! Commands that are certain not to start are refused before the lock.

use ecs_deploy::config::Config;
use ecs_deploy::error::FailureKind;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::{CommandPolicy, Failure, Mode, plan};
use tokio_util::sync::CancellationToken;

use crate::support::commands::Part;
use crate::support::faults::Call;
use crate::support::row::{go_status, held_by_nobody};
use crate::support::world::{KEY, World};

const FAILS: Part = Part { takes: std::time::Duration::ZERO, exit: 7 };

const CONFIG: &str = include_str!("support/config.json");

/// Why it was refused, where nothing was started or changed and no lock taken.
#[track_caller]
fn refusal(failure: &Failure) -> String {
    assert_eq!((failure.kind, failure.step), (FailureKind::Refused, None), "{}", failure.error);
    assert!(failure.changed.is_empty());
    failure.error.to_string()
}

/// A world whose config has this text in place of another.
fn world_with(from: &str, to: &str) -> World {
    assert!(CONFIG.contains(from), "{from}");
    let config = Config::parse(&CONFIG.replace(from, to), "config.json").unwrap();
    let mut world = World::serving();
    world.target = config.target("shop", "dev").unwrap();
    world
}

#[tokio::test(start_paused = true)]
async fn each_is_named_with_its_phase_its_number_and_its_place() {
    for (program, place, name) in [
        ("migrate", "PreDeployCommandTemplates[0].Program", "pre-deploy command 1 (`migrate`)"),
        ("warm", "PreDeployCommandTemplates[1].Program", "pre-deploy command 2 (`warm`)"),
        ("tell", "PostDeployCommandTemplates[0].Program", "post-deploy command 1 (`tell`)"),
        ("sweep", "PostDeployCommandTemplates[1].Program", "post-deploy command 2 (`sweep`)"),
    ] {
        for mode in [Mode::Fresh, Mode::StartOver] {
            let world = World::serving();
            world.commands.miss(program);
            let failure = world.run(&world.order("one", mode)).await.expect_err(program);
            let words = refusal(&failure);
            assert!(
                words.contains(&format!("Apps.shop.{place}: {name} would not start")),
                "{words}"
            );
            assert_eq!((world.row(), world.commands.started().len()), (None, 0), "{program}");
            assert_eq!(world.cloud.model().changes, [], "{program}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_refuses_it_too_unless_commands_are_left_out() {
    let world = World::serving();
    world.commands.miss("sweep");
    let mut order = world.order("one", Mode::Fresh);
    let (ports, runtime, cancel) = (world.ports(), world.runtime(), CancellationToken::new());
    let look = |commands| plan(&order.request, commands, &ports, &runtime, &*world.events, &cancel);
    assert!(refusal(&look(CommandPolicy::Run).await.unwrap_err()).contains("`sweep`"));
    look(CommandPolicy::Skip).await.expect("a plan");
    order.commands = CommandPolicy::Skip;
    world.run(&order).await.expect("no command runs");
}

#[tokio::test(start_paused = true)]
async fn a_resume_asks_for_the_commands_that_it_is_to_run() {
    let world = World::serving();
    world.commands.play("warm", FAILS);
    world.deploy("one").await.expect_err("a command fails");
    // It is on record as done, and not run again.
    world.commands.miss("migrate");
    world.commands.miss("sweep");
    let row = world.row();
    let failure = world.resume("one").await.expect_err("one of those to come is missing");
    assert!(refusal(&failure).contains("post-deploy command 2 (`sweep`)"));
    assert_eq!(world.row(), row);
    world.commands.install("sweep");
    world.commands.miss("warm");
    let failure = world.resume("one").await.expect_err("the next one is missing");
    assert!(refusal(&failure).contains("pre-deploy command 2 (`warm`)"));
    world.commands.install("warm");
    world.commands.play("warm", Part { exit: 0, ..FAILS });
    world.resume("one").await.expect("all that are to come are there");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_resume_past_the_pre_deploy_commands_asks_for_none_of_them() {
    let world = World::serving();
    world.cancel_at("one", Step::Register).await;
    world.commands.miss("migrate");
    world.commands.miss("warm");
    world.resume("one").await.expect("they are done");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_go_program_before_the_swap_asks_for_all_of_them() {
    let world = World::serving();
    world.locks.put_row(KEY, held_by_nobody(&go_status(5, "blue", "").to_string()));
    world.commands.miss("migrate");
    let failure = world.resume("one").await.expect_err("it begins again at the first");
    assert!(refusal(&failure).contains("pre-deploy command 1 (`migrate`)"));
}

#[tokio::test(start_paused = true)]
async fn a_rollback_asks_for_the_post_deploy_commands_that_it_runs() {
    let world = World::serving();
    world.tag_set(1, "6");
    world.deploy("two").await.expect("it succeeds");
    world.commands.miss("migrate");
    world.commands.miss("tell");
    let (row, swaps) = (world.row(), world.cloud.faults.count(Call::SetPriorities));
    let failure = world.roll_back().await.expect_err("a command is missing");
    assert!(refusal(&failure).contains("post-deploy command 1 (`tell`)"));
    assert_eq!((world.row(), world.cloud.faults.count(Call::SetPriorities)), (row, swaps));
    let mut order = world.way_back();
    order.commands = CommandPolicy::Skip;
    let never = CancellationToken::new();
    world.roll_back_as(&order, &never).await.expect("no command runs");
    assert_eq!(world.serving_color(), Color::Green);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_of_what_was_never_served_runs_no_command_and_asks_for_none() {
    let world = World::serving();
    world.tag_set(1, "6");
    world.cancel_at("two", Step::Swap).await;
    world.commands.miss("tell");
    world.roll_back().await.expect("no command runs");
}

#[tokio::test(start_paused = true)]
async fn a_program_that_a_command_before_may_make_is_warned_of() {
    let world = world_with(r#"{"Program": "warm"}"#, r#"{"Program": "./built/warm"}"#);
    world.commands.miss("./built/warm");
    let failure = world.deploy("one").await.expect_err("nobody made it");
    assert_eq!((failure.kind, failure.step), (FailureKind::BeforeSwap, Some(Step::PreDeploy)));
    let [warning] = &world.events.warnings()[..] else { panic!("one warning") };
    let words = "PreDeployCommandTemplates[1].Program: pre-deploy command 2 (`./built/warm`) would";
    assert!(warning.contains(words), "{warning}");
    assert!(warning.ends_with("unless a command before makes it"), "{warning}");
    // Nothing runs before the first.
    let world = world_with(r#"{"Program": "migrate","#, r#"{"Program": "./migrate","#);
    world.commands.miss("./migrate");
    let failure = world.deploy("one").await.expect_err("it is missing");
    assert!(refusal(&failure).contains("pre-deploy command 1 (`./migrate`)"));
}

#[tokio::test(start_paused = true)]
async fn a_program_that_is_named_after_the_task_definition_is_not_asked_for() {
    let world =
        world_with(r#"{"Program": "sweep"}"#, r#"{"Program": "sweep-{{.TaskDefinition}}"}"#);
    world.commands.miss("sweep-shop-dev:1");
    let failure = world.deploy("one").await.expect_err("it is missing in the end");
    assert_eq!((failure.kind, failure.step), (FailureKind::AfterSwap, Some(Step::PostDeploy)));
}
