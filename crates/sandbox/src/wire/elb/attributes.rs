//! Attributes of balancers and target groups.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::elb;
use crate::model::ApiError;
use crate::wire::Call;
use crate::wire::query::List;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfBalancer {
    load_balancer_arn: String,
}

pub(super) fn of_balancer(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: OfBalancer = call.input(input)?;
    let attributes = elb(call).balancer(&input.load_balancer_arn)?.attributes();
    Ok(json!({"Attributes": shown(attributes)}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfGroup {
    target_group_arn: String,
}

pub(super) fn of_group(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: OfGroup = call.input(input)?;
    Ok(json!({"Attributes": shown(elb(call).group(&input.target_group_arn)?.attributes())}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyGroup {
    target_group_arn: String,
    attributes: List<Attribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    key: String,
    #[serde(default)]
    value: String,
}

pub(super) fn modify_group(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ModifyGroup = call.input(input)?;
    let changes: Vec<(String, String)> =
        input.attributes.0.into_iter().map(|given| (given.key, given.value)).collect();
    let group = elb(call).set_group_attributes(&input.target_group_arn, &changes)?;
    Ok(json!({"Attributes": shown(group.attributes())}))
}

fn shown(attributes: BTreeMap<String, String>) -> Vec<Value> {
    attributes.into_iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}
