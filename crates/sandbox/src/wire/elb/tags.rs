//! Tags.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{elb, invalid};
use crate::model::ApiError;
use crate::wire::Call;
use crate::wire::query::List;

/// A tag as it is given.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

/// The tags as the model takes them.
pub(super) fn pairs(tags: List<Tag>) -> Vec<(String, String)> {
    tags.0.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AddTags {
    resource_arns: List<String>,
    tags: List<Tag>,
}

pub(super) fn add(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: AddTags = call.input(input)?;
    check_count(&input.resource_arns)?;
    let tags = pairs(input.tags);
    for arn in &input.resource_arns.0 {
        elb(call).add_tags(arn, &tags)?;
    }
    Ok(Value::Null)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RemoveTags {
    resource_arns: List<String>,
    tag_keys: List<String>,
}

pub(super) fn remove(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: RemoveTags = call.input(input)?;
    check_count(&input.resource_arns)?;
    for arn in &input.resource_arns.0 {
        elb(call).remove_tags(arn, &input.tag_keys.0)?;
    }
    Ok(Value::Null)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTags {
    resource_arns: List<String>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeTags = call.input(input)?;
    check_count(&input.resource_arns)?;
    let describe = |arn: &String| {
        let tags = elb(call).tags(arn)?;
        let tags: Vec<Value> =
            tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        Ok(json!({"ResourceArn": arn, "Tags": tags}))
    };
    let descriptions: Result<Vec<Value>, ApiError> =
        input.resource_arns.0.iter().map(describe).collect();
    Ok(json!({"TagDescriptions": descriptions?}))
}

fn check_count(arns: &List<String>) -> Result<(), ApiError> {
    match arns.0.len() {
        1..=20 => Ok(()),
        count => Err(invalid(format!("1 to 20 resources can be named at a time, not {count}"))),
    }
}
