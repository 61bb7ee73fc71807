//! Attribute values as JSON: `{"S": "text"}`.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::validation;
use crate::model::ApiError;
use crate::model::dynamo::{AttributeValue, Item, Number};

/// An item as it comes over the wire, its values not read yet.
pub(super) type WireItem = BTreeMap<String, Value>;

/// How deep lists and maps may nest.
const MAX_DEPTH: usize = 32;

/// Reads an item.
pub(super) fn decode_item(item: WireItem) -> Result<Item, ApiError> {
    decode_map(item, 0)
}

/// Writes an item.
pub(super) fn encode_item(item: &Item) -> Value {
    item.iter().map(|(name, value)| (name.clone(), encode(value))).collect::<Map<_, _>>().into()
}

fn decode_map(
    map: impl IntoIterator<Item = (String, Value)>,
    depth: usize,
) -> Result<Item, ApiError> {
    map.into_iter().map(|(name, value)| Ok((name, decode(value, depth)?))).collect()
}

fn decode(value: Value, depth: usize) -> Result<AttributeValue, ApiError> {
    let (kind, content) = only_member(value)?;
    match kind.as_str() {
        "L" | "M" if depth == MAX_DEPTH => Err(validation(format!(
            "Nesting Levels have exceeded supported limits: {MAX_DEPTH} levels"
        ))),
        "L" => {
            let Value::Array(list) = content else { return Err(malformed()) };
            let list: Result<_, _> =
                list.into_iter().map(|value| decode(value, depth + 1)).collect();
            list.map(AttributeValue::L)
        }
        "M" => {
            let Value::Object(map) = content else { return Err(malformed()) };
            decode_map(map, depth + 1).map(AttributeValue::M)
        }
        "SS" | "NS" | "BS" => decode_set(&kind, content),
        _ => decode_scalar(&kind, content),
    }
}

/// The type and the content of a value.
fn only_member(value: Value) -> Result<(String, Value), ApiError> {
    let Value::Object(members) = value else { return Err(malformed()) };
    let mut members = members.into_iter().filter(|(_, value)| !value.is_null());
    let member = members.next().ok_or_else(|| {
        validation(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        )
    })?;
    if members.next().is_some() {
        return Err(validation(
            "Supplied AttributeValue has more than one datatypes set, \
             must contain exactly one of the supported datatypes",
        ));
    }
    Ok(member)
}

fn decode_scalar(kind: &str, content: Value) -> Result<AttributeValue, ApiError> {
    match (kind, content) {
        ("S", Value::String(text)) => Ok(AttributeValue::S(text)),
        ("N", Value::String(text)) => number(&text).map(AttributeValue::N),
        ("B", Value::String(text)) => bytes(&text).map(AttributeValue::B),
        ("BOOL", Value::Bool(truth)) => Ok(AttributeValue::Bool(truth)),
        ("NULL", Value::Bool(true)) => Ok(AttributeValue::Null),
        ("NULL", Value::Bool(false)) => Err(validation(
            "One or more parameter values were invalid: \
             Null attribute value types must have the value of true",
        )),
        ("S" | "N" | "B" | "BOOL" | "NULL", _) => Err(malformed()),
        _ => Err(validation(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        )),
    }
}

fn decode_set(kind: &str, content: Value) -> Result<AttributeValue, ApiError> {
    let texts: Vec<String> = serde_json::from_value(content).map_err(|_| malformed())?;
    let invalid =
        |reason: String| validation(format!("One or more parameter values were invalid: {reason}"));
    let duplicate = || format!("Input collection [{}] contains duplicates.", texts.join(", "));
    match kind {
        // AWS's own texts have two blanks and the wrong article.
        "SS" => set(&texts, |text| Ok(text.to_owned()))?
            .map_err(|fault| invalid(fault.message("An string set  may not be empty", duplicate)))
            .map(AttributeValue::Ss),
        "NS" => set(&texts, number)?
            .map_err(|fault| match fault {
                SetFault::Duplicate => validation("Input collection contains duplicates"),
                SetFault::Empty => invalid("An number set  may not be empty".to_owned()),
            })
            .map(AttributeValue::Ns),
        _ => set(&texts, bytes)?
            .map_err(|fault| {
                let duplicate = || {
                    format!(
                        "Input collection [{}]of type BS contains duplicates.",
                        texts.join(", ")
                    )
                };
                invalid(fault.message("Binary sets should not be empty", duplicate))
            })
            .map(AttributeValue::Bs),
    }
}

enum SetFault {
    Empty,
    Duplicate,
}

impl SetFault {
    fn message(&self, empty: &str, duplicate: impl FnOnce() -> String) -> String {
        match self {
            Self::Empty => empty.to_owned(),
            Self::Duplicate => duplicate(),
        }
    }
}

fn set<T: Ord>(
    texts: &[String],
    read: impl Fn(&str) -> Result<T, ApiError>,
) -> Result<Result<BTreeSet<T>, SetFault>, ApiError> {
    let set = texts.iter().map(|text| read(text)).collect::<Result<BTreeSet<T>, _>>()?;
    Ok(match set.len() {
        0 => Err(SetFault::Empty),
        length if length < texts.len() => Err(SetFault::Duplicate),
        _ => Ok(set),
    })
}

fn number(text: &str) -> Result<Number, ApiError> {
    text.parse().map_err(|error: crate::model::dynamo::NumberError| validation(error.to_string()))
}

fn bytes(text: &str) -> Result<Vec<u8>, ApiError> {
    STANDARD
        .decode(text)
        .map_err(|error| ApiError::client("SerializationException", error.to_string()))
}

fn malformed() -> ApiError {
    ApiError::client("SerializationException", "Unexpected value type in payload")
}

fn encode(value: &AttributeValue) -> Value {
    let content = match value {
        AttributeValue::S(text) => json!(text),
        AttributeValue::N(number) => json!(number.to_string()),
        AttributeValue::B(bytes) => json!(STANDARD.encode(bytes)),
        AttributeValue::Bool(truth) => json!(truth),
        AttributeValue::Null => json!(true),
        AttributeValue::L(list) => list.iter().map(encode).collect(),
        AttributeValue::M(map) => encode_item(map),
        AttributeValue::Ss(set) => json!(set),
        AttributeValue::Ns(set) => set.iter().map(Number::to_string).collect(),
        AttributeValue::Bs(set) => set.iter().map(|bytes| STANDARD.encode(bytes)).collect(),
    };
    json!({ value.type_name(): content })
}
