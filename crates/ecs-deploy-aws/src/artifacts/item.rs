//! An artifact as a row of the table.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use ecs_deploy::cloud::{Artifact, CloudError, ErrorClass};
use ecs_deploy::names::{ArtifactId, BuildNumber};

use super::table::Row;
use super::{NewArtifact, StoredArtifact};

/// The hash key (S).
pub(super) const PROJECT: &str = "ProjectName";
/// The range key (N).
pub(super) const BUILD: &str = "BuildNumber";
/// A map of strings, or NULL, or absent.
pub(super) const TAGS: &str = "Tags";
const VALUE: &str = "Value";
/// A list of strings, `project:build` each, or NULL, or absent.
const CONTAINED: &str = "ContainedArtifacts";

pub(super) fn key(id: &ArtifactId) -> Row {
    HashMap::from([
        (PROJECT.to_owned(), AttributeValue::S(id.project.to_string())),
        (BUILD.to_owned(), AttributeValue::N(id.build.to_string())),
    ])
}

/// The row of a new artifact under its number. Other programs expect NULL for what is empty.
pub(super) fn row(id: &ArtifactId, new: &NewArtifact) -> Row {
    let tags = texts(new.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    let contained = new.contained.iter().map(|id| AttributeValue::S(id.to_string())).collect();
    let mut row = key(id);
    row.insert(VALUE.to_owned(), AttributeValue::S(new.value.clone()));
    row.insert(TAGS.to_owned(), unless(tags.is_empty(), AttributeValue::M(tags)));
    let contained = unless(new.contained.is_empty(), AttributeValue::L(contained));
    row.insert(CONTAINED.to_owned(), contained);
    row
}

fn unless(is_empty: bool, value: AttributeValue) -> AttributeValue {
    if is_empty { AttributeValue::Null(true) } else { value }
}

pub(super) fn texts<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> Row {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    members.into_iter().map(|(key, value)| (key.to_owned(), text(value))).collect()
}

pub(super) fn build(action: &'static str, row: &Row) -> Result<BuildNumber, CloudError> {
    let build = row.get(BUILD).and_then(|number| number.as_n().ok()?.parse().ok());
    build.ok_or_else(|| odd(action, "a build number that is none".to_owned()))
}

pub(super) fn artifact(action: &'static str, row: &Row) -> Result<Artifact, CloudError> {
    let build_number = build(action, row)?;
    let value = row.get(VALUE).and_then(|value| value.as_s().ok());
    let value =
        value.ok_or_else(|| odd(action, format!("build {build_number} without a value")))?;
    let tags = tags(row.get(TAGS)).ok_or_else(|| {
        odd(action, format!("tags of build {build_number} that are not a map of strings"))
    })?;
    Ok(Artifact { build_number, value: value.clone(), tags })
}

pub(super) fn stored(action: &'static str, row: &Row) -> Result<StoredArtifact, CloudError> {
    let artifact = artifact(action, row)?;
    let build = artifact.build_number;
    let project = row.get(PROJECT).and_then(|project| project.as_s().ok()?.parse().ok());
    let project = project.ok_or_else(|| odd(action, format!("build {build} without a project")))?;
    let contained = contained(row.get(CONTAINED)).ok_or_else(|| {
        odd(action, format!("build {build} with contents that are not a list of `project:build`"))
    })?;
    Ok(StoredArtifact { id: ArtifactId { project, build }, artifact, contained })
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

fn contained(contained: Option<&AttributeValue>) -> Option<Vec<ArtifactId>> {
    match contained {
        None | Some(AttributeValue::Null(_)) => Some(Vec::new()),
        Some(AttributeValue::L(ids)) => ids.iter().map(|id| id.as_s().ok()?.parse().ok()).collect(),
        Some(_) => None,
    }
}

/// A row that nothing of ours wrote. Reading changed nothing, and reading again won't help.
fn odd(action: &'static str, what: String) -> CloudError {
    CloudError::new(action, ErrorClass::Unknown, format!("the table holds {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: &str = "dynamodb:Query";

    fn id(text: &str) -> ArtifactId {
        text.parse().unwrap()
    }

    fn row_with(name: &str, value: Option<AttributeValue>) -> Row {
        let mut row = row(
            &id("shop:7"),
            &NewArtifact { value: "shop:abc".to_owned(), ..NewArtifact::default() },
        );
        row.remove(name);
        row.extend(value.map(|value| (name.to_owned(), value)));
        row
    }

    #[test]
    fn a_row_reads_back_as_it_was_written() {
        let new = NewArtifact {
            value: "shop:abc".to_owned(),
            tags: BTreeMap::from([("SHA".to_owned(), "abc".to_owned())]),
            contained: vec![id("base:3"), id("lib:12")],
        };
        let stored = stored(ACTION, &row(&id("shop:7"), &new)).unwrap();
        assert_eq!(stored.id, id("shop:7"));
        assert_eq!((stored.artifact.value, stored.artifact.tags), (new.value, new.tags));
        assert_eq!(stored.contained, new.contained);
    }

    #[test]
    fn what_is_empty_is_written_as_null() {
        let row = row(&id("shop:7"), &NewArtifact::default());
        for name in [TAGS, CONTAINED] {
            assert_eq!(row[name], AttributeValue::Null(true), "{name}");
        }
    }

    #[test]
    fn tags_and_contents_may_be_filled_or_empty_or_null_or_absent() {
        let sha = AttributeValue::M(texts([("SHA", "abc")]));
        let tagged = artifact(ACTION, &row_with(TAGS, Some(sha))).unwrap();
        assert_eq!(tagged.tags["SHA"], "abc");
        let empty = [AttributeValue::M(HashMap::new()), AttributeValue::L(Vec::new())];
        for (name, empty) in [TAGS, CONTAINED].into_iter().zip(empty) {
            for none in [None, Some(AttributeValue::Null(true)), Some(empty)] {
                let stored = stored(ACTION, &row_with(name, none)).unwrap();
                assert!(stored.artifact.tags.is_empty() && stored.contained.is_empty());
            }
        }
    }

    #[test]
    fn a_row_of_another_form_is_told_by_its_build() {
        let odd = AttributeValue::Bool(true);
        for name in [TAGS, VALUE, CONTAINED, PROJECT] {
            let error = stored(ACTION, &row_with(name, Some(odd.clone()))).unwrap_err();
            assert!(error.message.contains("build 7"), "{error}");
        }
        let unnumbered = row_with(BUILD, None);
        assert!(build(ACTION, &unnumbered).is_err());
    }
}
