use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ecs_deploy_sandbox::model::ProbeOutcome;
use ecs_deploy_sandbox::model::elb::Routed;
use http::header::LOCATION;
use http::{HeaderValue, Method};

use crate::cloud::{World, fixed, forward, head, told, weighted};

const LONG: Duration = Duration::from_secs(2);

/// Both groups with a healthy target each, green before blue.
fn both_colors() -> (World, String, String) {
    let mut world = World::new();
    let (green, blue) = (world.green.clone(), world.blue.clone());
    let first = world.rule(11, "*", &forward(&green));
    let second = world.rule(12, "*", &forward(&blue));
    world.healthy(&green, "10.0.0.1");
    world.healthy(&blue, "10.0.0.2");
    world.pass(LONG);
    (world, first, second)
}

#[test]
fn a_swap_reaches_the_nodes_late_and_one_by_one_and_the_api_at_once() {
    let (mut world, green, blue) = both_colors();
    let form = format!(
        "RulePriorities.member.1.RuleArn={green}&RulePriorities.member.1.Priority=12\
         &RulePriorities.member.2.RuleArn={blue}&RulePriorities.member.2.Priority=11"
    );
    world.ok("SetRulePriorities", &form);
    let listener = format!("ListenerArn={}", world.listener);
    assert_eq!(world.ok("DescribeRules", &listener)["Rules"][0]["RuleArn"], blue);
    let mut seen = Vec::new();
    for wait in [0, 199, 1, 299, 1, 299, 1] {
        world.pass(Duration::from_millis(wait));
        seen.push([0, 1, 2].map(|node| told(world.get(node, "/"))));
    }
    let (old, new) = ("10.0.0.1", "10.0.0.2");
    let expected = [
        [old, old, old],
        [old, old, old],
        [new, old, old],
        [new, old, old],
        [new, new, old],
        [new, new, old],
        [new, new, new],
    ];
    assert_eq!(seen, expected);
}

#[test]
fn a_new_rule_is_not_followed_before_it_is_in_effect() {
    let mut world = World::new();
    world.pass(LONG);
    world.rule(1, "*", &fixed(200));
    world.pass(Duration::from_millis(799));
    assert_eq!(told(world.get(2, "/")), "404");
    world.pass(Duration::from_millis(1));
    assert_eq!(told(world.get(2, "/")), "200");
}

