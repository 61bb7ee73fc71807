//! Rules.

use serde::Deserialize;
use serde_json::{Value, json};

use super::actions::{self, ActionInput};
use super::conditions::{self, ConditionInput};
use super::page::page;
use super::tags::{self, Tag};
use super::transforms::{self, TransformInput};
use super::{elb, invalid};
use crate::model::ApiError;
use crate::model::elb::{NewRule, Priority, Rule, RuleChange, Transform, check_tags};
use crate::wire::Call;
use crate::wire::query::{List, Parsed};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateRule {
    listener_arn: String,
    priority: Parsed<i64>,
    conditions: List<ConditionInput>,
    actions: List<ActionInput>,
    #[serde(default)]
    transforms: List<TransformInput>,
    #[serde(default)]
    tags: List<Tag>,
}

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: CreateRule = call.input(input)?;
    let tags = tags::pairs(input.tags);
    check_tags(&tags)?;
    let rule = NewRule {
        id: call.cloud.ids.hex(16),
        listener: input.listener_arn,
        priority: Priority::new(input.priority.0)?,
        conditions: conditions::read(input.conditions)?,
        actions: actions::read(input.actions, &[])?,
        transforms: transforms::read(input.transforms)?,
    };
    let now = call.now;
    let elb = elb(call);
    let rule = elb.create_rule(rule, now)?;
    let (arn, output) = (rule.arn.clone(), json!({"Rules": [shown(rule)]}));
    elb.add_tags(&arn, &tags)?;
    Ok(output)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeRules {
    listener_arn: Option<String>,
    rule_arns: Option<List<String>>,
    marker: Option<String>,
    page_size: Option<Parsed<usize>>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeRules = call.input(input)?;
    let elb = elb(call);
    let found: Vec<&Rule> = match (&input.listener_arn, input.rule_arns) {
        (Some(listener), None) => {
            elb.listener(listener)?;
            elb.rules_in_order(listener)
        }
        (None, Some(arns)) => arns.0.iter().map(|arn| elb.rule(arn)).collect::<Result<_, _>>()?,
        _ => return Err(invalid("Either a listener ARN or rule ARNs must be specified")),
    };
    let (found, next) = page(found, input.marker.as_deref(), input.page_size)?;
    let shown: Value = found.into_iter().map(shown).collect();
    Ok(Value::from_iter([("Rules", shown), ("NextMarker", next.into())]))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyRule {
    rule_arn: String,
    conditions: Option<List<ConditionInput>>,
    actions: Option<List<ActionInput>>,
    transforms: Option<List<TransformInput>>,
    reset_transforms: Option<Parsed<bool>>,
}

pub(super) fn modify(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ModifyRule = call.input(input)?;
    let now = call.now;
    let elb = elb(call);
    let previous = &elb.rule(&input.rule_arn)?.actions;
    let change = RuleChange {
        conditions: input.conditions.map(conditions::read).transpose()?,
        actions: input.actions.map(|given| actions::read(given, previous)).transpose()?,
        transforms: changed_transforms(input.transforms, input.reset_transforms)?,
    };
    let rule = elb.modify_rule(&input.rule_arn, change, now)?;
    Ok(json!({"Rules": [shown(rule)]}))
}

/// New transforms, none from now on, or nothing about them.
fn changed_transforms(
    given: Option<List<TransformInput>>,
    reset: Option<Parsed<bool>>,
) -> Result<Option<Vec<Transform>>, ApiError> {
    match (given.filter(|given| !given.0.is_empty()), reset) {
        (Some(_), Some(Parsed(true))) => {
            Err(invalid("Transforms and ResetTransforms cannot both be specified"))
        }
        (None, Some(Parsed(true))) => Ok(Some(Vec::new())),
        (given, _) => given.map(transforms::read).transpose(),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteRule {
    rule_arn: String,
}

pub(super) fn delete(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DeleteRule = call.input(input)?;
    let now = call.now;
    elb(call).delete_rule(&input.rule_arn, now)?;
    Ok(Value::Null)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetRulePriorities {
    rule_priorities: List<RulePriority>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RulePriority {
    rule_arn: String,
    priority: Parsed<i64>,
}

pub(super) fn set_priorities(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: SetRulePriorities = call.input(input)?;
    let pair = |given: RulePriority| Ok((given.rule_arn, Priority::new(given.priority.0)?));
    let pairs: Result<Vec<_>, ApiError> = input.rule_priorities.0.into_iter().map(pair).collect();
    let pairs = pairs?;
    let now = call.now;
    let elb = elb(call);
    elb.set_rule_priorities(&pairs, now)?;
    let rules: Result<Vec<Value>, ApiError> =
        pairs.iter().map(|(arn, _)| elb.rule(arn).map(shown)).collect();
    Ok(json!({"Rules": rules?}))
}

fn shown(rule: &Rule) -> Value {
    json!({
        "RuleArn": rule.arn,
        "Priority": rule.priority.to_string(),
        "Conditions": rule.conditions.iter().map(conditions::shown).collect::<Vec<_>>(),
        "Actions": actions::shown(&rule.actions),
        "IsDefault": rule.is_default(),
        "Transforms": transforms::shown(&rule.transforms),
    })
}
