//! What conditions and actions are made of: few words, so that rules overlap, cover and resemble each
//! other.

use std::time::Duration;

use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::elb::{
    ActionKind, Condition, FixedResponse, Forward, Parameter, Pattern, Redirect, Rewrite,
    Stickiness, Transform, Values, WeightedGroup,
};
use fastrand::Rng;

use super::names::Group;

const HOSTS: [&str; 9] = [
    "shop.example.com",
    "Shop.Example.com",
    "*.example.com",
    "*.EXAMPLE.com",
    "*",
    "api.example.com",
    "?hop.example.com",
    "shop.*",
    "old.org",
];

const PATHS: [&str; 13] = [
    "/*",
    "*",
    "/api/*",
    "/api/v1",
    "/api/v?",
    "/api/v*",
    "/api",
    "/API/*",
    "/api/v1/*",
    "/*/v1",
    "*v1",
    "/??i/*",
    "/api/\\*",
];

/// Regular expressions, each with a text that it matches.
const HOST_REGEXES: [(&str, &str); 2] =
    [("^(shop|api)[.]", "api.example.com"), ("example", "shop.example.com")];
const PATH_REGEXES: [(&str, &str); 2] = [("^/api/v[12]$", "/api/v1"), ("/v1", "/x/v1")];

const HEADERS: [(&str, &str); 6] = [
    ("X-Test", "on"),
    ("x-test", "O?"),
    ("X-Test", "*"),
    ("x-test", "off"),
    ("X-Lang", "de"),
    ("X-Lang", "de*"),
];

const PARAMETERS: [(Option<&str>, &str); 9] = [
    (Some("v"), "1"),
    (Some("V"), "?"),
    (Some("v"), "*"),
    (Some("*"), "1"),
    (Some("?"), "1"),
    (None, "1"),
    (None, "*"),
    (Some("mode"), "Beta"),
    (None, "beta"),
];

const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

const NETWORKS: [&str; 8] = [
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3/32",
    "10.1.2.3/16",
    "192.0.2.0/24",
    "2001:db8::/32",
];

/// AWS's limit of values, and of wildcards, in one rule.
const MOST: usize = 5;

/// Whether something happens that does so one time in `times`.
pub(super) fn one_in(rng: &mut Rng, times: u32) -> bool {
    rng.u32(0..times) == 0
}

pub(super) fn color(rng: &mut Rng) -> Color {
    if rng.bool() { Color::Blue } else { Color::Green }
}

pub(super) fn pick<T: Clone>(rng: &mut Rng, among: &[T]) -> T {
    among[rng.usize(0..among.len())].clone()
}

fn some<T>(rng: &mut Rng, mut one: impl FnMut(&mut Rng) -> T) -> Vec<T> {
    let count = if one_in(rng, 3) { 2 } else { 1 };
    (0..count).map(|_| one(rng)).collect()
}

/// One that every request fits.
pub(super) fn everything(rng: &mut Rng) -> Condition {
    Condition::PathPattern(vec![pick(rng, &["/*", "*"]).to_owned()].into())
}

pub(super) fn condition(rng: &mut Rng) -> Condition {
    match rng.usize(0..12) {
        0..=3 => Condition::PathPattern(values(rng, &PATHS, &PATH_REGEXES)),
        4..=7 => Condition::HostHeader(values(rng, &HOSTS, &HOST_REGEXES)),
        8 => {
            let (name, _) = pick(rng, &HEADERS);
            let values = some(rng, |rng| pick(rng, &HEADERS).1.to_owned());
            Condition::HttpHeader { name: name.to_owned(), values: values.into() }
        }
        9 => Condition::QueryString(some(rng, parameter)),
        10 => Condition::RequestMethod(some(rng, |rng| pick(rng, &METHODS).to_owned())),
        _ => Condition::SourceIp(some(rng, |rng| {
            pick(rng, &NETWORKS).parse().expect("the networks are written as such")
        })),
    }
}

fn values(rng: &mut Rng, globs: &[&str], regexes: &[(&str, &str)]) -> Values {
    if one_in(rng, 40) {
        return Values { globs: Vec::new(), regexes: vec![regex(pick(rng, regexes).0)] };
    }
    some(rng, |rng| pick(rng, globs).to_owned()).into()
}

fn regex(text: &str) -> Pattern {
    Pattern::new(text).expect("the expressions are written as such")
}

/// A text that a regular expression of these matches.
pub(super) fn matched(regex: &Pattern) -> &'static str {
    let mut all = HOST_REGEXES.iter().chain(&PATH_REGEXES);
    all.find(|(text, _)| *text == regex.as_str()).map_or("", |(_, matched)| matched)
}

/// What a rule changes in a request: mostly nothing.
pub(super) fn transforms(rng: &mut Rng) -> Vec<Transform> {
    match rng.usize(0..80) {
        0 => vec![Transform::Url(Rewrite { regex: regex("^/api/"), replace: "/".into() })],
        1 => vec![Transform::Url(Rewrite { regex: regex("^/api/"), replace: "/v1/".into() })],
        _ => Vec::new(),
    }
}

fn parameter(rng: &mut Rng) -> Parameter {
    let (key, value) = pick(rng, &PARAMETERS);
    Parameter { key: key.map(str::to_owned), value: value.to_owned() }
}

