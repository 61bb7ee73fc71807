//! What the row of the lock tells while a deploy goes its way: Go programs read it, too.

use std::time::Duration;

use dynamolock::Item;
use ecs_deploy::{CommandPolicy, Mode};
use serde_json::Value;

use crate::support::commands::Part;
use crate::support::row::{Row, go_status, released};
use crate::support::world::{KEY, World};

/// The steps that were written one after the other, each with the color and the task set that the
/// row names at its beginning.
fn steps(world: &World) -> Vec<(u64, String, String)> {
    let mut steps: Vec<(u64, String, String)> = Vec::new();
    for (_, item) in world.locks.written() {
        let Some(data) = Row::of(&item).data else { continue };
        let status: Value = serde_json::from_str(&data).expect("JSON");
        let text = |member: &str| status[member].as_str().expect("a string").to_owned();
        let step = status["Step"].as_u64().expect("a number");
        if steps.last().is_none_or(|(last, ..)| *last != step) {
            steps.push((step, text("NewActiveColor"), text("NewTaskSetID")));
        }
    }
    steps
}

fn step(number: u64, color: &str, task_set: &str) -> (u64, String, String) {
    (number, color.to_owned(), task_set.to_owned())
}

#[tokio::test(start_paused = true)]
async fn each_step_is_written_before_it_begins_with_what_is_known_by_then() {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    let mut expected: Vec<_> = (1..=3).map(|number| step(number, "", "")).collect();
    expected.extend((4..=6).map(|number| step(number, "blue", "")));
    expected.extend((7..=13).map(|number| step(number, "blue", "ecs-svc/2")));
    assert_eq!(steps(&world), expected);
    assert_eq!(world.events.steps(), (1..=13).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn steps_that_are_left_out_are_not_written() {
    let world = World::serving();
    let mut order = world.order("one", Mode::Fresh);
    order.commands = CommandPolicy::Skip;
    world.run(&order).await.expect("it succeeds");
    let numbers: Vec<u64> = steps(&world).iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]);
}

#[tokio::test(start_paused = true)]
async fn the_first_write_takes_the_deploy_before_off_the_row() {
    let world = World::serving();
    let mut done = go_status(13, "green", "ecs-svc/1");
    done["Done"] = true.into();
    world.locks.put_row(KEY, released(&done.to_string()));
    world.deploy("two").await.expect("it succeeds");
    let written = world.locks.written();
    let (taken, first) = (Row::of(&written[0].1), Row::of(&written[1].1).state());
    assert_eq!(taken.data, Some(done.to_string()), "the lock itself is taken with the data kept");
    assert_eq!((first.step.number(), first.done), (1, false));
    assert_eq!(first.artifact.value, "shop:two");
    assert_eq!(first.journal.expect("ours").by.user, "ann");
}

#[tokio::test(start_paused = true)]
async fn the_lease_is_the_originals_and_is_renewed_each_second() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(60), exit: 0 });
    world.deploy("one").await.expect("it succeeds");
    let written = world.locks.written();
    let (last, held) = written.split_last().expect("it was written");
    assert!(held.iter().all(|(_, item)| !is_released(item) && Row::of(item).lease == "10s"));
    let longest = written.windows(2).map(|two| two[1].0 - two[0].0).max();
    assert!(longest < Some(Duration::from_millis(1100)), "{longest:?}");
    // A write each second, and those of the steps.
    assert!((60..110).contains(&written.len()), "{}", written.len());
    assert!(is_released(&last.1));
}

#[tokio::test(start_paused = true)]
async fn the_end_and_the_release_are_one_write() {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    let written = world.locks.written();
    let done = |item: &Item| Row::of(item).data.is_some() && Row::of(item).state().done;
    let ends: Vec<bool> =
        written.iter().filter(|(_, item)| done(item)).map(|(_, item)| is_released(item)).collect();
    assert_eq!(ends, [true]);
}

fn is_released(item: &Item) -> bool {
    Row::of(item).is_released
}
