//! A balancer as a table, for the report of a violation.

use std::fmt::Write;

use ecs_deploy_sandbox::model::elb::{
    ActionKind, Condition, Parameter, RequestHead, Rewrite, Transform, Values,
};

use super::draw::{Balancer, Role};
use super::names::Group;

/// A balancer's listeners with their rules, in their order.
pub(super) fn of(balancer: &Balancer) -> String {
    let mut table = String::new();
    for (listener, port) in balancer.listeners.iter().zip(80..) {
        let role = match listener.role {
            Role::Moved => "moved",
            Role::Test => "test",
            Role::Other => "not named",
        };
        row(&mut table, &format!("HTTP:{port} ({role})"), "", "", false);
        let mut rules: Vec<_> = listener.rules.iter().collect();
        rules.sort_by_key(|rule| rule.number);
        for rule in rules {
            let asked: Vec<_> = rule.conditions.iter().map(condition).collect();
            let number = format!("  {}", rule.number);
            let rewrites: Vec<_> = rule.transforms.iter().map(transform).collect();
            let does = format!("{}{}", action(&rule.action), rewrites.concat());
            row(&mut table, &number, &asked.join(" and "), &does, rule.is_accepted);
        }
        let default = action(&listener.default);
        row(&mut table, "  default", "", &default, listener.accepts_default);
    }
    table
}

fn row(table: &mut String, place: &str, asked: &str, does: &str, is_accepted: bool) {
    let accepted = if is_accepted { " (accepted)" } else { "" };
    let line = format!("{place:<9} {asked:<50} {does}{accepted}");
    writeln!(table, "{}", line.trim_end()).expect("a string takes all");
}

fn condition(condition: &Condition) -> String {
    let values = match condition {
        Condition::PathPattern(values) | Condition::HostHeader(values) => texts(values),
        Condition::RequestMethod(names) => names.join(" or "),
        Condition::HttpHeader { name, values } => format!("{name}: {}", texts(values)),
        Condition::QueryString(parameters) => join(parameters.iter().map(parameter)),
        Condition::SourceIp(networks) => join(networks.iter().map(ToString::to_string)),
    };
    format!("{} {values}", condition.field())
}

fn texts(values: &Values) -> String {
    let regexes = values.regexes.iter().map(|regex| format!("regex {}", regex.as_str()));
    join(values.globs.iter().cloned().chain(regexes))
}

fn parameter(parameter: &Parameter) -> String {
    let Parameter { key, value } = parameter;
    key.as_ref().map_or_else(|| value.clone(), |key| format!("{key}={value}"))
}

fn join(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" or ")
}

fn action(action: &ActionKind) -> String {
    let ActionKind::Forward(forward) = action else { return format!("{action:?}") };
    let name = |arn: &str| Group::by_arn(arn).map_or("?", Group::name);
    let parts = forward.groups.iter().map(|group| format!("{}={}", name(&group.arn), group.weight));
    let sticky = if forward.stickiness.enabled { " sticky" } else { "" };
    format!("{}{sticky}", parts.collect::<Vec<_>>().join(" "))
}

fn transform(transform: &Transform) -> String {
    let Rewrite { regex, replace } = transform.rewrite();
    format!(" with {} {} to {replace}", transform.kind(), regex.as_str())
}

/// A request on one line.
pub(super) fn request(head: &RequestHead) -> String {
    let RequestHead { method, host, path, query, headers, source } = head;
    let query = query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{method} {host}{path}{query} from {source} {headers:?}")
}
