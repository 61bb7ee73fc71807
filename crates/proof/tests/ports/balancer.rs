use std::collections::BTreeMap;
use std::time::Duration;

use ecs_deploy::cloud::{Action, ErrorClass, HealthState, Priority, Rule, RuleArn};
use ecs_deploy::names::Color;

use super::Bench;

async fn rule_of(bench: &Bench, color: Color) -> Rule {
    let rules = bench.cloud.load_balancer.rules(&bench.shop.listener()).await.unwrap();
    let group = bench.shop.group(color);
    let forwards = |rule: &Rule| {
        matches!(rule.actions.last(), Some(Action::Forward(groups))
            if groups.len() == 1 && groups[0].group == group && groups[0].weight == 1)
    };
    rules.into_iter().find(forwards).unwrap()
}

#[tokio::test(start_paused = true)]
async fn rules_are_read_with_the_default_one() {
    let bench = Bench::new().await;
    assert_eq!(rule_of(&bench, Color::Green).await.priority, Priority::Number(11));
    assert_eq!(rule_of(&bench, Color::Blue).await.priority, Priority::Number(12));
    let rules = bench.cloud.load_balancer.rules(&bench.shop.listener()).await.unwrap();
    let default = rules.iter().find(|rule| rule.priority == Priority::Default).unwrap();
    assert_eq!(default.actions, [Action::Other("fixed-response".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn two_priorities_are_exchanged_in_one_call() {
    let bench = Bench::new().await;
    let green = rule_of(&bench, Color::Green).await.arn;
    let blue = rule_of(&bench, Color::Blue).await.arn;
    let exchanged = BTreeMap::from([(green, 12), (blue, 11)]);
    bench.cloud.load_balancer.set_priorities(&bench.permit(), &exchanged).await.unwrap();
    assert_eq!(rule_of(&bench, Color::Green).await.priority, Priority::Number(12));
    assert_eq!(rule_of(&bench, Color::Blue).await.priority, Priority::Number(11));
}

#[tokio::test(start_paused = true)]
async fn priorities_are_set_all_or_none() {
    let bench = Bench::new().await;
    let green = rule_of(&bench, Color::Green).await.arn;
    let set = async |priorities: &[(&RuleArn, u32)]| {
        let priorities = priorities.iter().map(|(rule, number)| ((*rule).clone(), *number));
        let balancer = &bench.cloud.load_balancer;
        balancer.set_priorities(&bench.permit(), &priorities.collect()).await.unwrap_err()
    };
    let taken = set(&[(&green, 12)]).await;
    assert_eq!((taken.class, taken.code.as_deref()), (ErrorClass::Conflict, Some("PriorityInUse")));
    let gone = RuleArn(format!("{}0", green.0));
    assert_eq!(set(&[(&green, 20), (&gone, 21)]).await.class, ErrorClass::NotFound);
    let beyond = set(&[(&green, u32::MAX)]).await;
    assert_eq!(beyond.class, ErrorClass::Unknown);
    assert_eq!(rule_of(&bench, Color::Green).await.priority, Priority::Number(11));
}

#[tokio::test(start_paused = true)]
async fn a_missing_listener_and_a_missing_group_are_not_found() {
    let bench = Bench::new().await;
    let balancer = &bench.cloud.load_balancer;
    let listener = bench.shop.listener().to_string().replace("/shop/", "/shoe/");
    let error = balancer.rules(&listener.parse().unwrap()).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::NotFound);
    let group = bench.shop.group(Color::Blue).to_string().replace("/blue/", "/red/");
    let error = balancer.health(&group.parse().unwrap()).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::NotFound);
    assert!(error.request_id.is_some());
}

#[tokio::test(start_paused = true)]
async fn members_of_a_group_become_healthy_and_can_be_told_by_address() {
    let mut bench = Bench::new().await;
    let group = bench.shop.group(Color::Green);
    assert!(bench.cloud.load_balancer.health(&group).await.unwrap().is_empty());
    bench.shop.serve(&bench.world, "shop:1");
    bench.pass(30).await;
    let targets = bench.cloud.load_balancer.health(&group).await.unwrap();
    let tasks = bench.cloud.ecs.tasks(&bench.shop.service()).await.unwrap();
    assert_eq!((targets.len(), tasks.len()), (2, 2));
    for target in targets {
        assert_eq!((target.state, target.port), (HealthState::Healthy, Some(8080)));
        let address = target.address.unwrap();
        assert!(tasks.iter().any(|task| task.addresses == [address]), "{address}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_deregistration_delay_is_the_groups_own() {
    let bench = Bench::new().await;
    let group = bench.shop.group(Color::Green);
    let delay = bench.cloud.load_balancer.deregistration_delay(&group).await.unwrap();
    assert_eq!(delay, Duration::from_secs(10));
}
