//! An artifact as it is printed.

use std::collections::BTreeMap;

use ecs_deploy::go_json;
use ecs_deploy::names::{ArtifactId, BuildNumber, ProjectName};
use ecs_deploy_aws::{ArtifactDb, StoredArtifact};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::flags::Form;
use crate::order::Failure;

/// An artifact with all that it is made of; empty maps and lists are null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    project_name: ProjectName,
    build_number: BuildNumber,
    value: String,
    tags: Option<BTreeMap<String, String>>,
    contained_artifacts: Option<Vec<Document>>,
}

/// The text for an artifact.
pub(crate) async fn print(
    db: &ArtifactDb,
    stored: StoredArtifact,
    form: Form,
) -> Result<String, Failure> {
    match form {
        Form::Value => Ok(format!("{}\n", stored.artifact.value)),
        Form::Json => Ok(read(db, stored, &[]).await?.to_json()),
    }
}

/// Reads all that an artifact is made of; `around` is what it is itself contained in.
async fn read(
    db: &ArtifactDb,
    stored: StoredArtifact,
    around: &[ArtifactId],
) -> Result<Document, Failure> {
    if around.contains(&stored.id) {
        return Err(Failure::ContainsItself(stored.id));
    }
    let around = [around, std::slice::from_ref(&stored.id)].concat();
    let mut contained = Vec::new();
    for id in stored.contained {
        let missing = || Failure::ContentMissing(stored.id.clone(), id.clone());
        let inner = db.get(&id).await?.ok_or_else(missing)?;
        contained.push(Box::pin(read(db, inner, &around)).await?);
    }
    Ok(Document {
        project_name: stored.id.project,
        build_number: stored.id.build,
        value: stored.artifact.value,
        tags: Some(stored.artifact.tags).filter(|tags| !tags.is_empty()),
        contained_artifacts: Some(contained).filter(|contained| !contained.is_empty()),
    })
}

impl Document {
    /// Indented by four spaces, escaped as Go does, with a newline at the end.
    fn to_json(&self) -> String {
        let mut json = Vec::new();
        let formatter = PrettyFormatter::with_indent(b"    ");
        self.serialize(&mut Serializer::with_formatter(&mut json, formatter))
            .expect("strings and numbers always become JSON");
        json.push(b'\n');
        go_json::escape(&String::from_utf8(json).expect("JSON is UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(build: u64) -> Document {
        Document {
            project_name: "shop".parse().unwrap(),
            build_number: BuildNumber(build),
            value: "shop:<a>&b".to_owned(),
            tags: None,
            contained_artifacts: None,
        }
    }

    #[test]
    fn members_have_the_order_and_indentation_that_scripts_know() {
        let expected = "{\n    \"ProjectName\": \"shop\",\n    \"BuildNumber\": 7,\n    \
            \"Value\": \"shop:\\u003ca\\u003e\\u0026b\",\n    \"Tags\": null,\n    \
            \"ContainedArtifacts\": null\n}\n";
        assert_eq!(document(7).to_json(), expected);
    }

    #[test]
    fn control_characters_are_escaped_as_go_does_since_1_22() {
        let value = "\u{8}\u{c}\n\r\t\u{1}\u{7f}".to_owned();
        let json = Document { value, ..document(7) }.to_json();
        assert!(json.contains("\"\\b\\f\\n\\r\\t\\u0001\u{7f}\""), "{json}");
    }

    #[test]
    fn contents_are_nested_in_full() {
        let tags = BTreeMap::from([("SHA".to_owned(), "abc".to_owned())]);
        let inner = Document { tags: Some(tags), ..document(1) };
        let outer = Document { contained_artifacts: Some(vec![inner]), ..document(2) };
        let json = outer.to_json();
        let nested =
            "    \"ContainedArtifacts\": [\n        {\n            \"ProjectName\": \"shop\",\n";
        assert!(json.contains(nested), "{json}");
        assert!(
            json.contains(
                "            \"Tags\": {\n                \"SHA\": \"abc\"\n            },\n"
            ),
            "{json}"
        );
    }
}
