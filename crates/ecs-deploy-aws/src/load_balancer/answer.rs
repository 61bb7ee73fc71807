//! What the load balancer answers, in the words of the port.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{
    self, ActionTypeEnum, TargetGroupTuple, TargetHealthStateEnum,
};
use ecs_deploy::cloud::{CloudError, HealthState, TargetHealth};
use ecs_deploy::traffic::{
    Action, Forward, Listener, OtherAction, Priority, Rule, RuleArn, WeightedGroup,
};

use super::{DESCRIBE_HEALTH, DESCRIBE_LISTENERS, DESCRIBE_RULES};
use crate::error::odd_answer;

mod condition;

pub(super) fn listener(listener: &types::Listener) -> Result<Listener, CloudError> {
    let arn = listener.listener_arn().unwrap_or_default();
    let port = listener.port().and_then(|port| u16::try_from(port).ok());
    let odd = || odd_answer(DESCRIBE_LISTENERS, "a listener without an ARN, a protocol or a port");
    let (Some(protocol), Some(port)) = (listener.protocol(), port) else { return Err(odd()) };
    Ok(Listener {
        arn: arn.parse().map_err(|_| odd())?,
        protocol: protocol.as_str().to_owned(),
        port,
    })
}

pub(super) fn rule(rule: &types::Rule) -> Result<Rule, CloudError> {
    let arn = rule.rule_arn().ok_or_else(|| odd_answer(DESCRIBE_RULES, "a rule without an ARN"))?;
    let mut actions: Vec<_> = rule.actions().iter().collect();
    actions.sort_by_key(|action| action.order().unwrap_or_default());
    Ok(Rule {
        arn: RuleArn(arn.to_owned()),
        priority: priority(rule)?,
        conditions: rule.conditions().iter().map(condition::read).collect(),
        actions: actions.into_iter().map(action).collect::<Result<_, _>>()?,
        transforms: rule.transforms().iter().map(|transform| format!("{transform:?}")).collect(),
    })
}

fn priority(rule: &types::Rule) -> Result<Priority, CloudError> {
    match rule.priority().unwrap_or_default() {
        "default" => Ok(Priority::Default),
        number => number.parse().map(Priority::Number).map_err(|_| {
            odd_answer(DESCRIBE_RULES, format!("a rule with the priority `{number}`"))
        }),
    }
}

fn action(action: &types::Action) -> Result<Action, CloudError> {
    Ok(match action.r#type() {
        Some(ActionTypeEnum::Forward) => Action::Forward(forward(action)?),
        Some(kind @ (ActionTypeEnum::FixedResponse | ActionTypeEnum::Redirect)) => {
            Action::Respond(other(kind, action))
        }
        Some(kind) => Action::Other(other(kind, action)),
        None => return Err(odd_answer(DESCRIBE_RULES, "an action without a type")),
    })
}

/// Everything that AWS tells of an action but its place. The order of a map is none.
fn other(kind: &ActionTypeEnum, action: &types::Action) -> OtherAction {
    let mut action = action.clone();
    action.order = None;
    let oidc = action.authenticate_oidc_config.as_mut();
    let oidc = oidc.and_then(|config| config.authentication_request_extra_params.take());
    let cognito = action.authenticate_cognito_config.as_mut();
    let cognito = cognito.and_then(|config| config.authentication_request_extra_params.take());
    let parameters: BTreeMap<_, _> = oidc.into_iter().chain(cognito).flatten().collect();
    OtherAction { kind: kind.as_str().to_owned(), settings: format!("{action:?} {parameters:?}") }
}

/// A forward names its group by itself, or in a list with weights, or both ways; the list holds
/// more.
fn forward(action: &types::Action) -> Result<Forward, CloudError> {
    let config = action.forward_config();
    let listed = config.map(|config| config.target_groups()).unwrap_or_default();
    let groups = match (listed, action.target_group_arn()) {
        ([], Some(arn)) => vec![weighted(arn, 1)?],
        (listed, _) => listed.iter().map(of_tuple).collect::<Result<_, _>>()?,
    };
    let sticky = config.and_then(|config| config.target_group_stickiness_config());
    let sticky = sticky.filter(|sticky| sticky.enabled() == Some(true));
    let stickiness =
        sticky.map(|sticky| u32::try_from(sticky.duration_seconds().unwrap_or_default()));
    let odd = |_| odd_answer(DESCRIBE_RULES, "a negative duration");
    Ok(Forward { groups, stickiness: stickiness.transpose().map_err(odd)? })
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
        let Action::Forward(forward) = action else { panic!("not a forward: {action:?}") };
        forward.groups.iter().map(|group| (group.group.to_string(), group.weight)).collect()
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
        assert_eq!(rule.actions[0].kind(), "authenticate-oidc");
        assert!(matches!(rule.actions[1], Action::Forward(_)));
    }

    #[test]
    fn actions_are_equal_whatever_their_place_and_the_order_of_their_parameters() {
        let oidc = |order: i32, client: &str| {
            let parameters = ["prompt", "acr", "display", "a", "b", "c"];
            let mut config = types::AuthenticateOidcActionConfig::builder().client_id(client);
            for name in parameters {
                config = config.authentication_request_extra_params(name, "x");
            }
            let action = types::Action::builder().r#type(ActionTypeEnum::AuthenticateOidc);
            action.order(order).authenticate_oidc_config(config.build()).build()
        };
        let read = |order, client| super::action(&oidc(order, client)).unwrap();
        for _ in 0..10 {
            assert_eq!(read(1, "shop"), read(5, "shop"));
        }
        assert_ne!(read(1, "shop"), read(1, "other"));
    }

    #[test]
    fn stickiness_is_read_where_it_is_switched_on() {
        let sticky = |enabled: bool| {
            let config = types::TargetGroupStickinessConfig::builder();
            let config = config.enabled(enabled).duration_seconds(60).build();
            let forward = ForwardActionConfig::builder()
                .target_groups(TargetGroupTuple::builder().target_group_arn(BLUE).build())
                .target_group_stickiness_config(config);
            let action = types::Action::builder().r#type(ActionTypeEnum::Forward);
            super::forward(&action.forward_config(forward.build()).build()).unwrap().stickiness
        };
        assert_eq!((sticky(true), sticky(false)), (Some(60), None));
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