/// What a rule asks: one to three conditions that AWS takes.
pub(super) fn conditions(rng: &mut Rng) -> Vec<Condition> {
    loop {
        let count = [1, 1, 1, 2, 2, 3][rng.usize(0..6)];
        let drawn: Vec<_> = (0..count).map(|_| condition(rng)).collect();
        if is_taken(&drawn) {
            return drawn;
        }
    }
}

/// Whether AWS takes the conditions of a rule.
pub(super) fn is_taken(conditions: &[Condition]) -> bool {
    let may_repeat = |field: &str| matches!(field, "http-header" | "query-string");
    let fields: Vec<_> = conditions.iter().map(Condition::field).collect();
    let repeats = |(at, field): (usize, &&str)| !may_repeat(field) && fields[..at].contains(field);
    let values: Vec<String> = conditions.iter().flat_map(texts).collect();
    let wildcards = values.iter().flat_map(|value| value.chars()).filter(|it| "*?".contains(*it));
    !fields.iter().enumerate().any(repeats) && values.len() <= MOST && wildcards.count() <= MOST
}

/// Its values, as far as they may have wildcards.
fn texts(condition: &Condition) -> Vec<String> {
    match condition {
        Condition::PathPattern(values)
        | Condition::HostHeader(values)
        | Condition::HttpHeader { values, .. } => {
            let regexes = values.regexes.iter().map(|_| String::new());
            values.globs.iter().cloned().chain(regexes).collect()
        }
        Condition::QueryString(parameters) => {
            let text = |it: &Parameter| format!("{}{}", it.key.as_deref().unwrap_or(""), it.value);
            parameters.iter().map(text).collect()
        }
        Condition::RequestMethod(names) => vec![String::new(); names.len()],
        Condition::SourceIp(networks) => vec![String::new(); networks.len()],
    }
}

/// The same conditions, written otherwise.
pub(super) fn rewritten(rng: &mut Rng, conditions: &[Condition]) -> Vec<Condition> {
    let mut written = conditions.to_vec();
    for condition in &mut written {
        match condition {
            Condition::HostHeader(values) => {
                values.globs.reverse();
                values.globs.iter_mut().for_each(|value| *value = value.to_uppercase());
            }
            Condition::HttpHeader { name, values } => {
                *name = name.to_lowercase();
                values.globs.reverse();
            }
            Condition::PathPattern(values) => values.globs.reverse(),
            Condition::RequestMethod(names) => names.reverse(),
            Condition::QueryString(parameters) => parameters.reverse(),
            Condition::SourceIp(networks) => networks.reverse(),
        }
    }
    rng.shuffle(&mut written);
    let more = [&written[..], &[everything(rng)]].concat();
    if rng.bool() && is_taken(&more) { more } else { written }
}

/// Anything that a rule can do.
pub(super) fn action(rng: &mut Rng) -> ActionKind {
    match rng.usize(0..10) {
        0..=3 => to(Group::Of(color(rng))),
        4 | 5 => to(pick(rng, &[Group::Auth, Group::Legacy])),
        6 | 7 => weighted(rng),
        _ => response(rng),
    }
}

/// A forward to one group.
pub(super) fn to(group: Group) -> ActionKind {
    ActionKind::Forward(Forward::to(group.arn()))
}

/// Something that has nothing to do with the colors.
pub(super) fn elsewhere(rng: &mut Rng) -> ActionKind {
    if rng.bool() { response(rng) } else { to(pick(rng, &[Group::Auth, Group::Legacy])) }
}

/// An answer that the balancer gives itself.
pub(super) fn response(rng: &mut Rng) -> ActionKind {
    let fixed = |status| FixedResponse { status, content_type: None, body: None };
    let same = Redirect::same(rng.bool());
    match rng.usize(0..5) {
        0 => ActionKind::FixedResponse(fixed(404)),
        1 => ActionKind::FixedResponse(fixed(503)),
        2 => {
            ActionKind::Redirect(Redirect { protocol: "HTTPS".into(), port: "443".into(), ..same })
        }
        3 => ActionKind::Redirect(Redirect { host: "new.example.com".into(), ..same }),
        _ => ActionKind::Redirect(Redirect { path: "/moved/#{path}".into(), ..same }),
    }
}

/// A forward to a few groups, or one that clients stick to.
fn weighted(rng: &mut Rng) -> ActionKind {
    let mut groups = Group::ALL;
    rng.shuffle(&mut groups);
    let weights: &[u16] =
        pick(rng, &[&[1], &[1, 0], &[1, 1], &[90, 10], &[0, 0], &[1, 0, 0], &[0, 1, 1]]);
    let part = |(group, weight): (&Group, &u16)| (*group, *weight);
    let parts: Vec<_> = groups.iter().zip(weights).map(part).collect();
    let is_sticky = weights.len() == 1 || one_in(rng, 3);
    forward(&parts, is_sticky.then_some(Duration::from_secs(60)))
}

pub(super) fn forward(parts: &[(Group, u16)], sticky: Option<Duration>) -> ActionKind {
    let part = |(group, weight): &(Group, u16)| WeightedGroup { arn: group.arn(), weight: *weight };
    ActionKind::Forward(Forward {
        groups: parts.iter().map(part).collect(),
        stickiness: Stickiness { enabled: sticky.is_some(), duration: sticky },
    })
}
