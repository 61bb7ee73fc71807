//! Transforms of rules.

use std::time::Duration;

use ecs_deploy_sandbox::model::elb::{Rewritten, Routed};
use serde_json::{Value, json};

use crate::cloud::{World, encoded, fixed, forward, head, text, told};

const HOST: &str = "host-header-rewrite";
const URL: &str = "url-rewrite";

/// The members of the transform at a place.
fn transform(place: usize, kind: &str, regex: &str, replace: &str) -> String {
    let config = if kind == HOST { "HostHeaderRewriteConfig" } else { "UrlRewriteConfig" };
    let (member, rewrite) = (format!("&Transforms.member.{place}"), "Rewrites.member.1");
    format!(
        "{member}.Type={kind}{member}.{config}.{rewrite}.Regex={}{member}.{config}.{rewrite}.Replace={}",
        encoded(regex),
        encoded(replace)
    )
}

fn both() -> String {
    transform(1, HOST, "^shop\\.(.+)$", "internal.$1")
        + &transform(2, URL, "^/dp/([a-z0-9]+)/?", "/product?id=$1")
}

/// A rule that forwards to a healthy target, with transforms.
fn forwarding(transforms: &str) -> (World, String) {
    let mut world = World::new();
    let green = world.green.clone();
    let form = world.rule_form(1, "*", &forward(&green)) + transforms;
    let rule = text(&world.ok("CreateRule", &form)["Rules"][0]["RuleArn"]);
    world.healthy(&green, "10.0.0.1");
    world.pass(Duration::from_secs(2));
    (world, rule)
}

fn shown(world: &mut World, rule: &str) -> Value {
    world.ok("DescribeRules", &format!("RuleArns.member.1={rule}"))["Rules"][0]["Transforms"]
        .clone()
}

fn rewritten(world: &mut World, path: &str, query: Option<&str>) -> Rewritten {
    let mut head = head(path);
    head.query = query.map(str::to_owned);
    match world.route(0, &head) {
        Routed::Target { rewritten, .. } => rewritten,
        Routed::Respond { status, .. } => panic!("the balancer answered {status}"),
    }
}

#[test]
fn a_request_is_rewritten_where_the_patterns_match() {
    let (mut world, _) = forwarding(&both());
    let made = rewritten(&mut world, "/dp/b09", None);
    assert_eq!(made.host.unwrap(), "internal.example.com:8080");
    assert_eq!(made.url.unwrap(), "/product?id=b09");
    assert_eq!(rewritten(&mut world, "/other", Some("a=1")).url, None);
}

#[test]
fn the_query_is_part_of_what_is_rewritten() {
    let (mut world, _) = forwarding(&transform(1, URL, "/list\\?page=(.*)", "/pages/$1"));
    assert_eq!(rewritten(&mut world, "/list", Some("page=2")).url.unwrap(), "/pages/2");
}

#[test]
fn what_can_not_be_sent_is_a_500() {
    let (mut world, rule) = forwarding(&transform(1, URL, "^/dp", "dp"));
    assert_eq!(told(world.get(0, "/dp/1")), "500");
    assert_eq!(told(world.get(0, "/other")), "10.0.0.1");
    world.ok("ModifyRule", &format!("RuleArn={rule}{}", transform(1, HOST, "shop", "a b")));
    world.pass(Duration::from_secs(2));
    assert_eq!(told(world.get(0, "/")), "500");
}

#[test]
fn a_transform_does_not_decide_which_rule_takes_a_request() {
    let (mut world, _) = forwarding(&transform(1, URL, "^/", "/moved/"));
    world.rule(2, "/moved/*", &fixed(200));
    world.pass(Duration::from_secs(2));
    assert_eq!(told(world.get(0, "/a")), "10.0.0.1");
}

