//! A rule that lets test requests alone reach another group.

use std::time::Duration;

use ecs_deploy_sandbox::model::elb::{RequestHead, Routed};
use http::HeaderValue;

use crate::cloud::{World, forward, head, told};

const LONG: Duration = Duration::from_secs(2);

const NONCE: &str = "Actions.member.1.Type=fixed-response\
                     &Actions.member.1.FixedResponseConfig.StatusCode=200\
                     &Actions.member.1.FixedResponseConfig.MessageBody=nonce";

/// Both groups with a target each; all requests go to green, whose address ends in 1.
fn world() -> World {
    let mut world = World::new();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    world.rule(11, "*", &forward(&green));
    world.rule(12, "*", &forward(&blue));
    world.healthy(&green, "10.0.0.1");
    world.healthy(&blue, "10.0.0.2");
    world.pass(LONG);
    world
}

fn test_rule(world: &World, action: &str) -> String {
    format!(
        "ListenerArn={}&Priority=1&Conditions.member.1.Field=http-header\
         &Conditions.member.1.HttpHeaderConfig.HttpHeaderName=X-Test\
         &Conditions.member.1.HttpHeaderConfig.Values.member.1=0af3&{action}",
        world.listener
    )
}

fn test_request() -> RequestHead {
    let mut head = head("/");
    head.headers.insert("x-test", HeaderValue::from_static("0af3"));
    head
}

fn answer(world: &mut World, node: usize) -> String {
    match world.route(node, &test_request()) {
        Routed::Respond { body, .. } => String::from_utf8(body.to_vec()).unwrap(),
        routed => told(routed),
    }
}

#[test]
fn only_requests_with_the_header_follow_a_rule_that_asks_for_it() {
    let mut world = world();
    let form = test_rule(&world, &forward(&world.blue.clone()));
    world.ok("CreateRule", &form);
    world.pass(LONG);
    assert_eq!(told(world.route(0, &test_request())), "10.0.0.2");
    assert_eq!(told(world.get(0, "/")), "10.0.0.1");
    let mut other = test_request();
    other.headers.insert("x-test", HeaderValue::from_static("0af4"));
    assert_eq!(told(world.route(0, &other)), "10.0.0.1");
}

#[test]
fn a_test_request_reaches_the_old_version_until_each_node_follows_the_new_rule() {
    let mut world = world();
    let form = test_rule(&world, &forward(&world.blue.clone()));
    world.ok("CreateRule", &form);
    let mut seen = || [0, 2].map(|node| answer(&mut world, node));
    assert_eq!(seen(), ["10.0.0.1", "10.0.0.1"]);
    world.pass(Duration::from_millis(200));
    let mut seen = || [0, 2].map(|node| answer(&mut world, node));
    assert_eq!(seen(), ["10.0.0.2", "10.0.0.1"]);
    world.pass(Duration::from_millis(600));
    assert_eq!(answer(&mut world, 2), "10.0.0.2");
}

#[test]
fn a_rule_that_answered_itself_everywhere_goes_over_to_its_group_and_nowhere_else() {
    let mut world = world();
    let form = test_rule(&world, NONCE);
    let made = world.ok("CreateRule", &form);
    let rule = made["Rules"][0]["RuleArn"].as_str().unwrap().to_owned();
    world.pass(Duration::from_millis(800));
    assert_eq!([0, 1, 2].map(|node| answer(&mut world, node)), ["nonce"; 3]);
    let blue = world.blue.clone();
    world.ok("ModifyRule", &format!("RuleArn={rule}&{}", forward(&blue)));
    let mut seen = Vec::new();
    for _ in 0..=8 {
        seen.push([0, 1, 2].map(|node| answer(&mut world, node)));
        world.pass(Duration::from_millis(100));
    }
    assert_eq!(seen[0], ["nonce"; 3]);
    assert_eq!(seen[5], ["10.0.0.2", "10.0.0.2", "nonce"]);
    assert_eq!(seen[8], ["10.0.0.2"; 3]);
    assert!(seen.iter().flatten().all(|answer| answer == "nonce" || answer == "10.0.0.2"));
}

#[test]
fn a_rule_above_one_that_authenticates_lets_its_requests_pass_without() {
    let mut world = world();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    world.ok("ModifyListener", &format!("ListenerArn={}&Protocol=HTTPS", world.listener));
    let guarded = format!(
        "Actions.member.1.Type=authenticate-cognito&Actions.member.1.Order=1\
         &Actions.member.1.AuthenticateCognitoConfig.UserPoolArn=a\
         &Actions.member.2.Type=forward&Actions.member.2.Order=2\
         &Actions.member.2.TargetGroupArn={green}"
    );
    world.rule(5, "*", &guarded);
    let form = test_rule(&world, &forward(&blue));
    world.ok("CreateRule", &form);
    world.pass(LONG);
    assert_eq!(told(world.route(0, &test_request())), "10.0.0.2");
    assert_eq!(told(world.get(0, "/")), "500");
}
