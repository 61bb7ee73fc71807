//! The operations of Elastic Load Balancing.

mod actions;
mod attributes;
mod balancers;
mod conditions;
mod listeners;
mod page;
mod rules;
mod tags;
mod target_groups;
mod targets;

use serde_json::Value;

use super::Call;
use super::query;
use crate::model::ApiError;
use crate::model::elb::Elb;

/// The namespace of its XML.
pub(super) const NAMESPACE: &str = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/// Answers one call.
pub(super) fn call(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    match call.operation.as_str() {
        "CreateLoadBalancer" => balancers::create(call, input),
        "DescribeLoadBalancers" => balancers::describe(call, input),
        "DeleteLoadBalancer" => balancers::delete(call, input),
        "DescribeLoadBalancerAttributes" => attributes::of_balancer(call, input),
        "CreateListener" => listeners::create(call, input),
        "DescribeListeners" => listeners::describe(call, input),
        "ModifyListener" => listeners::modify(call, input),
        "DeleteListener" => listeners::delete(call, input),
        "CreateRule" => rules::create(call, input),
        "DescribeRules" => rules::describe(call, input),
        "ModifyRule" => rules::modify(call, input),
        "DeleteRule" => rules::delete(call, input),
        "SetRulePriorities" => rules::set_priorities(call, input),
        "CreateTargetGroup" => target_groups::create(call, input),
        "DescribeTargetGroups" => target_groups::describe(call, input),
        "ModifyTargetGroup" => target_groups::modify(call, input),
        "DeleteTargetGroup" => target_groups::delete(call, input),
        "DescribeTargetGroupAttributes" => attributes::of_group(call, input),
        "ModifyTargetGroupAttributes" => attributes::modify_group(call, input),
        "RegisterTargets" => targets::register(call, input),
        "DeregisterTargets" => targets::deregister(call, input),
        "DescribeTargetHealth" => targets::describe_health(call, input),
        "AddTags" => tags::add(call, input),
        "RemoveTags" => tags::remove(call, input),
        "DescribeTags" => tags::describe(call, input),
        other => Err(query::unknown_operation(other)),
    }
}

/// Elastic Load Balancing where the call acts.
fn elb<'a>(call: &'a mut Call<'_>) -> &'a mut Elb {
    &mut call.cloud.region(&call.scope).elb
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationError", message)
}

/// Refuses a name that a balancer or a target group can't have.
fn check_name(name: &str) -> Result<(), ApiError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.is_empty() || name.len() > 32 || !name.chars().all(is_allowed) {
        return Err(invalid(format!("Name '{name}' must have 1 to 32 letters, digits or hyphens")));
    }
    if name.starts_with('-') || name.ends_with('-') {
        return Err(invalid(format!("Name '{name}' cannot begin or end with a hyphen")));
    }
    Ok(())
}
