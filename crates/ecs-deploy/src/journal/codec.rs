//! The lock row's data: the original's JSON, member by member, and our journal behind it.
//!
//! Compact, members in the original's order and none left out, tag keys sorted, `<`, `>` and `&`
//! escaped as Go's encoder does. Unknown members are ignored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Journal, State, Tokens, VERSION, cut};
use crate::cloud::Artifact;
use crate::go_json;
use crate::names::{BuildNumber, Color};
use crate::steps::Step;

/// How many bytes of a value that can't be read are shown.
const MOST_SHOWN: usize = 100;

/// How many bytes of the artifact's tags a row keeps.
const MOST_TAGS: usize = 8000;

/// Why a row's data can't be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// It is no status of a deploy.
    #[error("the lock row's data is no status of a deploy")]
    Malformed(#[source] serde_json::Error),
    /// A member holds what no deploy writes.
    #[error("the lock row's data has an impossible {member}: {value:?}")]
    Impossible {
        /// The member.
        member: &'static str,
        /// What it holds.
        value: String,
    },
    /// A later version of this program wrote it.
    #[error(
        "a newer ecs-deploy wrote the lock row (journal version {0}, this one knows {VERSION}): use that \
         one"
    )]
    Newer(u64),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    #[serde(default)]
    artifact: Option<RowArtifact>,
    #[serde(rename = "ConfigSHA", default)]
    config_sha: Option<String>,
    #[serde(rename = "NewTaskSetID", default)]
    new_task_set_id: Option<String>,
    #[serde(default)]
    new_active_color: Option<String>,
    #[serde(default)]
    done: Option<bool>,
    #[serde(default)]
    step: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    journal: Option<Value>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RowArtifact {
    #[serde(default)]
    build_number: u64,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    tags: Option<BTreeMap<String, String>>,
}

/// The row's data for a state.
pub fn encode(state: &State) -> Vec<u8> {
    let row = Row {
        artifact: Some(RowArtifact {
            build_number: state.artifact.build_number.0,
            value: Some(state.artifact.value.clone()),
            tags: Some(first_tags(&state.artifact.tags)).filter(|tags| !tags.is_empty()),
        }),
        config_sha: Some(state.config_sha.to_string()),
        new_task_set_id: Some(state.task_set.as_ref().map(ToString::to_string).unwrap_or_default()),
        new_active_color: Some(state.new_color.map(|color| color.to_string()).unwrap_or_default()),
        done: Some(state.done),
        step: Some(state.step.number()),
        journal: state.journal.as_ref().map(to_value),
    };
    let text = serde_json::to_string(&row).expect("strings and numbers always become JSON");
    go_json::escape(&text).into_bytes()
}

/// As many tags as a row can hold with ease; nobody who goes on from it needs them.
fn first_tags(tags: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut room = MOST_TAGS;
    let fits = |(key, value): &(&String, &String)| {
        let rest = room.checked_sub(key.len() + value.len());
        rest.inspect(|rest| room = *rest).is_some()
    };
    let first = tags.iter().take_while(fits);
    first.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn to_value(journal: &Journal) -> Value {
    serde_json::to_value(journal).expect("a journal's maps have strings as keys")
}

/// The state in a row's data.
///
/// # Errors
/// [`DecodeError`]; it says whose fault it is.
pub fn decode(data: &[u8]) -> Result<State, DecodeError> {
    let row: Row = serde_json::from_slice(data).map_err(DecodeError::Malformed)?;
    let artifact = row.artifact.unwrap_or_default();
    let step = row.step.unwrap_or_default();
    Ok(State {
        artifact: Artifact {
            build_number: BuildNumber(artifact.build_number),
            value: artifact.value.unwrap_or_default(),
            tags: artifact.tags.unwrap_or_default(),
        },
        config_sha: parsed("ConfigSHA", &row.config_sha.unwrap_or_default())?,
        step: Step::try_from(step).map_err(|_| impossible("Step", &step.to_string()))?,
        new_color: optional::<Color>("NewActiveColor", row.new_active_color)?,
        task_set: optional("NewTaskSetID", row.new_task_set_id)?,
        done: row.done.unwrap_or_default(),
        journal: row.journal.map(journal).transpose()?,
    })
}

fn journal(value: Value) -> Result<Journal, DecodeError> {
    match value.get("Version").and_then(Value::as_u64) {
        Some(version) if version > u64::from(VERSION) => Err(DecodeError::Newer(version)),
        _ => serde_json::from_value(value).map_err(DecodeError::Malformed).and_then(with_tokens),
    }
}

fn with_tokens(journal: Journal) -> Result<Journal, DecodeError> {
    for token in [&journal.tokens.task_definition, &journal.tokens.task_set] {
        if !Tokens::takes(token) {
            return Err(impossible("token in its Journal", token));
        }
    }
    Ok(journal)
}

fn optional<T: std::str::FromStr>(
    member: &'static str,
    value: Option<String>,
) -> Result<Option<T>, DecodeError> {
    value.filter(|value| !value.is_empty()).map(|value| parsed(member, &value)).transpose()
}

fn parsed<T: std::str::FromStr>(member: &'static str, value: &str) -> Result<T, DecodeError> {
    value.parse().map_err(|_| impossible(member, value))
}

fn impossible(member: &'static str, value: &str) -> DecodeError {
    DecodeError::Impossible { member, value: cut(value.to_owned(), MOST_SHOWN) }
}

#[cfg(test)]
mod tests;
