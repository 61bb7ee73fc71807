//! The listeners and rules of an environment, all of one balancer.

use std::collections::BTreeSet;

use super::check::Checker;
use super::error::ConfigError;
use super::file::Environment;
use super::source::{Source, Text};
use crate::names::{Arn, ListenerArn};
use crate::traffic::RuleArn;

/// The listeners and rules that an environment names.
pub(super) struct Listeners {
    /// Whose pairs are exchanged, `ListenerARN` first.
    pub(super) moved: Vec<ListenerArn>,
    pub(super) test: Option<ListenerArn>,
    pub(super) accepted_rules: BTreeSet<RuleArn>,
}

impl Listeners {
    pub(super) fn of(environment: &Environment, source: &Source) -> Result<Self, ConfigError> {
        let checker = Checker::new(source, &environment.at);
        let main: ListenerArn = checker.required("ListenerARN", environment.listener.as_ref())?;
        let balancer = main.balancer();
        let mut moved = vec![main];
        for text in &environment.further_listeners {
            let listener = listener_of(&checker, text, &balancer, &moved, source)?;
            moved.push(listener);
        }
        let test = environment.test_listener.as_ref().filter(|text| !text.value.is_empty());
        let test = test.map(|text| listener_of(&checker, text, &balancer, &moved, source));
        let rule = |text| rule_of(text, &balancer, source);
        Ok(Self {
            test: test.transpose()?,
            accepted_rules: environment
                .accepted_rules
                .iter()
                .map(rule)
                .collect::<Result<_, _>>()?,
            moved,
        })
    }
}

/// A further listener of the balancer.
fn listener_of(
    checker: &Checker<'_>,
    text: &Text,
    balancer: &str,
    others: &[ListenerArn],
    source: &Source,
) -> Result<ListenerArn, ConfigError> {
    let listener: ListenerArn = checker.name(text)?;
    if listener.balancer() != balancer {
        return Err(source.unusable(&text.at, OTHER_BALANCER));
    }
    if others.contains(&listener) {
        return Err(source.unusable(&text.at, "names a listener that is named already"));
    }
    Ok(listener)
}

const OTHER_BALANCER: &str = "is of another load balancer than `ListenerARN`; a target group belongs to \
                              one balancer, so no request reaches the colors from there";

fn rule_of(text: &Text, balancer: &str, source: &Source) -> Result<RuleArn, ConfigError> {
    let arn: Option<Arn> = text.value.parse().ok();
    let parts = arn.as_ref().map(|arn| arn.resource().split('/').count());
    let (Some(_), Some(6)) = (text.value.split_once(":listener-rule/app/"), parts) else {
        let why = "is not a rule's ARN: expected \
                   `arn:…:elasticloadbalancing:REGION:ACCOUNT:listener-rule/app/NAME/ID/ID/ID`";
        return Err(source.unusable(&text.at, format!("`{}` {why}", text.value)));
    };
    let of = balancer.replacen(":loadbalancer/", ":listener-rule/", 1);
    match text.value.strip_prefix(&of).is_some_and(|rest| rest.starts_with('/')) {
        true => Ok(RuleArn(text.value.clone())),
        false => Err(source.unusable(&text.at, OTHER_BALANCER)),
    }
}
