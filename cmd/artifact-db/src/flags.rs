//! The flags, each of which may stand before or after the command's words.

use std::collections::BTreeMap;

use clap::Args;
use clap::builder::BoolishValueParser;
use ecs_deploy::names::{ArtifactId, BuildNumber, InvalidName, ProjectName};

use crate::line::UsageError;

/// What commands take. A command takes its flags out; what is left then was given in vain.
#[derive(Debug, Default, Args)]
pub(crate) struct Flags {
    /// The project
    #[arg(short, long, value_parser = name::<ProjectName>, allow_hyphen_values = true)]
    project: Option<ProjectName>,
    /// The build's number within the project
    #[arg(short, long, value_parser = name::<BuildNumber>, allow_hyphen_values = true)]
    build: Option<BuildNumber>,
    /// The value of the new artifact, or of the tag
    #[arg(short, long, allow_hyphen_values = true)]
    value: Option<String>,
    /// The tag's name
    #[arg(short, long, allow_hyphen_values = true)]
    key: Option<String>,
    /// Tags as a JSON object of strings
    #[arg(short, long, value_name = "JSON", allow_hyphen_values = true, value_parser = tags)]
    tags: Option<Tags>,
    /// What the new artifact is made of; may be repeated
    #[arg(short, long = "contained-artifact", value_name = "PROJECT:BUILD")]
    #[arg(value_parser = name::<ArtifactId>, allow_hyphen_values = true)]
    contained: Vec<ArtifactId>,
    /// Print the whole artifact as JSON instead of its value
    #[arg(short, long, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new(), value_name = "BOOL", hide_possible_values = true)]
    json: Option<bool>,
}

/// Tags by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tags(pub(crate) BTreeMap<String, String>);

/// How an artifact is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Its value and a newline.
    Value,
    /// All of it, as JSON.
    Json,
}

impl Flags {
    pub(crate) fn project(&mut self) -> Result<ProjectName, UsageError> {
        self.project.take().ok_or(UsageError::Missing("project"))
    }

    pub(crate) fn artifact(&mut self) -> Result<ArtifactId, UsageError> {
        let project = self.project()?;
        let build = self.build.take().ok_or(UsageError::Missing("build"))?;
        Ok(ArtifactId { project, build })
    }

    pub(crate) fn value(&mut self) -> Result<String, UsageError> {
        self.value.take().ok_or(UsageError::Missing("value"))
    }

    pub(crate) fn key(&mut self) -> Result<String, UsageError> {
        self.key.take().filter(|key| !key.is_empty()).ok_or(UsageError::Missing("key"))
    }

    pub(crate) fn tags(&mut self) -> BTreeMap<String, String> {
        self.tags.take().unwrap_or_default().0
    }

    pub(crate) fn contained(&mut self) -> Vec<ArtifactId> {
        std::mem::take(&mut self.contained)
    }

    pub(crate) fn form(&mut self) -> Form {
        if self.json.take().unwrap_or_default() { Form::Json } else { Form::Value }
    }

    /// Refuses what the command left.
    pub(crate) fn refuse_rest(self, command: &'static str) -> Result<(), UsageError> {
        let given = [
            ("project", self.project.is_some()),
            ("build", self.build.is_some()),
            ("value", self.value.is_some()),
            ("key", self.key.is_some()),
            ("tags", self.tags.is_some()),
            ("contained-artifact", !self.contained.is_empty()),
            ("json", self.json.is_some()),
        ];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            Some((flag, _)) => Err(UsageError::NotTaken { command, flag }),
            None => Ok(()),
        }
    }
}

/// The rule that a text breaks; the parser says around it which flag has which value.
fn name<T: std::str::FromStr<Err = InvalidName>>(text: &str) -> Result<T, &'static str> {
    text.parse().map_err(|error: InvalidName| error.expected)
}

/// Tags as Go reads a map of strings: null means none, and an empty text for a single one.
fn tags(text: &str) -> Result<Tags, serde_json::Error> {
    if text.is_empty() {
        return Ok(Tags::default());
    }
    let tags: Option<BTreeMap<String, Option<String>>> = serde_json::from_str(text)?;
    let tags = tags.unwrap_or_default().into_iter();
    Ok(Tags(tags.map(|(key, value)| (key, value.unwrap_or_default())).collect()))
}
