//! ArtifactDB over the SDK: as the port of a deploy, and as a client for everybody else.

mod client;
mod item;
mod port;
mod table;

use std::collections::BTreeMap;

use ecs_deploy::cloud::Artifact;
use ecs_deploy::names::ArtifactId;

pub use client::ArtifactDb;
pub(crate) use table::ArtifactTable;

/// The table that holds the artifacts, unless told otherwise.
pub const ARTIFACT_TABLE: &str = "ArtifactDB";

const GET_ITEM: &str = "dynamodb:GetItem";
const PUT_ITEM: &str = "dynamodb:PutItem";
const QUERY: &str = "dynamodb:Query";
const UPDATE_ITEM: &str = "dynamodb:UpdateItem";

/// An artifact with all that its row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredArtifact {
    /// Its project and number.
    pub id: ArtifactId,
    /// What a deploy needs of it.
    pub artifact: Artifact,
    /// What it is made of.
    pub contained: Vec<ArtifactId>,
}

/// An artifact that has no number yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewArtifact {
    /// What is deployed, usually an image reference.
    pub value: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// What it is made of.
    pub contained: Vec<ArtifactId>,
}
