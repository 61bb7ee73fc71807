//! The operations of DynamoDB.

mod attribute;
mod constraint;
mod expressions;
mod items;
mod query;
mod tables;

use serde_json::Value;

use super::Call;
use crate::model::ApiError;

/// Members that change what an operation does and are not built here: legacy conditions (their
/// expressions are), secondary indexes and parallel scans. To ignore them would answer wrongly.
const REFUSED: [&str; 12] = [
    "AttributeUpdates",
    "AttributesToGet",
    "ConditionalOperator",
    "Expected",
    "GlobalSecondaryIndexes",
    "IndexName",
    "KeyConditions",
    "LocalSecondaryIndexes",
    "QueryFilter",
    "ScanFilter",
    "Segment",
    "TotalSegments",
];

/// Answers one call.
pub(super) fn call(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    refuse_members(&input)?;
    match call.operation.as_str() {
        "CreateTable" => tables::create(call, input),
        "DescribeTable" => tables::describe(call, input),
        "DeleteTable" => tables::delete(call, input),
        "ListTables" => tables::list(call, input),
        "GetItem" => items::get(call, input),
        "BatchGetItem" => items::batch_get(call, input),
        "PutItem" => items::put(call, input),
        "UpdateItem" => items::update(call, input),
        "DeleteItem" => items::delete(call, input),
        "Query" => query::query(call, input),
        "Scan" => query::scan(call, input),
        _ => Err(call.unknown_operation()),
    }
}

fn refuse_members(input: &Value) -> Result<(), ApiError> {
    match REFUSED.into_iter().find(|member| input.get(member).is_some_and(|value| !value.is_null()))
    {
        None => Ok(()),
        Some(member) => {
            Err(validation(format!("this local AWS does not support the parameter {member}")))
        }
    }
}

fn validation(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationException", message)
}

#[cfg(test)]
mod tests;
