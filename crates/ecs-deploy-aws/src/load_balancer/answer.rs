//! What the load balancer answers, in the words of the port.

use std::collections::BTreeSet;

use aws_sdk_elasticloadbalancingv2::types::{
    self, ActionTypeEnum, TargetGroupTuple, TargetHealthStateEnum,
};
use ecs_deploy::cloud::{
    Action, CloudError, Condition, HealthState, Priority, Rule, RuleArn, TargetHealth,
    WeightedGroup,
};

use super::{DESCRIBE_HEALTH, DESCRIBE_RULES};
use crate::error::odd_answer;

pub(super) fn rule(rule: &types::Rule) -> Result<Rule, CloudError> {
    let arn = rule.rule_arn().ok_or_else(|| odd_answer(DESCRIBE_RULES, "a rule without an ARN"))?;
    let mut actions: Vec<_> = rule.actions().iter().collect();
    actions.sort_by_key(|action| action.order().unwrap_or_default());
    Ok(Rule {
        arn: RuleArn(arn.to_owned()),
        priority: priority(rule)?,
        conditions: rule.conditions().iter().map(condition).collect(),
        actions: actions.into_iter().map(action).collect::<Result<_, _>>()?,
    })
}

/// The values stand in a list of the condition's own, or in a structure for its field, or in both.
fn condition(condition: &types::RuleCondition) -> Condition {
    let mut values: BTreeSet<String> = condition.values().iter().cloned().collect();
    let mut add = |more: &[String]| values.extend(more.iter().cloned());
    add(condition.regex_values());
    if let Some(hosts) = condition.host_header_config() {
        add(hosts.values());
        add(hosts.regex_values());
    }
    if let Some(paths) = condition.path_pattern_config() {
        add(paths.values());
        add(paths.regex_values());
    }
    add(condition.http_request_method_config().map(|it| it.values()).unwrap_or_default());
    add(condition.source_ip_config().map(|it| it.values()).unwrap_or_default());
    if let Some(header) = condition.http_header_config() {
        let name = header.http_header_name().unwrap_or_default();
        let named = header.values().iter().chain(header.regex_values());
        add(&named.map(|value| format!("{name}: {value}")).collect::<Vec<_>>());
    }
    let query = condition.query_string_config().map(|query| query.values()).unwrap_or_default();
    let pair = |pair: &types::QueryStringKeyValuePair| {
        format!("{}={}", pair.key().unwrap_or_default(), pair.value().unwrap_or_default())
    };
    add(&query.iter().map(pair).collect::<Vec<_>>());
    Condition { field: condition.field().unwrap_or_default().to_owned(), values }
}

fn priority(rule: &types::Rule) -> Result<Priority, CloudError> {
    match rule.priority().unwrap_or_default() {
        "default" => Ok(Priority::Default),
        number => number.parse().map(Priority::Number).map_err(|_| {
            odd_answer(DESCRIBE_RULES, format!("a rule with the priority `{number}`"))
        }),
    }
}

/// A forward names its group by itself, or in a list with weights, or both ways; the list holds
/// more.
fn action(action: &types::Action) -> Result<Action, CloudError> {
    match action.r#type() {
        Some(ActionTypeEnum::Forward) => {}
        Some(other) => return Ok(Action::Other(other.as_str().to_owned())),
        None => return Err(odd_answer(DESCRIBE_RULES, "an action without a type")),
    }
    let listed = action.forward_config().map(|config| config.target_groups()).unwrap_or_default();
    let groups = match (listed, action.target_group_arn()) {
        ([], Some(arn)) => vec![weighted(arn, 1)?],
        (listed, _) => listed.iter().map(of_tuple).collect::<Result<_, _>>()?,
    };
    Ok(Action::Forward(groups))
}

/// A weight of its own is given only where there are several groups.
fn of_tuple(tuple: &TargetGroupTuple) -> Result<WeightedGroup, CloudError> {
    let weight = tuple.weight().map_or(Ok(1), u32::try_from);
    let weight = weight.map_err(|_| odd_answer(DESCRIBE_RULES, "a negative weight"))?;
    weighted(tuple.target_group_arn().unwrap_or_default(), weight)
}

fn weighted(arn: &str, weight: u32) -> Result<WeightedGroup, CloudError> {
    let group = arn.parse().map_err(|error| odd_answer(DESCRIBE_RULES, error))?;
    Ok(WeightedGroup { group, weight })
}

