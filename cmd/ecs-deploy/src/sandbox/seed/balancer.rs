//! Balancer, listener, target groups and rules.

use std::time::Duration;

use ecs_deploy::config::Target;
use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::elb::{
    Action, ActionKind, Condition, Elb, FixedResponse, Forward, HealthCheck, NewRule, Priority,
    Stickiness, WeightedGroup,
};
use ecs_deploy_sandbox::model::{ApiError, Cloud, Time};

use super::scope_of;

/// How long requests in flight may go on after a target was deregistered: AWS's default is minutes.
const DEREGISTRATION_DELAY: Duration = Duration::from_secs(2);

/// The priority of green's rule; blue's is the next.
const GREEN: u16 = 11;

/// The port that the first listener of a balancer shows.
const PORT: u16 = 80;

/// Makes what an environment's traffic goes through. Green is live. Where another environment has the
/// same listener, `host` tells which requests are of this one.
pub(super) fn create(
    cloud: &mut Cloud,
    target: &Target,
    host: Option<&str>,
    port: u16,
) -> Result<(), ApiError> {
    let elb = &mut cloud.region(&scope_of(target)).elb;
    let scope = target.traffic_scope();
    for arn in scope.named() {
        listener(elb, &arn.to_string())?;
    }
    for color in [Color::Green, Color::Blue] {
        let group = target.target_groups[color].to_string();
        let made = elb.put_target_group(&group, "HTTP", port)?;
        made.deregistration_delay = DEREGISTRATION_DELAY;
        made.health_check = health_check();
        for arn in &scope.listeners {
            rule(elb, &arn.to_string(), condition(host), group.clone())?;
        }
    }
    Ok(())
}

fn condition(host: Option<&str>) -> Condition {
    match host {
        Some(host) => Condition::HostHeader(vec![host.to_owned()].into()),
        None => Condition::PathPattern(vec!["*".to_owned()].into()),
    }
}

fn listener(elb: &mut Elb, listener: &str) -> Result<(), ApiError> {
    let balancer = balancer_of(listener);
    // What is there from the start is in effect from the start.
    elb.put_load_balancer(&balancer, Time::default())?;
    let others = elb.listeners().filter(|it| it.balancer() == balancer && it.arn != listener);
    let port = others.map(|it| it.port + 1).max().unwrap_or(PORT);
    let nothing = FixedResponse { status: 404, content_type: None, body: None };
    let actions = vec![Action { order: 1, kind: ActionKind::FixedResponse(nothing) }];
    elb.put_listener(listener, "HTTP", port, actions, Time::default())?;
    Ok(())
}

/// The ARN of a listener's balancer.
fn balancer_of(listener: &str) -> String {
    let balancer = listener.rsplit_once('/').map_or(listener, |(balancer, _)| balancer);
    balancer.replacen(":listener/", ":loadbalancer/", 1)
}

/// Forwards what fits the condition to a group, after the rules that are there: a listener that two
/// environments share has the rules of both.
fn rule(
    elb: &mut Elb,
    listener: &str,
    condition: Condition,
    group: String,
) -> Result<(), ApiError> {
    let taken = elb.rules_in_order(listener).into_iter().filter_map(|rule| match rule.priority {
        Priority::At(number) => Some(number + 1),
        Priority::Default => None,
    });
    let priority = taken.max().unwrap_or(GREEN);
    let forward = Forward {
        groups: vec![WeightedGroup { arn: group, weight: 1 }],
        stickiness: Stickiness::default(),
    };
    let rule = NewRule {
        id: format!("{priority:016x}"),
        listener: listener.to_owned(),
        priority: Priority::At(priority),
        conditions: vec![condition],
        actions: vec![Action { order: 1, kind: ActionKind::Forward(forward) }],
        transforms: Vec::new(),
    };
    elb.create_rule(rule, Time::default())?;
    Ok(())
}

/// Asks the demo program quickly.
fn health_check() -> HealthCheck {
    HealthCheck {
        path: "/healthz".to_owned(),
        interval: Duration::from_millis(700),
        timeout: Duration::from_secs(2),
        healthy_threshold: 2,
        ..HealthCheck::default()
    }
}
