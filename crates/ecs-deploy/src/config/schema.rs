//! The JSON Schema of a config file, written from the tables by which it is read.

use serde_json::{Map, Value, json};

use super::file::FILE;
use super::shape::{Members, Shape};

/// The JSON Schema (draft 7) of a config file, for editors and other checks: which members there
/// are, and of which types.
///
/// It takes what [`Config::parse`](super::Config::parse) takes, `null` for a member that is absent
/// and members in any case included, but for two things: a member that does not exist is a warning
/// there and an error here; and that required members are there, that names keep their rules and
/// that templates can be understood is not said here. The repository has it as
/// `docs/deploy-config.schema.json`.
pub fn schema() -> Value {
    let mut schema = structure(FILE, "#");
    schema.extend([
        ("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#")),
        ("title".to_owned(), json!("The config file of ecs-deploy")),
    ]);
    Value::Object(schema)
}

/// A value of a shape that stands in the schema at `place`, a reference.
fn value(shape: &Shape, place: &str) -> Value {
    match shape {
        Shape::Text => json!({"type": ["string", "null"]}),
        Shape::Integer => {
            json!({"type": ["integer", "null"], "minimum": i32::MIN, "maximum": i32::MAX})
        }
        Shape::Boolean => json!({"type": ["boolean", "null"]}),
        Shape::List(element) => {
            json!({"type": ["array", "null"], "items": value(element, &format!("{place}/items"))})
        }
        Shape::Map(element) => json!({
            "type": ["object", "null"],
            "additionalProperties": value(element, &format!("{place}/additionalProperties")),
        }),
        Shape::Struct(members) => Value::Object(structure(members, place)),
        Shape::Elsewhere(instead) => {
            json!({"type": "null", "description": format!("can't be set here: {instead}")})
        }
    }
}

fn structure(members: Members, place: &str) -> Map<String, Value> {
    let (mut properties, mut folded) = (Map::new(), Map::new());
    for (name, shape) in members {
        let place = format!("{place}/properties/{name}");
        properties.insert((*name).to_owned(), value(shape, &place));
        folded.insert(other_cases(name), json!({"$ref": place}));
    }
    Map::from_iter([
        ("type".to_owned(), json!(["object", "null"])),
        ("properties".to_owned(), properties.into()),
        ("patternProperties".to_owned(), folded.into()),
        ("additionalProperties".to_owned(), false.into()),
    ])
}

/// A pattern for a name in any case but its own, which the properties themselves have.
fn other_cases(name: &str) -> String {
    let letter = |c: char| match c {
        _ if c.is_ascii_alphabetic() => {
            format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase())
        }
        '$' => "\\$".to_owned(),
        _ => c.to_string(),
    };
    let literal = name.replace('$', "\\$");
    let letters: String = name.chars().map(letter).collect();
    format!("^(?!{literal}$){letters}$")
}

#[cfg(test)]
mod tests;
