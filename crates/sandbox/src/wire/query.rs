//! Query requests and XML answers.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::str::FromStr;
use std::{fmt, io};

use bytes::Bytes;
use http::Response;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::{elb, respond, sts};
use crate::model::{ApiError, Time};

/// What one entry of a map is called.
const ENTRY: &str = "entry";

/// Deeper names than this are no real input.
const DEEPEST: usize = 16;

/// Reads a form of an operation's input: the operation's name, and the members as JSON with
/// strings for leaves. `A.member.1.B=x` becomes a list, `A.entry.1.key=k` a map.
///
/// # Errors
/// `MissingAction` without an operation, `MalformedQueryString` when names contradict each other.
pub(super) fn decode(body: &[u8]) -> Result<(String, Value), ApiError> {
    let mut action = None;
    let mut root = Node::default();
    for (name, value) in form_urlencoded::parse(body) {
        match name.as_ref() {
            "Action" => action = Some(value.into_owned()),
            "Version" => {}
            _ => root.insert(&name, value.into_owned())?,
        }
    }
    let missing = || ApiError::client("MissingAction", "The request must contain Action");
    Ok((action.ok_or_else(missing)?, Value::Object(root.object()?)))
}

/// What a dotted name leads to.
#[derive(Debug, Default)]
struct Node {
    text: Option<String>,
    children: BTreeMap<String, Node>,
}

impl Node {
    fn insert(&mut self, name: &str, value: String) -> Result<(), ApiError> {
        if name.split('.').count() > DEEPEST {
            return Err(malformed(name));
        }
        let leaf = name
            .split('.')
            .fold(self, |node, part| node.children.entry(part.to_owned()).or_default());
        match leaf.text.replace(value) {
            None => Ok(()),
            Some(_) => Err(malformed(name)),
        }
    }

    fn value(mut self) -> Result<Value, ApiError> {
        if let Some(text) = self.text.take() {
            return match self.children.keys().next() {
                Some(child) => Err(malformed(child)),
                None => Ok(Value::String(text)),
            };
        }
        if self.children.len() == 1 {
            if let Some(list) = self.children.remove("member") {
                return Ok(Value::Array(list.items()?));
            }
            if let Some(map) = self.children.remove(ENTRY) {
                return map.entries();
            }
        }
        self.object().map(Value::Object)
    }

    fn object(self) -> Result<Map<String, Value>, ApiError> {
        self.children.into_iter().map(|(name, node)| Ok((name, node.value()?))).collect()
    }

    /// The children in the order of their numbers.
    fn items(self) -> Result<Vec<Value>, ApiError> {
        let numbered = self.children.into_iter().map(|(name, node)| {
            let number: u32 = name.parse().map_err(|_| malformed(&name))?;
            Ok((number, node.value()?))
        });
        Ok(numbered.collect::<Result<BTreeMap<_, _>, ApiError>>()?.into_values().collect())
    }

    fn entries(self) -> Result<Value, ApiError> {
        let entry = |item: Value| match (&item["key"], &item["value"]) {
            (Value::String(key), value) => Ok((key.clone(), value.clone())),
            _ => Err(malformed(ENTRY)),
        };
        self.items()?.into_iter().map(entry).collect::<Result<_, _>>().map(Value::Object)
    }
}

fn malformed(name: &str) -> ApiError {
    ApiError::client("MalformedQueryString", format!("The parameter {name} is not well formed"))
}

/// The XML namespace of the API that a form is for, which it names by the API's version.
pub(super) fn namespace(form: &[u8]) -> &'static str {
    let mut members = form_urlencoded::parse(form);
    match members.find(|(name, _)| name == "Version") {
        Some((_, version)) if version == sts::VERSION => sts::NAMESPACE,
        _ => elb::NAMESPACE,
    }
}

