//! Requests made of the rules' own values: such as fit a rule, such as fit parts of several, and near
//! misses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ecs_deploy_sandbox::model::elb::{Condition, Parameter, RequestHead, Values};
use fastrand::Rng;
use http::header::COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::draw::{Balancer, Rule};
use super::names::Group;
use super::words::{self, one_in, pick};

/// How many requests a balancer gets on each listener.
const FEWEST: usize = 40;
const MOST: usize = 100;

pub(super) fn requests(rng: &mut Rng, balancer: &Balancer) -> Vec<RequestHead> {
    let rules: Vec<&Rule> = balancer.listeners.iter().flat_map(|it| &it.rules).collect();
    let count = (6 * rules.len()).clamp(FEWEST, MOST);
    (0..count).map(|turn| request(rng, &rules, turn)).collect()
}

/// Each rule in turn is the one that the request is made for.
fn request(rng: &mut Rng, rules: &[&Rule], turn: usize) -> RequestHead {
    let mut head = plain();
    let Some(own) = rules.get(turn.checked_rem(rules.len()).unwrap_or_default()) else {
        near_miss(rng, &mut head);
        return head;
    };
    own.conditions.iter().for_each(|condition| fit(rng, &mut head, condition));
    if one_in(rng, 3) {
        let other = rules[rng.usize(0..rules.len())];
        for condition in &other.conditions {
            if !one_in(rng, 3) {
                fit(rng, &mut head, condition);
            }
        }
    }
    if one_in(rng, 3) {
        near_miss(rng, &mut head);
    }
    if one_in(rng, 4) {
        let group = Group::ALL[rng.usize(0..Group::ALL.len())];
        let cookie = format!("a=b; AWSALBTG={}", group.id());
        head.headers.insert(COOKIE, cookie.parse().expect("letters and digits"));
    }
    head
}

fn plain() -> RequestHead {
    RequestHead {
        method: Method::GET,
        host: "shop.example.com".to_owned(),
        path: "/".to_owned(),
        query: None,
        headers: HeaderMap::new(),
        source: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)),
    }
}

/// Lets a request fit a condition, or nearly so.
fn fit(rng: &mut Rng, head: &mut RequestHead, condition: &Condition) {
    match condition {
        Condition::PathPattern(values) => {
            let path = one_of(rng, values);
            head.path = if path.starts_with('/') { path } else { format!("/{path}") };
        }
        Condition::HostHeader(values) => {
            let host = one_of(rng, values);
            if !host.is_empty() {
                head.host = host;
            }
        }
        Condition::HttpHeader { name, values } => {
            let value = one_of(rng, values);
            add_header(head, name, &value);
        }
        Condition::QueryString(parameters) => {
            let Parameter { key, value } = pick(rng, parameters);
            let key = filled(rng, key.as_deref().unwrap_or("*"));
            let value = filled(rng, &value);
            add_to_query(head, &format!("{key}={value}"));
        }
        Condition::RequestMethod(names) => {
            head.method = pick(rng, names).parse().expect("a method is a token");
        }
        Condition::SourceIp(networks) => {
            let network = pick(rng, networks);
            let edge = if rng.bool() { network.network() } else { network.broadcast() };
            head.source = edge;
        }
    }
}

/// A text that fits one of the values.
fn one_of(rng: &mut Rng, values: &Values) -> String {
    if values.globs.is_empty() {
        return values.regexes.first().map_or("", words::matched).to_owned();
    }
    let glob = pick(rng, &values.globs);
    filled(rng, &glob)
}

fn add_header(head: &mut RequestHead, name: &str, value: &str) {
    let name: HeaderName = name.parse().expect("a header's name");
    head.headers.append(name, HeaderValue::from_str(value).expect("letters"));
}

fn add_to_query(head: &mut RequestHead, parameter: &str) {
    head.query = Some(match head.query.take() {
        Some(query) => format!("{query}&{parameter}"),
        None => parameter.to_owned(),
    });
}

/// A text that a pattern matches.
fn filled(rng: &mut Rng, pattern: &str) -> String {
    const ANY: [&str; 8] = ["", "x", "a/b", "v1", "api", "shop.", "on", "/v1"];
    let mut text = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => text.push_str(pick(rng, &ANY)),
            '?' => text.push(pick(rng, &['x', '1', 's', 'n', 'A'])),
            '\\' => text.extend(characters.next()),
            literal => text.push(literal),
        }
    }
    text
}

fn near_miss(rng: &mut Rng, head: &mut RequestHead) {
    match rng.usize(0..10) {
        0 => head.path = format!("/{}", changed(rng, &head.path[1..])),
        1 => head.path = head.path.to_uppercase(),
        2 => {
            let host = changed(rng, &head.host);
            if !host.is_empty() {
                head.host = host;
            }
        }
        3 => head.host.push_str(":8080"),
        4 => head.headers.clear(),
        5 => add_header(head, "X-Test", pick(rng, &["on", "ON", "off", ""])),
        6 => head.query = None,
        7 => add_to_query(head, pick(rng, &["v", "v=1", "V=2", "mode=beta", "=1", "x=BETA"])),
        8 => head.method = pick(rng, &[Method::GET, Method::POST, Method::DELETE]),
        _ => head.source = beside(rng, head.source),
    }
}

/// One character changed, left out or added.
fn changed(rng: &mut Rng, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = rng.usize(0..=characters.len());
    let drawn = pick(rng, &['x', 'V', '1', '/', '.']);
    match rng.usize(0..3) {
        0 if at < characters.len() => characters[at] = drawn,
        1 if at < characters.len() => drop(characters.remove(at)),
        _ => characters.insert(at, drawn),
    }
    characters.into_iter().collect()
}

/// The address before or after one.
fn beside(rng: &mut Rng, address: IpAddr) -> IpAddr {
    match (address, rng.bool()) {
        (IpAddr::V4(it), true) => Ipv4Addr::from_bits(it.to_bits().wrapping_add(1)).into(),
        (IpAddr::V4(it), false) => Ipv4Addr::from_bits(it.to_bits().wrapping_sub(1)).into(),
        (IpAddr::V6(it), true) => Ipv6Addr::from_bits(it.to_bits().wrapping_add(1)).into(),
        (IpAddr::V6(it), false) => Ipv6Addr::from_bits(it.to_bits().wrapping_sub(1)).into(),
    }
}