pub(super) fn target(
    described: &types::TargetHealthDescription,
) -> Result<TargetHealth, CloudError> {
    let target = described.target();
    let id = target.and_then(|target| target.id());
    let id = id.ok_or_else(|| odd_answer(DESCRIBE_HEALTH, "a target without an id"))?;
    let health = described.target_health();
    Ok(TargetHealth {
        address: id.parse().ok(),
        id: id.to_owned(),
        port: target.and_then(|target| u16::try_from(target.port()?).ok()),
        state: health.and_then(|health| health.state()).map_or(HealthState::Unknown, state),
        reason: health.and_then(|h| h.reason()).map(|reason| reason.as_str().to_owned()),
        description: health.and_then(|health| health.description()).map(str::to_owned),
    })
}

fn state(state: &TargetHealthStateEnum) -> HealthState {
    match state {
        TargetHealthStateEnum::Initial => HealthState::Initial,
        TargetHealthStateEnum::Healthy => HealthState::Healthy,
        TargetHealthStateEnum::Unhealthy => HealthState::Unhealthy,
        TargetHealthStateEnum::Draining | TargetHealthStateEnum::UnhealthyDraining => {
            HealthState::Draining
        }
        TargetHealthStateEnum::Unused => HealthState::Unused,
        TargetHealthStateEnum::Unavailable => HealthState::Unavailable,
        _ => HealthState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::ForwardActionConfig;

    use super::*;

    const BLUE: &str = "arn:aws:elasticloadbalancing:us-east-1:222222222222:targetgroup/blue/1";
    const GREEN: &str = "arn:aws:elasticloadbalancing:us-east-1:222222222222:targetgroup/green/2";

    fn forward(groups: &[(&str, i32)]) -> types::builders::ActionBuilder {
        let tuple = |(arn, weight): &(&str, i32)| {
            TargetGroupTuple::builder().target_group_arn(*arn).weight(*weight).build()
        };
        let config = ForwardActionConfig::builder()
            .set_target_groups(Some(groups.iter().map(tuple).collect()))
            .build();
        types::Action::builder().r#type(ActionTypeEnum::Forward).forward_config(config)
    }

    fn weights(action: &Action) -> Vec<(String, u32)> {
        let Action::Forward(groups) = action else { panic!("not a forward: {action:?}") };
        groups.iter().map(|group| (group.group.to_string(), group.weight)).collect()
    }

    #[test]
    fn a_forward_is_read_in_each_of_its_forms() {
        let plain = types::Action::builder().r#type(ActionTypeEnum::Forward).target_group_arn(BLUE);
        assert_eq!(weights(&action(&plain.build()).unwrap()), [(BLUE.to_owned(), 1)]);
        let weighted = action(&forward(&[(BLUE, 0), (GREEN, 999)]).build()).unwrap();
        assert_eq!(weights(&weighted), [(BLUE.to_owned(), 0), (GREEN.to_owned(), 999)]);
    }

    #[test]
    fn actions_come_in_their_order_and_others_keep_their_name() {
        let built = types::Rule::builder()
            .rule_arn("arn:rule")
            .priority("11")
            .actions(forward(&[(BLUE, 1)]).order(2).build())
            .actions(
                types::Action::builder().r#type(ActionTypeEnum::AuthenticateOidc).order(1).build(),
            )
            .build();
        let rule = rule(&built).unwrap();
        assert_eq!(rule.priority, Priority::Number(11));
        assert_eq!(rule.actions[0], Action::Other("authenticate-oidc".to_owned()));
        assert!(matches!(rule.actions[1], Action::Forward(_)));
    }

    #[test]
    fn the_default_rule_has_no_number_and_odd_ones_are_refused() {
        let built =
            |priority: &str| types::Rule::builder().rule_arn("arn:rule").priority(priority).build();
        assert_eq!(rule(&built("default")).unwrap().priority, Priority::Default);
        assert!(rule(&built("first")).is_err());
    }

    #[test]
    fn targets_may_be_named_by_something_else_than_an_address() {
        let described = |id: &str, state: &str| {
            let health = types::TargetHealth::builder().state(state.into()).build();
            let target = types::TargetDescription::builder().id(id).port(8080).build();
            types::TargetHealthDescription::builder().target(target).target_health(health).build()
        };
        let read = target(&described("10.0.0.7", "unhealthy.draining")).unwrap();
        assert_eq!((read.address, read.port), ("10.0.0.7".parse().ok(), Some(8080)));
        assert_eq!(read.state, HealthState::Draining);
        let read = target(&described("i-0123", "resting")).unwrap();
        assert_eq!((read.address, read.state), (None, HealthState::Unknown));
    }
}
