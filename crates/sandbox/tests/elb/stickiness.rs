//! Clients that stay with the target group they were first sent to.

use std::time::Duration;

use ecs_deploy_sandbox::model::elb::{RequestHead, Routed};
use http::HeaderValue;
use http::header::COOKIE;

use crate::cloud::{World, head, told, weighted};

const LONG: Duration = Duration::from_secs(2);

/// A rule that forwards to both groups, each with a target; green's address ends in 1.
fn world() -> (World, String) {
    let mut world = World::new();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    let rule = world.rule(11, "*", &sticky(&[(&green, 1), (&blue, 0)]));
    world.healthy(&green, "10.0.0.1");
    world.healthy(&blue, "10.0.0.2");
    world.pass(LONG);
    (world, rule)
}

fn sticky(groups: &[(&str, u16)]) -> String {
    let config = "Actions.member.1.ForwardConfig.TargetGroupStickinessConfig";
    format!("{}&{config}.Enabled=true&{config}.DurationSeconds=60", weighted(groups))
}

fn modify(world: &mut World, rule: &str, action: &str) {
    world.ok("ModifyRule", &format!("RuleArn={rule}&{action}"));
    world.pass(LONG);
}

/// A request of a client that has been told to keep a cookie.
fn with(cookie: &HeaderValue) -> RequestHead {
    let mut head = head("/");
    let pair = cookie.to_str().unwrap().split(';').next().unwrap();
    head.headers.insert(COOKIE, HeaderValue::try_from(format!("a=b; {pair}")).unwrap());
    head
}

/// The cookie that a client without one is given.
fn cookie(world: &mut World) -> Option<HeaderValue> {
    match world.get(0, "/") {
        Routed::Target { cookie, .. } => cookie,
        Routed::Respond { status, .. } => panic!("the balancer answered {status}"),
    }
}

#[test]
fn a_client_stays_with_its_group_at_weight_0_even_when_that_is_empty() {
    let (mut world, rule) = world();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    let cookie = cookie(&mut world).expect("a cookie");
    assert!(cookie.to_str().unwrap().starts_with("AWSALBTG="));
    assert!(cookie.to_str().unwrap().contains("; Max-Age=60"));
    modify(&mut world, &rule, &sticky(&[(&green, 0), (&blue, 1)]));
    assert_eq!(told(world.get(0, "/")), "10.0.0.2");
    assert_eq!(told(world.route(0, &with(&cookie))), "10.0.0.1");
    let one = format!("TargetGroupArn={green}&Targets.member.1.Id=10.0.0.1");
    world.ok("DeregisterTargets", &one);
    assert_eq!(told(world.route(0, &with(&cookie))), "503");
}

#[test]
fn a_cookie_means_nothing_to_a_rule_that_is_not_sticky_or_does_not_have_the_group() {
    let (mut world, rule) = world();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    let first = cookie(&mut world).expect("a cookie");
    modify(&mut world, &rule, &weighted(&[(&green, 0), (&blue, 1)]));
    assert_eq!(told(world.route(0, &with(&first))), "10.0.0.2");
    assert_eq!(cookie(&mut world), None);
    modify(&mut world, &rule, &sticky(&[(&blue, 1)]));
    assert_eq!(told(world.route(0, &with(&first))), "10.0.0.2");
}
