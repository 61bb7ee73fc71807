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
mod transforms;

use super::{Call, Operation};
use crate::model::ApiError;
use crate::model::elb::Elb;

/// The namespace of its XML.
pub(super) const NAMESPACE: &str = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/// Members that would change what a call leads to and are not built here.
pub(super) const REFUSED: &[&str] = &[
    "*.Conditions.SourceIpConfig.IpAddressType",
    "*.Matcher.GrpcCode",
    "*.MutualAuthentication",
    "CreateTargetGroup.TargetControlPort",
];

/// The operations, and what answers each.
pub(super) const OPERATIONS: &[Operation] = &[
    ("CreateLoadBalancer", balancers::create),
    ("DescribeLoadBalancers", balancers::describe),
    ("DeleteLoadBalancer", balancers::delete),
    ("DescribeLoadBalancerAttributes", attributes::of_balancer),
    ("CreateListener", listeners::create),
    ("DescribeListeners", listeners::describe),
    ("ModifyListener", listeners::modify),
    ("DeleteListener", listeners::delete),
    ("CreateRule", rules::create),
    ("DescribeRules", rules::describe),
    ("ModifyRule", rules::modify),
    ("DeleteRule", rules::delete),
    ("SetRulePriorities", rules::set_priorities),
    ("CreateTargetGroup", target_groups::create),
    ("DescribeTargetGroups", target_groups::describe),
    ("ModifyTargetGroup", target_groups::modify),
    ("DeleteTargetGroup", target_groups::delete),
    ("DescribeTargetGroupAttributes", attributes::of_group),
    ("ModifyTargetGroupAttributes", attributes::modify_group),
    ("RegisterTargets", targets::register),
    ("DeregisterTargets", targets::deregister),
    ("DescribeTargetHealth", targets::describe_health),
    ("AddTags", tags::add),
    ("RemoveTags", tags::remove),
    ("DescribeTags", tags::describe),
];

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
