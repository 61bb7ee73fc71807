//! The expressions of a request, read together because they share their placeholders.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::attribute::{WireItem, decode_item};
use super::validation;
use crate::model::ApiError;
use crate::model::dynamo::expression::{Condition, Placeholders, Projection, Update};

/// The members about expressions that operations share. They are taken out of the input rather than
/// flattened into its type, which would hide members that nobody knows.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct WireExpressions {
    update_expression: Option<String>,
    condition_expression: Option<String>,
    key_condition_expression: Option<String>,
    filter_expression: Option<String>,
    projection_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<WireItem>,
}

/// The expressions of a request.
#[derive(Debug)]
pub(super) struct Expressions {
    pub(super) update: Option<Update>,
    pub(super) condition: Option<Condition>,
    pub(super) key_condition: Option<Condition>,
    pub(super) filter: Option<Condition>,
    pub(super) projection: Option<Projection>,
}

impl WireExpressions {
    /// Takes an operation's expressions out of its input, with the placeholders that they can use.
    pub(super) fn take(input: &mut Value, expressions: &[&str]) -> Result<Self, ApiError> {
        let takes_values = expressions.iter().any(|name| *name != "ProjectionExpression");
        let values = takes_values.then_some("ExpressionAttributeValues");
        let names = expressions.iter().copied().chain(["ExpressionAttributeNames"]).chain(values);
        let taken: Map<String, Value> = match input.as_object_mut() {
            Some(members) => names.filter_map(|name| members.remove_entry(name)).collect(),
            None => Map::new(),
        };
        serde_json::from_value(taken.into())
            .map_err(|error| ApiError::client("SerializationException", error.to_string()))
    }

    /// Reads them all and refuses placeholders that none of them uses.
    pub(super) fn read(self) -> Result<Expressions, ApiError> {
        self.check_needed()?;
        let values = self.expression_attribute_values.map(decode_item).transpose();
        let values = values.map_err(|error| {
            validation(format!(
                "ExpressionAttributeValues contains invalid value: {}",
                error.message
            ))
        })?;
        let mut placeholders = Placeholders::new(self.expression_attribute_names, values)?;
        let mut condition = |parameter: &str, text: Option<String>| {
            text.map(|text| placeholders.condition(parameter, &text)).transpose()
        };
        let key = condition("KeyConditionExpression", self.key_condition_expression)?;
        let filter = condition("FilterExpression", self.filter_expression)?;
        let write = condition("ConditionExpression", self.condition_expression)?;
        let update = self.update_expression.map(|text| placeholders.update(&text)).transpose()?;
        let projection =
            self.projection_expression.map(|text| placeholders.projection(&text)).transpose()?;
        placeholders.finish()?;
        Ok(Expressions { update, condition: write, key_condition: key, filter, projection })
    }

    /// Placeholders without an expression that could use them are a mistake.
    fn check_needed(&self) -> Result<(), ApiError> {
        let with_values = [
            &self.update_expression,
            &self.condition_expression,
            &self.key_condition_expression,
            &self.filter_expression,
        ];
        let takes_values = with_values.into_iter().any(Option::is_some);
        if self.expression_attribute_names.is_some()
            && !takes_values
            && self.projection_expression.is_none()
        {
            return Err(validation(
                "ExpressionAttributeNames can only be specified when using expressions",
            ));
        }
        if self.expression_attribute_values.is_some() && !takes_values {
            return Err(validation(
                "ExpressionAttributeValues can only be specified when using expressions",
            ));
        }
        Ok(())
    }
}
