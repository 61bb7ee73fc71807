//! What an answer is asked to show beside the usual.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::ecs::Tags;

/// The one word that most operations know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Include {
    /// The resource's tags.
    #[serde(rename = "TAGS")]
    Tags,
}

/// What a cluster can show; apart from its tags it has nothing of it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum ClusterInclude {
    Attachments,
    Configurations,
    Settings,
    Statistics,
    Tags,
}

/// Adds the tags when the call asks for them.
pub(super) fn tags_if_asked(shown: &mut Value, tags: &Tags, include: &[Include]) {
    if include.contains(&Include::Tags) {
        shown["tags"] = json!(tags);
    }
}
