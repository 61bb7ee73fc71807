use std::collections::BTreeMap;
use std::time::Duration;

use ecs_deploy::cloud::{ErrorClass, HealthState};
use ecs_deploy::names::Color;
use ecs_deploy::traffic::{Action, Condition, Forward, Listener, Priority, Rule, RuleArn};

use super::Bench;

async fn rule_of(bench: &Bench, color: Color) -> Rule {
    let rules = bench.cloud.load_balancer.rules(&bench.shop.listener()).await.unwrap();
    let group = bench.shop.group(color);
    let forward = Action::Forward(Forward::to(group));
    rules.into_iter().find(|rule| rule.actions == [forward.clone()]).unwrap()
}

#[tokio::test(start_paused = true)]
async fn rules_are_read_with_the_default_one() {
    let bench = Bench::new().await;
    assert_eq!(rule_of(&bench, Color::Green).await.priority, Priority::Number(11));
    assert_eq!(rule_of(&bench, Color::Blue).await.priority, Priority::Number(12));
    let rules = bench.cloud.load_balancer.rules(&bench.shop.listener()).await.unwrap();
    let default = rules.iter().find(|rule| rule.priority == Priority::Default).unwrap();
    assert!(matches!(&default.actions[..], [Action::Respond(it)] if it.kind == "fixed-response"));
}

#[tokio::test(start_paused = true)]
async fn listeners_are_those_of_the_balancer() {
    let bench = Bench::new().await;
    let listener = bench.shop.listener();
    let only = Listener { arn: listener.clone(), protocol: "HTTP".to_owned(), port: 80 };
    assert_eq!(bench.cloud.load_balancer.listeners(&listener).await.unwrap(), [only]);
    let other = listener.to_string().replace("/shop/", "/shoe/").parse().unwrap();
    let error = bench.cloud.load_balancer.listeners(&other).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::NotFound);
}

/// Asks the shop's balancer for a rule, by a form as AWS's clients send it, and reads it.
async fn created(bench: &Bench, rest: &str) -> Rule {
    let listener = bench.shop.listener();
    let group = bench.shop.group(Color::Green);
    let form = format!(
        "Action=CreateRule&Version=2015-12-01&ListenerArn={listener}&Priority=5\
         &Actions.member.1.Type=forward&Actions.member.1.TargetGroupArn={group}{rest}"
    );
    bench.world.elb(&bench.shop.account, &bench.shop.region, form);
    let rules = bench.cloud.load_balancer.rules(&listener).await.unwrap();
    rules.into_iter().find(|rule| rule.number() == Some(5)).unwrap()
}

#[tokio::test(start_paused = true)]
async fn conditions_and_transforms_of_a_rule_are_read() {
    let bench = Bench::new().await;
    let rule = created(
        &bench,
        "&Conditions.member.1.Field=host-header\
         &Conditions.member.1.HostHeaderConfig.Values.member.1=API.example.com\
         &Conditions.member.2.Field=source-ip\
         &Conditions.member.2.SourceIpConfig.Values.member.1=10.0.0.0/8\
         &Transforms.member.1.Type=url-rewrite\
         &Transforms.member.1.UrlRewriteConfig.Rewrites.member.1.Regex=^/v1\
         &Transforms.member.1.UrlRewriteConfig.Rewrites.member.1.Replace=/v2",
    )
    .await;
    let network = "10.0.0.0/8".parse().unwrap();
    let asked = [Condition::host(["api.example.com"]), Condition::source_ip([network])];
    assert_eq!(rule.conditions, asked.into_iter().collect());
    assert!(rule.transforms[0].contains("^/v1"), "{:?}", rule.transforms);
    assert_eq!(rule.actions, [Action::Forward(Forward::to(bench.shop.group(Color::Green)))]);
}

#[tokio::test(start_paused = true)]
async fn a_condition_of_regular_expressions_is_kept_as_it_is() {
    let bench = Bench::new().await;
    let rule = created(
        &bench,
        "&Conditions.member.1.Field=path-pattern\
         &Conditions.member.1.PathPatternConfig.RegexValues.member.1=^/api/",
    )
    .await;
    assert!(rule.conditions.to_string().starts_with("path-pattern "), "{}", rule.conditions);
    assert!(rule.conditions.to_string().contains("^/api/"), "{}", rule.conditions);
    assert_eq!(rule.conditions.to_api(), None);
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
