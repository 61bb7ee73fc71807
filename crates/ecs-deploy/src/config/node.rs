//! A value in the shape of the ECS API, whose strings are still templates.

use serde_json::{Map, Value};

use super::error::{ConfigError, Problem};
use super::read::Cursor;
use super::shape::{Members, Shape};
use super::source::{Source, Text};
use super::template::{Renderer, Template};

/// A value under the API's member names; `S` is what its strings are.
#[derive(Debug, Clone)]
pub(super) enum Node<S> {
    Text(S),
    Integer(i32),
    Boolean(bool),
    List(Vec<Self>),
    Struct(Vec<(&'static str, Self)>),
    Map(Vec<(S, Self)>),
}

impl Node<Text> {
    /// Reads what has the given shape, under the API's names.
    pub(super) fn read(cursor: &Cursor<'_>, shape: &'static Shape) -> Result<Self, ConfigError> {
        Ok(match shape {
            Shape::Text => Self::Text(cursor.text()?),
            Shape::Integer => Self::Integer(cursor.integer()?),
            Shape::Boolean => Self::Boolean(cursor.boolean()?),
            Shape::List(element) => {
                let elements = cursor.list()?;
                let nodes = elements.iter().map(|e| Self::read(e, element));
                Self::List(nodes.collect::<Result<_, _>>()?)
            }
            Shape::Struct(members) => Self::Struct(read_members(cursor, members)?),
            Shape::Map(element) => {
                let entries = cursor.entries()?.into_iter();
                let nodes = entries.map(|(key, value)| Ok((key, Self::read(&value, element)?)));
                Self::Map(nodes.collect::<Result<_, _>>()?)
            }
            Shape::Elsewhere(instead) => return Err(cursor.error(Problem::Elsewhere { instead })),
        })
    }

    /// Takes every string as a template.
    pub(super) fn compile(&self, source: &Source) -> Result<Node<Template>, ConfigError> {
        let template = |text: &Text| Template::before_deploy(text, source);
        Ok(match self {
            Self::Text(text) => Node::Text(template(text)?),
            Self::Integer(number) => Node::Integer(*number),
            Self::Boolean(value) => Node::Boolean(*value),
            Self::List(elements) => {
                let nodes = elements.iter().map(|e| e.compile(source));
                Node::List(nodes.collect::<Result<_, _>>()?)
            }
            Self::Struct(members) => {
                let nodes = members.iter().map(|(n, m)| Ok((*n, m.compile(source)?)));
                Node::Struct(nodes.collect::<Result<_, _>>()?)
            }
            Self::Map(entries) => {
                let nodes =
                    entries.iter().map(|(key, value)| Ok((template(key)?, value.compile(source)?)));
                Node::Map(nodes.collect::<Result<_, _>>()?)
            }
        })
    }
}

fn read_members(
    cursor: &Cursor<'_>,
    members: Members,
) -> Result<Vec<(&'static str, Node<Text>)>, ConfigError> {
    let there = cursor.members(members, &[])?;
    members
        .iter()
        .filter_map(|(name, shape)| Some((*name, there.get(name)?, shape)))
        .map(|(name, cursor, shape)| Ok((name, Node::read(cursor, shape)?)))
        .collect()
}

impl<S> Node<S> {
    /// A member of a structure.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Struct(members) = self else {
            return None;
        };
        members.iter().find(|(n, _)| *n == name).map(|(_, m)| m)
    }

    /// A member that is a string.
    pub(super) fn text_member(&self, name: &str) -> Option<&S> {
        match self.member(name) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The elements of a member that is a list; none where it is absent.
    pub(super) fn list_member(&self, name: &str) -> &[Self] {
        match self.member(name) {
            Some(Self::List(elements)) => elements,
            _ => &[],
        }
    }
}

impl Node<Template> {
    /// Puts values into every string, keys of maps too.
    pub(super) fn render(&self, renderer: &Renderer<'_>) -> Result<Value, ConfigError> {
        Ok(match self {
            Self::Text(template) => Value::String(renderer.render(template)?),
            Self::Integer(number) => Value::from(*number),
            Self::Boolean(value) => Value::Bool(*value),
            Self::List(elements) => {
                let values = elements.iter().map(|e| e.render(renderer));
                Value::Array(values.collect::<Result<_, _>>()?)
            }
            Self::Struct(members) => {
                let values =
                    members.iter().map(|(name, m)| Ok(((*name).to_owned(), m.render(renderer)?)));
                Value::Object(values.collect::<Result<_, _>>()?)
            }
            Self::Map(entries) => Value::Object(render_entries(entries, renderer)?),
        })
    }
}

fn render_entries(
    entries: &[(Template, Node<Template>)],
    renderer: &Renderer<'_>,
) -> Result<Map<String, Value>, ConfigError> {
    let mut rendered = Map::new();
    for (key, value) in entries {
        let name = renderer.render(key)?;
        if rendered.contains_key(&name) {
            let why = format!("two keys of the map become `{name}`");
            return Err(renderer.source().unusable(key.at(), why));
        }
        rendered.insert(name, value.render(renderer)?);
    }
    Ok(rendered)
}
