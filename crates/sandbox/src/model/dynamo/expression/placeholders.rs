//! What the placeholders of a request's expressions stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Condition;
use super::parser::Parser;
use super::projection::Projection;
use super::update::Update;
use crate::model::ApiError;
use crate::model::dynamo::{AttributeValue, Item};

/// The names and values that a request gives, and which of them its expressions used so far.
///
/// All expressions of a request are read through one of these; [`finish`](Self::finish) then
/// refuses what none of them used.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    names: Option<BTreeMap<String, String>>,
    values: Option<Item>,
    used: BTreeSet<String>,
}

impl Placeholders {
    /// What a request gives; nothing at all is not the same as an empty map.
    pub(crate) fn new(
        names: Option<BTreeMap<String, String>>,
        values: Option<Item>,
    ) -> Result<Self, ApiError> {
        check_keys("ExpressionAttributeNames", names.as_ref().map(BTreeMap::keys), '#')?;
        check_keys("ExpressionAttributeValues", values.as_ref().map(BTreeMap::keys), ':')?;
        Ok(Self { names, values, used: BTreeSet::new() })
    }

    /// Reads a condition; `parameter` is the request's member that holds it.
    pub(crate) fn condition(&mut self, parameter: &str, text: &str) -> Result<Condition, ApiError> {
        self.read(parameter, text, |parser| parser.condition())
    }

    /// Reads an UpdateExpression.
    pub(crate) fn update(&mut self, text: &str) -> Result<Update, ApiError> {
        self.read("UpdateExpression", text, |parser| parser.update())
    }

    /// Reads a ProjectionExpression.
    pub(crate) fn projection(&mut self, text: &str) -> Result<Projection, ApiError> {
        self.read("ProjectionExpression", text, |parser| parser.projection())
    }

    /// Refuses names and values that no expression used.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        self.check_used("ExpressionAttributeNames", self.names.as_ref().map(BTreeMap::keys))?;
        self.check_used("ExpressionAttributeValues", self.values.as_ref().map(BTreeMap::keys))
    }

    /// The attribute name behind `#name`.
    pub(super) fn name(&mut self, placeholder: &str) -> Result<String, String> {
        let name =
            self.names.as_ref().and_then(|names| names.get(placeholder)).ok_or_else(|| {
                format!(
                    "An expression attribute name used in the document path is not defined; \
                 attribute name: {placeholder}"
                )
            })?;
        self.used.insert(placeholder.to_owned());
        Ok(name.clone())
    }

    /// The value behind `:value`.
    pub(super) fn value(&mut self, placeholder: &str) -> Result<AttributeValue, String> {
        let value =
            self.values.as_ref().and_then(|values| values.get(placeholder)).ok_or_else(|| {
                format!(
                    "An expression attribute value used in expression is not defined; \
                     attribute value: {placeholder}"
                )
            })?;
        self.used.insert(placeholder.to_owned());
        Ok(value.clone())
    }

    fn read<T>(
        &mut self,
        parameter: &str,
        text: &str,
        parse: impl FnOnce(Parser<'_>) -> Result<T, String>,
    ) -> Result<T, ApiError> {
        Parser::new(text, self)
            .and_then(parse)
            .map_err(|message| invalid(format!("Invalid {parameter}: {message}")))
    }

    fn check_used<'a>(
        &self,
        parameter: &str,
        keys: Option<impl Iterator<Item = &'a String>>,
    ) -> Result<(), ApiError> {
        let unused: Vec<&str> = keys
            .into_iter()
            .flatten()
            .filter(|key| !self.used.contains(*key))
            .map(String::as_str)
            .collect();
        if unused.is_empty() {
            return Ok(());
        }
        Err(invalid(format!(
            "Value provided in {parameter} unused in expressions: keys: {{{}}}",
            unused.join(", ")
        )))
    }
}

fn check_keys<'a>(
    parameter: &str,
    keys: Option<impl ExactSizeIterator<Item = &'a String>>,
    mark: char,
) -> Result<(), ApiError> {
    let Some(keys) = keys else { return Ok(()) };
    if keys.len() == 0 {
        return Err(invalid(format!("{parameter} must not be empty")));
    }
    for key in keys {
        let word = key.strip_prefix(mark).unwrap_or_default();
        if word.is_empty() || !word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(invalid(format!(
                "{parameter} contains invalid key: Syntax error; key: \"{key}\""
            )));
        }
    }
    Ok(())
}

fn invalid(message: String) -> ApiError {
    ApiError::client("ValidationException", message)
}
