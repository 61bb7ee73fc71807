//! Conditions on a query's primary key.

use super::condition::{Comparator, Condition, Operand};
use crate::model::ApiError;
use crate::model::dynamo::AttributeValue;
use crate::model::dynamo::key::{Key, KeyAttribute, KeySchema, KeyValue};

/// Which items a query reads: those of one hash value, perhaps with some range values only.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeyCondition {
    pub(in super::super) hash: KeyValue,
    range: Option<Restriction<KeyValue>>,
}

/// What one condition asks of one attribute.
#[derive(Debug, Clone, PartialEq)]
enum Restriction<T> {
    Compare(Comparator, T),
    Between(T, T),
    BeginsWith(T),
}

impl KeyCondition {
    /// Reads a condition as one on the primary key.
    pub(in super::super) fn new(
        condition: &Condition,
        schema: &KeySchema,
    ) -> Result<Self, ApiError> {
        let mut parts = restrictions(condition).map_err(invalid)?;
        let hash = take(&mut parts, &schema.hash)?.ok_or_else(|| missed(&schema.hash))?;
        let Restriction::Compare(Comparator::Equal, hash) = hash else {
            return Err(invalid("Query key condition not supported"));
        };
        let range = match &schema.range {
            Some(range) => take(&mut parts, range)?,
            None => None,
        };
        match (parts.is_empty(), &schema.range) {
            (true, _) => Ok(Self { hash, range }),
            (false, Some(range_key)) if range.is_none() => Err(missed(range_key)),
            (false, _) => Err(invalid("Query key condition not supported")),
        }
    }

    /// Whether a key is one of those that are read.
    pub(in super::super) fn holds(&self, key: &Key) -> bool {
        self.hash == key.hash
            && self.range.as_ref().is_none_or(|restriction| {
                key.range.as_ref().is_some_and(|value| restriction.holds(value))
            })
    }
}

impl Restriction<KeyValue> {
    fn holds(&self, value: &KeyValue) -> bool {
        match self {
            Self::Compare(comparator, bound) => comparator.holds_for(value.cmp(bound)),
            Self::Between(low, high) => low <= value && value <= high,
            Self::BeginsWith(prefix) => value.begins_with(prefix),
        }
    }
}

impl<T> Restriction<T> {
    fn try_map<U>(self, mut map: impl FnMut(T) -> Option<U>) -> Option<Restriction<U>> {
        Some(match self {
            Self::Compare(comparator, value) => Restriction::Compare(comparator, map(value)?),
            Self::Between(low, high) => Restriction::Between(map(low)?, map(high)?),
            Self::BeginsWith(prefix) => Restriction::BeginsWith(map(prefix)?),
        })
    }
}

type Named = (String, Restriction<AttributeValue>);

/// Takes the restriction of one key attribute out of all.
fn take(
    parts: &mut Vec<Named>,
    attribute: &KeyAttribute,
) -> Result<Option<Restriction<KeyValue>>, ApiError> {
    let Some(at) = parts.iter().position(|(name, _)| *name == attribute.name) else {
        return Ok(None);
    };
    let (_, restriction) = parts.remove(at);
    let typed = restriction.try_map(|value| KeyValue::new(attribute.kind, &value));
    typed.map(Some).ok_or_else(|| {
        invalid(
            "One or more parameter values were invalid: \
             Condition parameter type does not match schema type",
        )
    })
}

/// The restrictions that a condition is made of, one for an attribute.
fn restrictions(condition: &Condition) -> Result<Vec<Named>, String> {
    let Condition::All(parts) = condition else { return Ok(vec![restriction(condition)?]) };
    let mut named: Vec<Named> = Vec::new();
    for part in parts {
        for (name, restriction) in restrictions(part)? {
            if named.iter().any(|(other, _)| *other == name) {
                return Err(
                    "KeyConditionExpressions must only contain one condition per key".to_owned()
                );
            }
            named.push((name, restriction));
        }
    }
    Ok(named)
}

fn restriction(condition: &Condition) -> Result<Named, String> {
    use Operand::Value;
    match condition {
        Condition::Compare(_, Comparator::NotEqual, _) => Err(unusable_operator("<>")),
        Condition::Compare(key, comparator, Value(value)) => {
            Ok((name(key)?, Restriction::Compare(*comparator, value.clone())))
        }
        Condition::Compare(Value(value), comparator, key) => {
            Ok((name(key)?, Restriction::Compare(comparator.mirrored(), value.clone())))
        }
        Condition::Between(key, Value(low), Value(high)) => {
            Ok((name(key)?, Restriction::Between(low.clone(), high.clone())))
        }
        Condition::BeginsWith(key, Value(prefix)) => {
            Ok((name(key)?, Restriction::BeginsWith(prefix.clone())))
        }
        Condition::Compare(..) | Condition::Between(..) | Condition::BeginsWith(..) => {
            Err("Invalid condition in KeyConditionExpression: \
                 Multiple attribute names used in one condition"
                .to_owned())
        }
        Condition::Any(_) => Err(unusable_operator("OR")),
        Condition::Not(inner) if matches!(**inner, Condition::Exists(_)) => {
            Err(unusable_operator("attribute_not_exists"))
        }
        // Two of them in a row are an AND within parentheses, which `restrictions` has taken apart.
        Condition::Not(_) | Condition::All(_) => Err(unusable_operator("NOT")),
        Condition::In(..) => Err(unusable_operator("IN")),
        Condition::Exists(_) => Err(unusable_operator("attribute_exists")),
        Condition::HasType(..) => Err(unusable_operator("attribute_type")),
        Condition::Contains(..) => Err(unusable_operator("contains")),
    }
}

/// The key attribute that an operand names.
fn name(operand: &Operand) -> Result<String, String> {
    match operand {
        Operand::Path(path) if path.steps.is_empty() => Ok(path.root.clone()),
        Operand::Path(_) => {
            Err("KeyConditionExpressions cannot have conditions on nested attributes".to_owned())
        }
        Operand::Size(_) => {
            Err("KeyConditionExpressions cannot contain nested operations".to_owned())
        }
        Operand::Value(_) => {
            Err("Invalid condition in KeyConditionExpression: No key attribute specified"
                .to_owned())
        }
    }
}

fn unusable_operator(operator: &str) -> String {
    format!("Invalid operator used in KeyConditionExpression: {operator}")
}

fn missed(attribute: &KeyAttribute) -> ApiError {
    invalid(format!("Query condition missed key schema element: {}", attribute.name))
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationException", message)
}
