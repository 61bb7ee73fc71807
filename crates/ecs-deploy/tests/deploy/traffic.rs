//! Rules and listeners that others change while a deploy or a rollback runs.

use ecs_deploy::error::DeployError;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::traffic::{Condition, Conditions};

use crate::support::load_balancer::forwards;
use crate::support::world::World;

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
