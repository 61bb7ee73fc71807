//! DynamoDB: tables, items, expressions.

/// The tables of one scope.
#[derive(Debug, Default)]
pub struct Tables {}
