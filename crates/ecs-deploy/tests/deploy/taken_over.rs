//! A Go program took a deploy of ours over and died: our journal is gone, and the rest is found again.

use dynamolock::{Attribute, names};
use ecs_deploy::cloud::TaskSetStatus;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use serde_json::Value;

use crate::support::faults::{Call, Fault};
use crate::support::row::held_by_nobody;
use crate::support::world::{KEY, World};

/// What a Go program's heartbeat makes of our row: its members stay, those that it does not know go.
fn written_by_go(world: &World) {
    let row = world.row().expect("a row");
    let mut status: Value = serde_json::from_str(&row.data.expect("data")).unwrap();
    status.as_object_mut().unwrap().remove("Journal").expect("ours was there");
    world.locks.put_row(KEY, held_by_nobody(&status.to_string()));
}

/// A deploy of `two` that has everything to do, stopped at a step and then taken over.
async fn taken_over_at(step: Step) -> World {
    let world = World::serving();
    world.add_set("shop:older", Color::Blue, TaskSetStatus::Active);
    world.cancel_at("two", step).await;
    written_by_go(&world);
    world
}

#[tokio::test(start_paused = true)]
async fn a_deploy_whose_journal_is_gone_is_brought_to_its_end_from_every_step() {
    for number in 3..=13 {
        let step = Step::try_from(number).unwrap();
        let world = taken_over_at(step).await;
        world.resume("two").await.unwrap_or_else(|failure| panic!("{step}: {}", failure.error));
        world.assert_serves("two", Color::Blue);
        assert_eq!(world.images(Color::Green), ["shop:zero"], "{step}");
        let model = world.cloud.model();
        assert_eq!(
            model.count(Call::Create),
            1,
            "{step}: the set that was made is found by its token"
        );
        assert_eq!(model.count(Call::SetPriorities), 1, "{step}");
        let registrations = if step == Step::Create { 2 } else { 1 };
        assert_eq!(model.count(Call::Register), registrations, "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn commands_run_again_as_nothing_tells_that_they_ran() {
    let world = taken_over_at(Step::Rollout).await;
    world.resume("two").await.expect("it succeeds");
    let twice =
        ["migrate shop:two", "warm", "migrate shop:two", "warm", "tell shop-dev:1", "sweep"];
    assert_eq!(world.commands.started(), twice);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_the_go_program_was_about_to_delete_is_not_gone_on_with() {
    let world = taken_over_at(Step::Rollout).await;
    let now = world.cloud.now();
    world.cloud.model().service.sets[2].scaled_down = Some(now);
    world.resume("two").await.expect("another is made");
    world.assert_serves("two", Color::Blue);
    assert_eq!(world.cloud.model().count(Call::Create), 2);
}

#[tokio::test(start_paused = true)]
async fn a_set_of_another_build_or_config_is_not_gone_on_with() {
    for (tag, other) in [("artifact-build-number", "9"), ("config-sha", "ffffffff")] {
        let world = taken_over_at(Step::Rollout).await;
        world.cloud.model().service.sets[2].tags.insert(tag.into(), other.into());
        world.resume("two").await.expect("another is made");
        world.assert_serves("two", Color::Blue);
        assert_eq!(world.cloud.model().count(Call::Create), 2, "{tag}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_that_may_not_read_tags_begins_again() {
    let world = taken_over_at(Step::Rollout).await;
    let denied = Fault::Refuse(ecs_deploy::cloud::ErrorClass::Denied);
    world.cloud.faults.always(Call::TaskSetTags, denied);
    world.resume("two").await.expect("another is made");
    world.assert_serves("two", Color::Blue);
    let warnings = world.events.warnings();
    let told = "ecs:ListTagsForResource is denied: the task set that a Go program left is not gone on with";
    assert!(warnings.iter().any(|warning| warning == told), "{warnings:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_whose_journal_is_gone_is_rolled_back_from_every_step() {
    for number in 4..=13 {
        let step = Step::try_from(number).unwrap();
        let world = taken_over_at(step).await;
        world.tag_set(1, "6");
        let mut row = world.locks.row(KEY).expect("a row");
        row.insert(names::LEASE_DURATION.into(), Attribute::S("1ms".into()));
        world.locks.put_row(KEY, row);
        // What the prune has not deleted yet stands on blue, and is none of the version before.
        world.roll_back().await.unwrap_or_else(|failure| panic!("{step}: {}", failure.error));
        assert_eq!(world.serving_color(), Color::Green, "{step}");
        assert_eq!(world.primary_image().as_deref(), Some("shop:zero"), "{step}");
    }
}