#[test]
fn transforms_are_shown_in_every_answer() {
    let mut world = World::new();
    let form = world.rule_form(1, "*", &fixed(200)) + &both();
    let created = world.ok("CreateRule", &form)["Rules"][0].clone();
    let expected = json!([
        {"Type": HOST, "HostHeaderRewriteConfig":
            {"Rewrites": [{"Regex": "^shop\\.(.+)$", "Replace": "internal.$1"}]}},
        {"Type": URL, "UrlRewriteConfig":
            {"Rewrites": [{"Regex": "^/dp/([a-z0-9]+)/?", "Replace": "/product?id=$1"}]}},
    ]);
    assert_eq!(created["Transforms"], expected);
    let rule = text(&created["RuleArn"]);
    assert_eq!(shown(&mut world, &rule), expected);
    let moved =
        format!("RulePriorities.member.1.RuleArn={rule}&RulePriorities.member.1.Priority=9");
    assert_eq!(world.ok("SetRulePriorities", &moved)["Rules"][0]["Transforms"], expected);
    let changed = world.ok("ModifyRule", &format!("RuleArn={rule}&{}", fixed(503)));
    assert_eq!(changed["Rules"][0]["Transforms"], expected);
}

#[test]
fn transforms_stay_unless_they_are_given_or_reset() {
    let (mut world, rule) = forwarding(&both());
    let before = shown(&mut world, &rule);
    world.ok("ModifyRule", &format!("RuleArn={rule}&ResetTransforms=false&{}", fixed(200)));
    assert_eq!(shown(&mut world, &rule), before);
    world.ok("ModifyRule", &format!("RuleArn={rule}{}", transform(1, URL, "a", "b")));
    assert_eq!(shown(&mut world, &rule).as_array().unwrap().len(), 1);
    let two = format!("RuleArn={rule}&ResetTransforms=true{}", both());
    assert_eq!(world.refused("ModifyRule", &two), "ValidationError");
    world.ok("ModifyRule", &format!("RuleArn={rule}&ResetTransforms=true"));
    assert_eq!(shown(&mut world, &rule), json!(""));
}

#[test]
fn a_rule_has_one_transform_of_each_type_with_one_rewrite() {
    let mut world = World::new();
    let config = "Transforms.member.1.UrlRewriteConfig";
    let two_rewrites = transform(1, URL, "a", "b")
        + &format!("&{config}.Rewrites.member.2.Regex=a&{config}.Rewrites.member.2.Replace=b");
    let of_another = "&Transforms.member.1.Type=host-header-rewrite".to_owned()
        + &format!("&{config}.Rewrites.member.1.Regex=a&{config}.Rewrites.member.1.Replace=b");
    for bad in [
        transform(1, URL, "a", "b") + &transform(2, URL, "c", "d"),
        two_rewrites,
        of_another,
        format!("&Transforms.member.1.Type={URL}"),
        transform(1, "path-rewrite", "a", "b"),
        transform(1, URL, "(", "b"),
        transform(1, URL, &"a".repeat(1025), "b"),
        transform(1, HOST, "a", &"b".repeat(1025)),
    ] {
        let form = world.rule_form(1, "*", &fixed(200)) + &bad;
        assert_eq!(world.refused("CreateRule", &form), "ValidationError", "{bad}");
    }
    let good = transform(1, URL, &"a".repeat(1024), &"b".repeat(1024));
    let form = world.rule_form(1, "*", &fixed(200)) + &good;
    world.ok("CreateRule", &form);
}

#[test]
fn a_default_rule_has_no_transforms() {
    let mut world = World::new();
    let listener = format!("ListenerArn={}", world.listener);
    let rules = world.ok("DescribeRules", &listener);
    let default = rules["Rules"][0].clone();
    assert_eq!((&default["Transforms"], &default["Conditions"]), (&json!(""), &json!("")));
    let form = format!("RuleArn={}{}", text(&default["RuleArn"]), both());
    assert_eq!(world.refused("ModifyRule", &form), "OperationNotPermitted");
    let listeners =
        world.ok("DescribeListeners", &format!("ListenerArns.member.1={}", world.listener));
    assert_eq!(listeners["Listeners"][0]["DefaultActions"], default["Actions"]);
}
