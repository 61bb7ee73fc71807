//! An artifact as a row of the table.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use ecs_deploy::cloud::{Artifact, CloudError, ErrorClass};
use ecs_deploy::names::{BuildNumber, ProjectName};

use super::{ARTIFACT_TABLE, Row};

/// The hash key (S).
pub(super) const PROJECT: &str = "ProjectName";
/// The range key (N).
pub(super) const BUILD: &str = "BuildNumber";
/// A map of strings, or NULL, or absent.
pub(super) const TAGS: &str = "Tags";
const VALUE: &str = "Value";

pub(super) fn key(project: &ProjectName, build: BuildNumber) -> Row {
    HashMap::from([
        (PROJECT.to_owned(), AttributeValue::S(project.to_string())),
        (BUILD.to_owned(), AttributeValue::N(build.to_string())),
    ])
}

pub(super) fn map<const N: usize>(members: [(String, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(HashMap::from(members))
}

pub(super) fn artifact(action: &'static str, row: &Row) -> Result<Artifact, CloudError> {
    let build = row.get(BUILD).and_then(|number| number.as_n().ok()?.parse().ok());
    let build = build.ok_or_else(|| odd(action, "a build number that is none".to_owned()))?;
    let value = row.get(VALUE).and_then(|value| value.as_s().ok());
    let value = value.ok_or_else(|| odd(action, format!("build {build} without a value")))?;
    let tags = tags(row.get(TAGS)).ok_or_else(|| {
        odd(action, format!("tags of build {build} that are not a map of strings"))
    })?;
    Ok(Artifact { build_number: BuildNumber(build), value: value.clone(), tags })
}

fn tags(tags: Option<&AttributeValue>) -> Option<BTreeMap<String, String>> {
    match tags {
        None | Some(AttributeValue::Null(_)) => Some(BTreeMap::new()),
        Some(AttributeValue::M(tags)) => {
            tags.iter().map(|(key, tag)| Some((key.clone(), tag.as_s().ok()?.clone()))).collect()
        }
        Some(_) => None,
    }
}

/// A row that nothing of ours wrote. Reading changed nothing, and reading again won't help.
fn odd(action: &'static str, what: String) -> CloudError {
    CloudError::new(action, ErrorClass::Unknown, format!("{ARTIFACT_TABLE} holds {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(tags: Option<AttributeValue>) -> Row {
        let mut row = key(&"shop".parse().unwrap(), BuildNumber(7));
        row.insert(VALUE.to_owned(), AttributeValue::S("shop:abc".to_owned()));
        row.extend(tags.map(|tags| (TAGS.to_owned(), tags)));
        row
    }

    #[test]
    fn tags_may_be_a_map_or_null_or_absent() {
        let sha = map([("SHA".to_owned(), AttributeValue::S("abc".to_owned()))]);
        let tagged = artifact("dynamodb:Query", &row(Some(sha))).unwrap();
        assert_eq!(tagged.tags["SHA"], "abc");
        for none in [None, Some(AttributeValue::Null(true))] {
            let untagged = artifact("dynamodb:Query", &row(none)).unwrap();
            assert_eq!((untagged.build_number, untagged.tags.len()), (BuildNumber(7), 0));
        }
    }

    #[test]
    fn a_row_of_another_form_is_told_by_its_build() {
        let error = artifact("dynamodb:Query", &row(Some(AttributeValue::Bool(true)))).unwrap_err();
        assert!(error.message.contains("build 7"), "{error}");
        let mut valueless = row(None);
        valueless.remove(VALUE);
        assert!(artifact("dynamodb:Query", &valueless).is_err());
    }
}
