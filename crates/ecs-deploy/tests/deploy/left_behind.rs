//! Commands that outlive the deploy that started them: none is run beside itself.

use std::collections::BTreeSet;
use std::time::Duration;

use ecs_deploy::Mode;
use ecs_deploy::effect::CommandFailure;
use ecs_deploy::error::{DeployError, FailureKind, LockLeft};
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use tokio::time::{Instant, timeout};

use crate::support::commands::Part;
use crate::support::world::World;

const MINUTE: Duration = Duration::from_secs(60);

/// A deploy whose process is killed half a minute into a command, which lives on for so long.
async fn killed_in(program: &str, lives: Duration) -> World {
    let world = World::serving();
    world.commands.play(program, Part { takes: MINUTE, exit: 0 });
    timeout(MINUTE, world.deploy("one")).await.expect_err("it is killed");
    world.commands.play(program, Part { takes: Duration::ZERO, exit: 0 });
    world.commands.leave_behind(lives);
    world
}

fn is_told(world: &World, words: &str) -> bool {
    world.events.notes().iter().any(|note| note.contains(words))
}

#[tokio::test(start_paused = true)]
async fn a_resume_waits_for_the_command_that_still_runs_and_runs_it_then() {
    for (program, phase) in [("warm", "pre-deploy command 2"), ("sweep", "post-deploy command 2")] {
        let world = killed_in(program, 2 * MINUTE).await;
        let begun = world.cloud.now();
        world.resume("one").await.expect("it ends within CommandTimeout");
        world.assert_serves("one", Color::Blue);
        assert!(world.cloud.now() - begun >= 2 * MINUTE, "{program}");
        let waiting =
            format!("waiting for {phase} of the deploy before, which still runs since 2027-");
        assert!(is_told(&world, &waiting), "{:?}", world.events.notes());
        let again = world.commands.started().iter().filter(|words| *words == program).count();
        assert_eq!(again, 2, "{program}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_that_outlives_its_limit_is_told_and_never_run_beside_itself() {
    let world = killed_in("warm", 60 * MINUTE).await;
    let row = world.row().expect("a row");
    for _ in 0..2 {
        let failure = world.resume("one").await.expect_err("it still runs");
        assert_eq!((failure.kind, failure.lock), (FailureKind::BeforeSwap, LockLeft::PutBack));
        assert_eq!(failure.step, Some(Step::PreDeploy));
        let still_runs = matches!(
            failure.error,
            DeployError::Command(CommandFailure::StillRuns { phase: "pre-deploy", group: 2, .. })
        );
        assert!(still_runs, "{}", failure.error);
        for words in ["process group 2", "kill -- -2", "since", "at 2027-01-15T08:00"] {
            assert!(
                words == "since" || failure.error.to_string().contains(words),
                "{}",
                failure.error
            );
        }
        assert_eq!(world.row().expect("a row").data, row.data, "who tries again has to know");
    }
    assert_eq!(world.commands.started(), ["migrate shop:one", "warm"]);
    world.commands.leave_behind(Duration::ZERO);
    world.resume("one").await.expect("it was ended by hand");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_start_over_waits_for_it_too() {
    let world = killed_in("warm", MINUTE).await;
    world.start_over("two").await.expect("it ends within CommandTimeout");
    world.assert_serves("two", Color::Blue);
    assert!(is_told(&world, "waiting for pre-deploy command 2"), "{:?}", world.events.notes());
}

#[tokio::test(start_paused = true)]
async fn a_rollback_waits_for_a_post_deploy_command_of_the_deploy_that_it_takes_back() {
    let world = World::serving();
    world.tag_set(1, "6");
    world.commands.play("sweep", Part { takes: MINUTE, exit: 0 });
    timeout(MINUTE, world.deploy("one")).await.expect_err("it is killed");
    world.commands.play("sweep", Part { takes: Duration::ZERO, exit: 0 });
    world.commands.leave_behind(MINUTE);
    world.roll_back().await.expect("the old set runs");
    assert_eq!(world.serving_color(), Color::Green);
    assert!(is_told(&world, "waiting for post-deploy command 2"), "{:?}", world.events.notes());
}

#[tokio::test(start_paused = true)]
async fn without_the_commands_nothing_is_waited_for() {
    let world = killed_in("warm", 60 * MINUTE).await;
    let mut order = world.order("one", Mode::Resume);
    order.commands = ecs_deploy::CommandPolicy::Skip;
    let begun = world.cloud.now();
    world.run(&order).await.expect("it succeeds");
    assert!(world.cloud.now() - begun < MINUTE);
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn on_another_host_it_is_only_told_that_it_may_still_run() {
    let world = killed_in("warm", 60 * MINUTE).await;
    let elsewhere = world.on_host("runner-7");
    elsewhere.resume("one").await.expect("it can't be seen from here");
    elsewhere.assert_serves("one", Color::Blue);
    let warnings = elsewhere.events.warnings();
    let [told] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(
        told.starts_with("pre-deploy command 2 of the deploy before was started on desk at 2027-")
    );
    assert!(told.contains("it may still run there, as process group 2"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_failed_in_order_is_known_to_have_ended() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::ZERO, exit: 7 });
    world.deploy("one").await.expect_err("it fails");
    let journal = world.row().expect("a row").state().journal.expect("a journal");
    assert_eq!(journal.running, None);
    world.commands.play("warm", Part { takes: Duration::ZERO, exit: 0 });
    let elsewhere = world.on_host("runner-7");
    elsewhere.resume("one").await.expect("it is mended");
    assert_eq!(elsewhere.events.warnings(), [""; 0]);
}

/// As long as the write of a command's start takes.
const AS_LONG: Duration = Duration::from_millis(20);

#[tokio::test(start_paused = true)]
async fn a_command_that_ends_as_its_start_is_put_on_record_takes_the_same_course_each_time() {
    let mut courses = BTreeSet::new();
    for _ in 0..10 {
        let world = World::serving();
        world.commands.play("warm", Part { takes: AS_LONG, exit: 0 });
        let begun = Instant::now();
        world.deploy("one").await.expect("it succeeds");
        courses.insert((begun.elapsed(), world.locks.written().len()));
    }
    assert_eq!(courses.len(), 1, "{courses:?}");
}
