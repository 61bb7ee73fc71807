//! The operations of DynamoDB.

mod attribute;
mod constraint;
mod expressions;
mod items;
mod query;
mod tables;

use super::Operation;
use crate::model::ApiError;

/// Members that would change what a call leads to and are not built here: legacy conditions (their
/// expressions are), indexes, parallel scans, global tables and protection.
pub(super) const REFUSED: &[&str] = &[
    "*.AttributeUpdates",
    "*.AttributesToGet",
    "*.ConditionalOperator",
    "*.Expected",
    "*.IndexName",
    "*.KeyConditions",
    "*.QueryFilter",
    "*.ScanFilter",
    "*.Segment",
    "*.TotalSegments",
    "BatchGetItem.RequestItems.*.AttributesToGet",
    "CreateTable.DeletionProtectionEnabled",
    "CreateTable.GlobalSecondaryIndexes",
    "CreateTable.GlobalTableSourceArn",
    "CreateTable.LocalSecondaryIndexes",
    "CreateTable.VectorIndexes",
];

/// The operations, and what answers each.
pub(super) const OPERATIONS: &[Operation] = &[
    ("CreateTable", tables::create),
    ("DescribeTable", tables::describe),
    ("DeleteTable", tables::delete),
    ("ListTables", tables::list),
    ("GetItem", items::get),
    ("BatchGetItem", items::batch_get),
    ("PutItem", items::put),
    ("UpdateItem", items::update),
    ("DeleteItem", items::delete),
    ("Query", query::query),
    ("Scan", query::scan),
];

fn validation(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationException", message)
}

#[cfg(test)]
mod tests;