#[test]
fn healthy_targets_take_turns_and_draining_ones_get_nothing_new() {
    let mut world = World::new();
    let green = world.green.clone();
    world.rule(11, "*", &forward(&green));
    for ip in ["10.0.0.1", "10.0.0.2", "10.0.0.3"] {
        world.healthy(&green, ip);
    }
    world.pass(LONG);
    let turns: Vec<String> = (0..4).map(|_| told(world.get(0, "/"))).collect();
    assert_eq!(turns, ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1"]);
    let one = format!("TargetGroupArn={green}&Targets.member.1.Id=10.0.0.2");
    world.ok("DeregisterTargets", &one);
    assert!((0..9).all(|_| told(world.get(0, "/")) != "10.0.0.2"));
}

#[test]
fn an_empty_group_answers_503_and_does_not_fail_over() {
    let (mut world, ..) = both_colors();
    let one = format!("TargetGroupArn={}&Targets.member.1.Id=10.0.0.1", world.green);
    world.ok("DeregisterTargets", &one);
    assert_eq!(told(world.get(0, "/")), "503");
}

#[test]
fn a_group_of_unhealthy_targets_fails_open() {
    let (mut world, ..) = both_colors();
    let green = world.green.clone();
    world.healthy(&green, "10.0.0.3");
    for _ in 0..2 {
        world.pass(Duration::from_secs(30));
        world.answer_probes(ProbeOutcome::Timeout);
    }
    assert!(world.states(&green).iter().all(|(state, _)| state == "unhealthy"));
    let asked: BTreeSet<String> = (0..4).map(|_| told(world.get(0, "/"))).collect();
    assert_eq!(asked, BTreeSet::from(["10.0.0.1".to_owned(), "10.0.0.3".to_owned()]));
}

#[test]
fn weights_share_requests_out_even_in_a_short_run() {
    let (mut world, rule, _) = both_colors();
    let form = weighted(&[(&world.green, 9), (&world.blue, 1)]);
    world.ok("ModifyRule", &format!("RuleArn={rule}&{form}"));
    world.pass(LONG);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..100 {
        *counts.entry(told(world.get(0, "/"))).or_default() += 1;
    }
    assert!((9..=11).contains(&counts["10.0.0.2"]), "{counts:?}");
    let form = weighted(&[(&world.green, 0), (&world.blue, 999)]);
    world.ok("ModifyRule", &format!("RuleArn={rule}&{form}"));
    world.pass(LONG);
    assert!((0..50).all(|_| told(world.get(1, "/")) == "10.0.0.2"));
}

#[test]
fn conditions_look_at_path_host_header_query_method_and_source() {
    let mut world = World::new();
    let conditions = [
        (201, "path-pattern", vec!["Values.member.1=/img/?*"]),
        (202, "host-header", vec!["Values.member.1=*.EXAMPLE.com"]),
        (
            203,
            "http-header",
            vec!["HttpHeaderConfig.HttpHeaderName=X-Test", "HttpHeaderConfig.Values.member.1=Ab*"],
        ),
        (
            204,
            "query-string",
            vec![
                "QueryStringConfig.Values.member.1.Key=v",
                "QueryStringConfig.Values.member.1.Value=1",
            ],
        ),
        (205, "http-request-method", vec!["Values.member.1=PUT"]),
        (206, "source-ip", vec!["SourceIpConfig.Values.member.1=198.51.100.0/24"]),
    ];
    for (status, field, parts) in conditions {
        let parts: String =
            parts.iter().map(|part| format!("&Conditions.member.1.{part}")).collect();
        let form = format!(
            "ListenerArn={}&Priority={status}&Conditions.member.1.Field={field}{parts}&{}",
            world.listener,
            fixed(status)
        );
        world.ok("CreateRule", &form);
    }
    world.pass(LONG);
    let plain = || {
        let mut head = head("/");
        head.host = "other.test".to_owned();
        head
    };
    assert_eq!(told(world.route(0, &plain())), "404");
    assert_eq!(told(world.get(0, "/img/a")), "201");
    assert_eq!(told(world.get(0, "/IMG/a")), "202");
    let mut by_header = plain();
    by_header.headers.insert("x-test", HeaderValue::from_static("aBc"));
    assert_eq!(told(world.route(0, &by_header)), "203");
    let mut by_query = plain();
    by_query.query = Some("a=2&V=1".to_owned());
    assert_eq!(told(world.route(0, &by_query)), "204");
    let mut by_method = plain();
    by_method.method = Method::PUT;
    assert_eq!(told(world.route(0, &by_method)), "205");
    let mut by_source = plain();
    by_source.source = [198, 51, 100, 7].into();
    assert_eq!(told(world.route(0, &by_source)), "206");
}

#[test]
fn a_redirect_fills_in_what_the_request_had() {
    let mut world = World::new();
    let action = "Actions.member.1.Type=redirect&Actions.member.1.RedirectConfig.Protocol=HTTPS\
                  &Actions.member.1.RedirectConfig.Port=443\
                  &Actions.member.1.RedirectConfig.Path=/new/%23{path}\
                  &Actions.member.1.RedirectConfig.StatusCode=HTTP_301";
    world.rule(5, "*", action);
    world.pass(LONG);
    let mut head = head("/old/page");
    head.query = Some("a=1".to_owned());
    let Routed::Respond { status, headers, .. } = world.route(0, &head) else {
        panic!("a redirect has no target");
    };
    assert_eq!(status, 301);
    assert_eq!(headers[LOCATION], "https://shop.example.com:443/new/old/page?a=1");
}

#[test]
fn a_request_never_gets_past_an_authenticating_action() {
    let mut world = World::new();
    let green = world.green.clone();
    let form = format!("ListenerArn={}&Protocol=HTTPS", world.listener);
    world.ok("ModifyListener", &form);
    let action = format!(
        "Actions.member.1.Type=authenticate-cognito\
         &Actions.member.1.AuthenticateCognitoConfig.UserPoolArn=a\
         &Actions.member.2.Type=forward&Actions.member.2.TargetGroupArn={green}"
    );
    world.rule(5, "*", &action);
    world.healthy(&green, "10.0.0.1");
    world.pass(LONG);
    assert_eq!(told(world.get(0, "/")), "500");
}