/// The answer, in the API's namespace.
pub(super) fn response(
    namespace: &str,
    operation: &str,
    outcome: &Result<Value, ApiError>,
    request_id: &str,
) -> Response<Bytes> {
    let (status, body) = match outcome {
        Ok(value) => (200, encode(namespace, operation, value, request_id)),
        Err(failure) => (failure.status, error(namespace, failure, request_id)),
    };
    respond(status, "text/xml", request_id, body)
}

/// Writes an operation's answer: lists as `member` elements, nulls left out.
fn encode(namespace: &str, operation: &str, output: &Value, request_id: &str) -> Bytes {
    document(&format!("{operation}Response"), namespace, |writer| {
        element(writer, &format!("{operation}Result"), output)?;
        let metadata = writer.create_element("ResponseMetadata");
        metadata.write_inner_content(|writer| text(writer, "RequestId", request_id))?;
        Ok(())
    })
}

/// Writes an operation's error.
fn error(namespace: &str, error: &ApiError, request_id: &str) -> Bytes {
    let fault = if error.status < 500 { "Sender" } else { "Receiver" };
    document("ErrorResponse", namespace, |writer| {
        writer.create_element("Error").write_inner_content(|writer| {
            text(writer, "Type", fault)?;
            text(writer, "Code", &error.code)?;
            text(writer, "Message", &error.message)
        })?;
        text(writer, "RequestId", request_id)
    })
}

/// A time as AWS's XML has it, such as `2024-05-01T12:00:00.000Z`.
pub(super) fn timestamp(time: Time) -> String {
    let nanoseconds = i128::try_from(time.0.as_nanos()).unwrap_or(i128::MAX);
    let timestamp = jiff::Timestamp::from_nanosecond(nanoseconds).unwrap_or(jiff::Timestamp::MAX);
    format!("{timestamp:.3}")
}

type Xml = Writer<Vec<u8>>;

fn document(
    root: &str,
    namespace: &str,
    content: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> Bytes {
    let mut writer = Writer::new(Vec::new());
    let written = writer
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| {
            let root = writer.create_element(root).with_attribute(("xmlns", namespace));
            root.write_inner_content(content).map(drop)
        });
    debug_assert!(written.is_ok(), "a vector takes whatever is written to it");
    writer.into_inner().into()
}

fn element(writer: &mut Xml, name: &str, value: &Value) -> io::Result<()> {
    match value {
        Value::Object(members) => {
            writer.create_element(name).write_inner_content(|writer| {
                let given = members.iter().filter(|(_, value)| !value.is_null());
                given.into_iter().try_for_each(|(name, value)| member(writer, name, value))
            })?;
        }
        Value::Array(items) => {
            writer.create_element(name).write_inner_content(|writer| {
                items.iter().try_for_each(|item| element(writer, "member", item))
            })?;
        }
        Value::Null => {
            writer.create_element(name).write_empty()?;
        }
        Value::String(content) => text(writer, name, content)?,
        Value::Bool(_) | Value::Number(_) => text(writer, name, &value.to_string())?,
    }
    Ok(())
}

/// A structure's member, or the entries of a map, which stand in it one by one.
fn member(writer: &mut Xml, name: &str, value: &Value) -> io::Result<()> {
    match value {
        Value::Array(entries) if name == ENTRY => {
            entries.iter().try_for_each(|entry| element(writer, ENTRY, entry))
        }
        _ => element(writer, name, value),
    }
}

/// A map as [`encode`] tells it from a structure.
pub(super) fn map(members: &Map<String, Value>) -> Value {
    let entry = |(key, value)| json!({"key": key, "value": value});
    json!({ENTRY: members.iter().map(entry).collect::<Vec<_>>()})
}

fn text(writer: &mut Xml, name: &str, content: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(content)).map(drop)
}

/// A number or a truth value, which a form carries as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parsed<T>(pub(super) T);

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|error| D::Error::custom(format!("'{text}': {error}")))
    }
}

/// A list; clients send an empty one as an empty text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "" => Ok(List::default()),
            other => Err(E::invalid_type(Unexpected::Str(other), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(List(items))
    }
}
