//! Checks that AWS makes of single members before anything else.

use super::validation;
use crate::model::ApiError;

/// A member that has to be there.
pub(super) fn required<T>(member: Option<T>, name: &str) -> Result<T, ApiError> {
    member.ok_or_else(|| violation("null", name, "Member must not be null"))
}

/// The name of a table.
pub(super) fn table_name(name: Option<String>) -> Result<String, ApiError> {
    let name = required(name, "tableName")?;
    let quoted = format!("'{name}'");
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !name.chars().all(allowed) {
        let pattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
        return Err(violation(&quoted, "tableName", pattern));
    }
    if name.len() < 3 {
        let limit = "Member must have length greater than or equal to 3";
        return Err(violation(&quoted, "tableName", limit));
    }
    if name.len() > 255 {
        let limit = "Member must have length less than or equal to 255";
        return Err(violation(&quoted, "tableName", limit));
    }
    Ok(name)
}

/// One of a set of words, as what it stands for; the first is meant when there is none.
pub(super) fn choice<T: Copy>(
    word: Option<&str>,
    name: &str,
    choices: &[(&str, T)],
) -> Result<T, ApiError> {
    let Some(word) = word else { return Ok(choices[0].1) };
    choices.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice).ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        let set = format!("Member must satisfy enum value set: [{}]", words.join(", "));
        violation(&format!("'{word}'"), name, &set)
    })
}

/// A number of items of at least one, and of at most `most`.
pub(super) fn limit(limit: Option<i64>, most: i64) -> Result<Option<usize>, ApiError> {
    let Some(limit) = limit else { return Ok(None) };
    let value = format!("'{limit}'");
    if limit < 1 {
        let bound = "Member must have value greater than or equal to 1";
        return Err(violation(&value, "limit", bound));
    }
    if limit > most {
        let bound = format!("Member must have value less than or equal to {most}");
        return Err(violation(&value, "limit", &bound));
    }
    Ok(usize::try_from(limit).ok())
}

fn violation(value: &str, name: &str, constraint: &str) -> ApiError {
    validation(format!(
        "1 validation error detected: Value {value} at '{name}' failed to satisfy constraint: \
         {constraint}"
    ))
}
