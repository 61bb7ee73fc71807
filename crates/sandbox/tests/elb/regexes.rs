//! Conditions with regular expressions.

use std::time::Duration;

use http::HeaderValue;
use serde_json::json;

use crate::cloud::{World, encoded, fixed, head, told};

/// A rule that answers 200 where a condition holds.
fn form(world: &World, priority: u32, condition: &[(&str, &str)]) -> String {
    let members: String = condition
        .iter()
        .map(|(name, value)| format!("&Conditions.member.1.{name}={}", encoded(value)))
        .collect();
    format!("ListenerArn={}&Priority={priority}&{}{members}", world.listener, fixed(200))
}

fn world(condition: &[(&str, &str)]) -> World {
    let mut world = World::new();
    let form = form(&world, 1, condition);
    world.ok("CreateRule", &form);
    world.pass(Duration::from_secs(2));
    world
}

#[test]
fn a_path_is_matched_anywhere_and_in_its_own_case() {
    let condition = [
        ("Field", "path-pattern"),
        ("PathPatternConfig.RegexValues.member.1", "^/v[0-9]+/"),
        ("PathPatternConfig.RegexValues.member.2", "pdf$"),
    ];
    let mut world = world(&condition);
    for (path, status) in [
        ("/v12/shop", "200"),
        ("/a/b.pdf", "200"),
        ("/V12/shop", "404"),
        ("/vx/shop", "404"),
        ("/a.pdf/b", "404"),
    ] {
        assert_eq!(told(world.get(0, path)), status, "{path}");
    }
}

#[test]
fn a_host_is_matched_in_any_case_and_without_its_port() {
    let condition = [
        ("Field", "host-header"),
        ("HostHeaderConfig.RegexValues.member.1", "^(a|b)\\.Example\\.com$"),
    ];
    let mut world = world(&condition);
    let mut told_of = |host: &str| {
        let mut head = head("/");
        head.host = host.to_owned();
        told(world.route(0, &head))
    };
    assert_eq!(told_of("A.example.com:8080"), "200");
    assert_eq!(told_of("c.example.com"), "404");
}

#[test]
fn a_header_is_matched_in_any_case() {
    let condition = [
        ("Field", "http-header"),
        ("HttpHeaderConfig.HttpHeaderName", "X-Test"),
        ("HttpHeaderConfig.RegexValues.member.1", "^blue-[0-9]$"),
    ];
    let mut world = world(&condition);
    let mut told_of = |value: &'static str| {
        let mut head = head("/");
        head.headers.append("x-test", HeaderValue::from_static("other"));
        head.headers.append("x-test", HeaderValue::from_static(value));
        told(world.route(0, &head))
    };
    assert_eq!(told_of("BLUE-7"), "200");
    assert_eq!(told_of("blue-77"), "404");
}

#[test]
fn values_and_regular_expressions_stand_side_by_side_and_are_shown() {
    let condition = [
        ("Field", "path-pattern"),
        ("PathPatternConfig.Values.member.1", "/img/*"),
        ("PathPatternConfig.RegexValues.member.1", "^/v1/"),
    ];
    let mut world = world(&condition);
    assert_eq!(
        ["/img/a", "/v1/a", "/b"].map(|path| told(world.get(0, path))),
        ["200", "200", "404"]
    );
    let listener = format!("ListenerArn={}", world.listener);
    let shown = world.ok("DescribeRules", &listener)["Rules"][0]["Conditions"][0].clone();
    let both = json!({"Values": ["/img/*"], "RegexValues": ["^/v1/"]});
    let expected = json!({
        "Field": "path-pattern", "Values": ["/img/*"], "RegexValues": ["^/v1/"],
        "PathPatternConfig": both,
    });
    assert_eq!(shown, expected);
}

#[test]
fn a_regular_expression_may_stand_on_the_condition_itself() {
    let condition = [("Field", "path-pattern"), ("RegexValues.member.1", "^/v1/")];
    let mut world = world(&condition);
    assert_eq!(["/v1/a", "/b"].map(|path| told(world.get(0, path))), ["200", "404"]);
    let condition = [("Field", "http-request-method"), ("RegexValues.member.1", "^P")];
    let form = form(&world, 2, &condition);
    assert_eq!(world.refused("CreateRule", &form), "ValidationError");
}

#[test]
fn a_regular_expression_has_128_characters_and_is_one_that_rules_know() {
    let mut world = World::new();
    let mut try_out = |priority: u32, regex: &str| {
        let condition = [("Field", "host-header"), ("RegexValues.member.1", regex)];
        let form = form(&world, priority, &condition);
        world.call("CreateRule", &form)
    };
    for bad in ["", "(", "(?=a)b", "(a)\\1", &"a".repeat(129)] {
        assert_eq!(try_out(1, bad).unwrap_err().1, "ValidationError", "{bad}");
    }
    try_out(1, &"a".repeat(128)).unwrap();
}

#[test]
fn regular_expressions_count_as_values_and_not_as_wildcards() {
    let mut world = World::new();
    let regexes = |count: usize| -> Vec<(String, String)> {
        let one = |number| (format!("RegexValues.member.{number}"), format!("^/.*{number}.*?.*$"));
        (1..=count).map(one).collect()
    };
    let mut try_out = |regexes: &[(String, String)]| {
        let mut condition = vec![("Field", "path-pattern")];
        condition.extend(regexes.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let form = form(&world, 1, &condition);
        world.call("CreateRule", &form)
    };
    assert_eq!(try_out(&regexes(6)).unwrap_err().1, "ValidationError");
    try_out(&regexes(5)).unwrap();
}
