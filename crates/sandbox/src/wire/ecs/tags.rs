//! Operations on tags.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Call;
use crate::model::ApiError;
use crate::model::ecs::Tag;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListTagsForResource {
    resource_arn: String,
}

pub(super) fn list(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ListTagsForResource = call.input(input)?;
    let ecs = &mut call.cloud.region(&call.scope).ecs;
    Ok(json!({"tags": ecs.tags(&input.resource_arn)?}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagResource {
    resource_arn: String,
    tags: Vec<Tag>,
}

pub(super) fn add(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: TagResource = call.input(input)?;
    let ecs = &mut call.cloud.region(&call.scope).ecs;
    ecs.tags(&input.resource_arn)?.add(input.tags)?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UntagResource {
    resource_arn: String,
    tag_keys: Vec<String>,
}

pub(super) fn remove(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: UntagResource = call.input(input)?;
    let ecs = &mut call.cloud.region(&call.scope).ecs;
    ecs.tags(&input.resource_arn)?.remove(&input.tag_keys);
    Ok(json!({}))
}
