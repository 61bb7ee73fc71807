//! Port mappings under awsvpc, where all containers share one network interface.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::Calls;
use super::part::{Finding, Part};

const PORTS: RangeInclusive<i64> = 1..=65535;

/// How many characters the name of a mapping may have.
const LONGEST_NAME: usize = 64;

/// Ports of one protocol.
type Ports = (bool, RangeInclusive<i64>);

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let containers = calls.containers();
    let mappings: Vec<Part<'_>> =
        containers.iter().flat_map(|container| container.elements("portMappings")).collect();
    let (mut taken, mut names) = (Vec::new(), BTreeSet::new());
    let mut findings = Vec::new();
    for mapping in &mappings {
        match ports(mapping) {
            Ok(ports) => findings.extend(check_taken(mapping, ports, &mut taken)),
            Err(finding) => findings.push(finding),
        }
        findings.extend(check_host(mapping));
        findings
            .extend(mapping.text("name").and_then(|name| check_name(mapping, name, &mut names)));
    }
    findings
}

/// The ports of a mapping.
fn ports(mapping: &Part<'_>) -> Result<Ports, Finding> {
    // AWS takes every other word for tcp.
    let is_udp = mapping.text("protocol") == Some("udp");
    match (mapping.integer("containerPort"), mapping.text("containerPortRange")) {
        (Some(_), Some(_)) => {
            let why = "a mapping has a `containerPort` or a `containerPortRange`, not both";
            Err(mapping.refuse_member("containerPortRange", why))
        }
        (None, None) => Err(mapping.refuse("`containerPort` is missing")),
        (Some(port), None) if PORTS.contains(&port) => Ok((is_udp, port..=port)),
        (Some(port), None) => {
            let why = format!("it is {port}, and ports are 1 to 65535");
            Err(mapping.refuse_member("containerPort", why))
        }
        (None, Some(range)) => range_of(range).map(|range| (is_udp, range)).ok_or_else(|| {
            let why = "expected a form like `8000-8010`, of ports from 1 to 65535, the lower first";
            mapping.refuse_member("containerPortRange", why)
        }),
    }
}

fn range_of(text: &str) -> Option<RangeInclusive<i64>> {
    let (first, last) = text.split_once('-')?;
    let (first, last): (i64, i64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (PORTS.contains(&first) && PORTS.contains(&last) && first < last).then_some(first..=last)
}

fn check_taken(mapping: &Part<'_>, ports: Ports, taken: &mut Vec<Ports>) -> Option<Finding> {
    let meets = |(is_udp, other): &Ports| {
        *is_udp == ports.0 && other.start() <= ports.1.end() && ports.1.start() <= other.end()
    };
    let clash = taken.iter().any(meets);
    taken.push(ports);
    clash.then(|| {
        mapping.refuse("its port is mapped twice in the task, whose containers share one address")
    })
}

fn check_host(mapping: &Part<'_>) -> Option<Finding> {
    let host = mapping.integer("hostPort").filter(|host| *host != 0)?;
    let why = match (mapping.integer("containerPort"), mapping.member("containerPortRange")) {
        (Some(port), None) if port == host => return None,
        (Some(port), _) => format!(
            "it is {host}, and the host port of a task on Fargate is its container port: leave it out, \
             or set it to {port}"
        ),
        (None, _) => "with a `containerPortRange` AWS sets it: leave it out".to_owned(),
    };
    Some(mapping.refuse_member("hostPort", why))
}

fn check_name<'a>(
    mapping: &Part<'_>,
    name: &'a str,
    names: &mut BTreeSet<&'a str>,
) -> Option<Finding> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let is_new = names.insert(name);
    let why = if name.len() > LONGEST_NAME || name.starts_with('-') || !name.chars().all(plain) {
        "expected up to 64 lower-case letters, digits, underscores and hyphens, no hyphen first"
            .into()
    } else if !is_new {
        format!("two port mappings of the task are named `{name}`")
    } else {
        return None;
    };
    Some(mapping.refuse_member("name", why))
}
