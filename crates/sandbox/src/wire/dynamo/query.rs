//! Query and Scan.

use serde::Deserialize;
use serde_json::{Value, json};

use super::attribute::{WireItem, decode_item, encode_item};
use super::constraint::{choice, limit, table_name};
use super::expressions::{Expressions, WireExpressions};
use super::items::projected;
use super::validation;
use crate::model::ApiError;
use crate::model::dynamo::expression::Projection;
use crate::model::dynamo::query::{Direction, Page, PageRequest};
use crate::wire::Call;

/// The members of Query and Scan.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Read {
    table_name: Option<String>,
    scan_index_forward: Option<bool>,
    limit: Option<i64>,
    exclusive_start_key: Option<WireItem>,
    select: Option<String>,
    /// Every read here is consistent, so this asks for nothing more.
    #[serde(rename = "ConsistentRead")]
    _consistent_read: Option<bool>,
}

/// What of the items a read returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Select {
    AllAttributes,
    SpecificAttributes,
    Count,
}

const SELECTS: [(&str, Select); 3] = [
    ("ALL_ATTRIBUTES", Select::AllAttributes),
    ("SPECIFIC_ATTRIBUTES", Select::SpecificAttributes),
    ("COUNT", Select::Count),
];

pub(super) fn query(call: &mut Call<'_>, mut input: Value) -> Result<Value, ApiError> {
    let expressions = WireExpressions::take(
        &mut input,
        &["KeyConditionExpression", "FilterExpression", "ProjectionExpression"],
    )?;
    let input: Read = call.input(input)?;
    let table = table_name(input.table_name.clone())?;
    let direction = match input.scan_index_forward {
        Some(false) => Direction::Descending,
        _ => Direction::Ascending,
    };
    let Expressions { key_condition, filter, projection, .. } = expressions.read()?;
    let key_condition = key_condition.ok_or_else(|| {
        validation(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in \
             the request.",
        )
    })?;
    let select = input.select(projection.as_ref())?;
    let request = PageRequest { filter, ..input.page()? };
    let table = call.cloud.region(&call.scope).dynamo.table(&table)?;
    Ok(answer(&table.query(&key_condition, direction, &request)?, select, projection.as_ref()))
}

pub(super) fn scan(call: &mut Call<'_>, mut input: Value) -> Result<Value, ApiError> {
    let expressions =
        WireExpressions::take(&mut input, &["FilterExpression", "ProjectionExpression"])?;
    let input: Read = call.input(input)?;
    let table = table_name(input.table_name.clone())?;
    let Expressions { filter, projection, .. } = expressions.read()?;
    let select = input.select(projection.as_ref())?;
    let request = PageRequest { filter, ..input.page()? };
    let table = call.cloud.region(&call.scope).dynamo.table(&table)?;
    Ok(answer(&table.scan(&request)?, select, projection.as_ref()))
}

impl Read {
    fn select(&self, projection: Option<&Projection>) -> Result<Select, ApiError> {
        let default = if projection.is_some() { "SPECIFIC_ATTRIBUTES" } else { "ALL_ATTRIBUTES" };
        let word = self.select.as_deref().unwrap_or(default);
        match (choice(Some(word), "select", &SELECTS)?, projection) {
            (Select::SpecificAttributes, None) => Err(validation(
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get \
                 SPECIFIC_ATTRIBUTES",
            )),
            (Select::AllAttributes | Select::Count, Some(_)) => Err(validation(format!(
                "Cannot specify the ProjectionExpression when choosing to get {word}"
            ))),
            (select, _) => Ok(select),
        }
    }

    fn page(self) -> Result<PageRequest, ApiError> {
        Ok(PageRequest {
            filter: None,
            limit: limit(self.limit, i64::from(i32::MAX))?,
            start: self.exclusive_start_key.map(decode_item).transpose()?,
        })
    }
}

fn answer(page: &Page, select: Select, projection: Option<&Projection>) -> Value {
    let mut answer = json!({ "Count": page.items.len(), "ScannedCount": page.scanned });
    if select != Select::Count {
        answer["Items"] =
            page.items.iter().map(|item| encode_item(&projected(item, projection))).collect();
    }
    if let Some(key) = &page.last_evaluated_key {
        answer["LastEvaluatedKey"] = encode_item(key);
    }
    answer
}
