//! Operations on single items, and on several by their keys.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::attribute::{WireItem, decode_item, encode_item};
use super::constraint::{choice, required, table_name};
use super::expressions::{Expressions, WireExpressions};
use super::validation;
use crate::model::ApiError;
use crate::model::dynamo::expression::Projection;
use crate::model::dynamo::table::{Change, WriteError};
use crate::model::dynamo::{Item, Tables};
use crate::wire::Call;

/// The most keys of one BatchGetItem.
const MAX_BATCH: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetItem {
    table_name: Option<String>,
    key: Option<WireItem>,
    /// Every read here is consistent, so this asks for nothing more.
    #[serde(rename = "ConsistentRead")]
    _consistent_read: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutItem {
    table_name: Option<String>,
    item: Option<WireItem>,
    return_values: Option<String>,
    return_values_on_condition_check_failure: Option<String>,
}

/// The members of UpdateItem and DeleteItem.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangeItem {
    table_name: Option<String>,
    key: Option<WireItem>,
    return_values: Option<String>,
    return_values_on_condition_check_failure: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchGetItem {
    request_items: Option<BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeysAndAttributes {
    keys: Vec<WireItem>,
    #[serde(rename = "ConsistentRead")]
    _consistent_read: Option<bool>,
}

/// Which attributes a write returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReturnValues {
    None,
    AllOld,
    AllNew,
    UpdatedOld,
    UpdatedNew,
}

const RETURN_VALUES: [(&str, ReturnValues); 5] = [
    ("NONE", ReturnValues::None),
    ("ALL_OLD", ReturnValues::AllOld),
    ("ALL_NEW", ReturnValues::AllNew),
    ("UPDATED_OLD", ReturnValues::UpdatedOld),
    ("UPDATED_NEW", ReturnValues::UpdatedNew),
];

pub(super) fn get(call: &mut Call<'_>, mut input: Value) -> Result<Value, ApiError> {
    let expressions = WireExpressions::take(&mut input, &["ProjectionExpression"])?;
    let input: GetItem = call.input(input)?;
    let table = table_name(input.table_name)?;
    let key = decode_item(required(input.key, "key")?)?;
    let projection = expressions.read()?.projection;
    let found = tables(call).table(&table)?.get(&key)?;
    Ok(found.map_or_else(
        || json!({}),
        |item| json!({ "Item": encode_item(&projected(item, projection.as_ref())) }),
    ))
}

pub(super) fn put(call: &mut Call<'_>, mut input: Value) -> Result<Value, ApiError> {
    let expressions = WireExpressions::take(&mut input, &["ConditionExpression"])?;
    let input: PutItem = call.input(input)?;
    let table = table_name(input.table_name)?;
    let item = decode_item(required(input.item, "item")?)?;
    let returned = old_or_nothing(input.return_values.as_deref())?;
    let on_failure = on_failure(input.return_values_on_condition_check_failure.as_deref())?;
    let condition = expressions.read()?.condition;
    let old = tables(call)
        .table_mut(&table)?
        .put(item, condition.as_ref())
        .map_err(|error| write_error(error, on_failure))?;
    Ok(attributes(old.filter(|_| returned == ReturnValues::AllOld)))
}

pub(super) fn delete(call: &mut Call<'_>, mut input: Value) -> Result<Value, ApiError> {
    let expressions = WireExpressions::take(&mut input, &["ConditionExpression"])?;
    let input: ChangeItem = call.input(input)?;
    let table = table_name(input.table_name)?;
    let key = decode_item(required(input.key, "key")?)?;
    let returned = old_or_nothing(input.return_values.as_deref())?;
    let on_failure = on_failure(input.return_values_on_condition_check_failure.as_deref())?;
    let condition = expressions.read()?.condition;
    let old = tables(call)
        .table_mut(&table)?
        .delete(&key, condition.as_ref())
        .map_err(|error| write_error(error, on_failure))?;
    Ok(attributes(old.filter(|_| returned == ReturnValues::AllOld)))
}

pub(super) fn update(call: &mut Call<'_>, mut input: Value) -> Result<Value, ApiError> {
    let expressions =
        WireExpressions::take(&mut input, &["UpdateExpression", "ConditionExpression"])?;
    let input: ChangeItem = call.input(input)?;
    let table = table_name(input.table_name)?;
    let key = decode_item(required(input.key, "key")?)?;
    let returned = choice(input.return_values.as_deref(), "returnValues", &RETURN_VALUES)?;
    let on_failure = on_failure(input.return_values_on_condition_check_failure.as_deref())?;
    let Expressions { update, condition, .. } = expressions.read()?;
    let update = update.unwrap_or_default();
    let Change { old, new } = tables(call)
        .table_mut(&table)?
        .update(&key, &update, condition.as_ref())
        .map_err(|error| write_error(error, on_failure))?;
    let written = |item: &Item| Some(update.written().apply(item)).filter(|item| !item.is_empty());
    Ok(attributes(match returned {
        ReturnValues::None => None,
        ReturnValues::AllOld => old,
        ReturnValues::AllNew => Some(new),
        ReturnValues::UpdatedOld => old.as_ref().and_then(written),
        ReturnValues::UpdatedNew => written(&new),
    }))
}

pub(super) fn batch_get(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: BatchGetItem = call.input(input)?;
    let mut left = MAX_BATCH;
    let mut responses = Map::new();
    for (table, request) in required(input.request_items, "requestItems")? {
        let items = batch_get_from(call, &table, request, &mut left)?;
        responses.insert(table, items);
    }
    Ok(json!({ "Responses": responses, "UnprocessedKeys": {} }))
}

/// One table's part of a BatchGetItem.
fn batch_get_from(
    call: &mut Call<'_>,
    table: &str,
    mut request: Value,
    left: &mut usize,
) -> Result<Value, ApiError> {
    let expressions = WireExpressions::take(&mut request, &["ProjectionExpression"])?;
    let request: KeysAndAttributes = call.input(request)?;
    *left = left
        .checked_sub(request.keys.len())
        .ok_or_else(|| validation("Too many items requested for the BatchGetItem call"))?;
    let projection = expressions.read()?.projection;
    let unlike: BTreeSet<String> = request.keys.iter().map(|key| json!(key).to_string()).collect();
    if unlike.len() < request.keys.len() {
        return Err(validation("Provided list of item keys contains duplicates"));
    }
    let table = tables(call).table(table)?;
    let mut items = Vec::new();
    for key in request.keys {
        let item = table.get(&decode_item(key)?)?;
        items.extend(item.map(|item| encode_item(&projected(item, projection.as_ref()))));
    }
    Ok(items.into())
}

fn tables<'a>(call: &'a mut Call<'_>) -> &'a mut Tables {
    &mut call.cloud.region(&call.scope).dynamo
}

/// The parts of an item that are asked for.
pub(super) fn projected(item: &Item, projection: Option<&Projection>) -> Item {
    projection.map_or_else(|| item.clone(), |projection| projection.apply(item))
}

fn attributes(item: Option<Item>) -> Value {
    item.map_or_else(|| json!({}), |item| json!({ "Attributes": encode_item(&item) }))
}

/// What PutItem and DeleteItem can return.
fn old_or_nothing(word: Option<&str>) -> Result<ReturnValues, ApiError> {
    match choice(word, "returnValues", &RETURN_VALUES)? {
        known @ (ReturnValues::None | ReturnValues::AllOld) => Ok(known),
        _ => Err(validation("ReturnValues can only be ALL_OLD or NONE")),
    }
}

/// What an error about a failed condition tells of the item.
fn on_failure(word: Option<&str>) -> Result<ReturnValues, ApiError> {
    choice(word, "returnValuesOnConditionCheckFailure", &RETURN_VALUES[..2])
}

fn write_error(error: WriteError, on_failure: ReturnValues) -> ApiError {
    let current = match error {
        WriteError::Refused(error) => return error,
        WriteError::ConditionFailed(current) => current,
    };
    let error =
        ApiError::client("ConditionalCheckFailedException", "The conditional request failed");
    match current.filter(|_| on_failure == ReturnValues::AllOld) {
        Some(item) => error.with_member("Item", encode_item(&item)),
        None => error,
    }
}
