//! Rules and listeners that others change while a deploy or a rollback runs.

use ecs_deploy::cloud::TaskSetStatus;
use ecs_deploy::error::DeployError;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::traffic::{Condition, Conditions};

use crate::support::ecs::{Behaviour, Set};
use crate::support::load_balancer::forwards;
use crate::support::row::{go_status, held_by_nobody};
use crate::support::world::{KEY, World};

#[tokio::test(start_paused = true)]
async fn a_rule_that_takes_the_traffic_back_before_the_end_is_no_success() {
    for number in [1, 30] {
        let world = World::serving();
        let old = world.target.target_groups[Color::Green].clone();
        let path = [Condition::path(["/api/*"])].into_iter().collect::<Conditions>();
        let conditions = if number == 1 { Conditions::default() } else { path };
        let cloud = world.cloud.clone();
        let add = move || {
            let rule = forwards(number, conditions.clone(), old.clone());
            cloud.model().balancer.added.push(rule);
        };
        let ended = world.deploy_with("one", Step::PostDeploy, add).await;
        if number == 30 {
            ended.expect("no request reaches a rule behind those that take everything");
            continue;
        }
        let failure = ended.expect_err("users are on the old version");
        assert!(matches!(failure.error, DeployError::Undone { .. }), "{}", failure.error);
        assert_eq!(world.tag("one"), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_moves_the_rules_of_the_listeners_that_are_there() {
    let world = World::serving();
    world.tag_set(1, "6");
    world.deploy("one").await.expect("it succeeds");
    let gone = format!("{}-gone", world.target.listener).parse().unwrap();
    let mut order = world.way_back();
    order.target.further_listeners.push(gone);
    world.cloud.model().balancer.gone.clone_from(&order.target.further_listeners);
    let ended = world.roll_back_as(&order, &tokio_util::sync::CancellationToken::new()).await;
    ended.expect("the pair of the main listener can be moved");
    assert_eq!(world.serving_color(), Color::Green);
    let warnings = world.events.warnings();
    assert!(warnings.iter().any(|it| it.contains("does not exist")), "{warnings:?}");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_of_a_deploy_that_recorded_no_color_restores_that_of_primary() {
    let world = World::serving();
    world.tag_set(1, "6");
    world.add_set("shop:one", Color::Blue, TaskSetStatus::Active);
    // An earlier deploy died when it had moved one pair of two.
    let path = [Condition::path(["/api/*"])].into_iter().collect::<Conditions>();
    let groups = world.target.target_groups.clone();
    let blue = forwards(1, path.clone(), groups[Color::Blue].clone());
    let green = forwards(2, path, groups[Color::Green].clone());
    world.cloud.model().balancer.added = vec![blue, green];
    let mut status = go_status(2, "", "");
    status["Artifact"]["BuildNumber"] = 1.into();
    world.locks.put_row(KEY, held_by_nobody(&status.to_string()));
    world.roll_back().await.expect("PRIMARY was live before");
    assert_eq!(world.serving_color(), Color::Green);
    assert_eq!(world.primary_image().as_deref(), Some("shop:zero"));
    world.deploy("two").await.expect("all pairs lead to one color again");
}

#[tokio::test(start_paused = true)]
async fn a_resume_finishes_a_shift_of_which_some_pairs_have_moved() {
    let world = World::serving();
    let path = [Condition::path(["/api/*"])].into_iter().collect::<Conditions>();
    let groups = world.target.target_groups.clone();
    let green = forwards(1, path.clone(), groups[Color::Green].clone());
    let blue = forwards(2, path, groups[Color::Blue].clone());
    world.cloud.model().balancer.added = vec![green, blue];
    world.cancel_at("one", Step::Primary).await;
    // As if the deploy had died before it moved the pair that takes the rest.
    world.cloud.model().balancer.swap();
    world.resume("one").await.expect("the shift can be finished");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_set_of_another_group_is_kept_while_its_tasks_may_still_register() {
    let world = World::serving();
    let number = world.add_set("shop:other", Color::Blue, TaskSetStatus::Active);
    let group = world.target.target_groups[Color::Blue].to_string().replace("blue", "other");
    let of_another = |set: &mut Set| {
        (set.group, set.behaviour) = (group.parse().unwrap(), Behaviour::NoImage);
    };
    let is_other = |set: &&mut Set| set.number == number;
    world.cloud.model().service.sets.iter_mut().find(is_other).map(of_another).expect("a set");
    world.deploy("one").await.expect("there is room");
    let sets = world.cloud.model().service.sets.clone();
    let kept = sets.iter().find(|set| set.number == number).expect("it is kept");
    assert_eq!((kept.scaled_down, kept.deleted), (None, None));
    let warnings = world.events.warnings();
    assert!(warnings.iter().any(|it| it.contains("is kept")), "{warnings:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_refuses_a_listener_that_does_not_exist() {
    let world = World::serving();
    let mut order = world.order("one", ecs_deploy::Mode::Fresh);
    let gone = format!("{}-gone", world.target.listener).parse().unwrap();
    order.request.target.further_listeners.push(gone);
    world.cloud.model().balancer.gone.clone_from(&order.request.target.further_listeners);
    let failure = world.run(&order).await.expect_err("it would not be moved");
    assert!(failure.error.to_string().contains("does not exist"), "{}", failure.error);
    assert_eq!(world.cloud.model().changes, []);
}
