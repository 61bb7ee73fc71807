//! What a template can name.

use std::fmt;

use crate::config::error::nearest;

/// A value that a template puts in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    Environment,
    Region,
    Account,
    ArtifactValue,
    ArtifactBuildNumber,
    ArtifactTag(String),
    TaskDefinition,
}

const TAGS: &str = ".Artifact.Tags";

const SUPPORTED: &str = "supported are `{{.NAME}}`, with spaces or trimming dashes if wanted, and \
                         ``{{index .Artifact.Tags `NAME`}}``";

impl Name {
    /// What has a value before anything is deployed, tags aside.
    pub(super) const BEFORE_DEPLOY: &[Self] = &[
        Self::Environment,
        Self::Region,
        Self::Account,
        Self::ArtifactValue,
        Self::ArtifactBuildNumber,
    ];

    /// What has a value for post-deploy commands, tags aside.
    pub(super) const AFTER_DEPLOY: &[Self] = &[
        Self::Environment,
        Self::Region,
        Self::Account,
        Self::ArtifactValue,
        Self::ArtifactBuildNumber,
        Self::TaskDefinition,
    ];

    /// Reads what stands between braces, or says what is wrong with it.
    pub(super) fn parse(body: &str, known: &[Self]) -> Result<Self, String> {
        if let Some(tag) = indexed_tag(body) {
            return Self::tag(tag, body);
        }
        if !is_field(body) {
            return Err(format!("`{{{{{body}}}}}` is not supported: {SUPPORTED}"));
        }
        let tag = body.strip_prefix(TAGS).and_then(|t| t.strip_prefix('.'));
        if let Some(tag) = tag.filter(|tag| !tag.contains('.')) {
            return Self::tag(tag, body);
        }
        let found = known.iter().find(|name| name.to_string() == body);
        found.cloned().ok_or_else(|| unknown(body, known))
    }

    fn tag(tag: &str, body: &str) -> Result<Self, String> {
        if tag.contains(']') {
            return Err(format!("`{{{{{body}}}}}` is not supported: the tag's name has a bracket"));
        }
        Ok(Self::ArtifactTag(tag.to_owned()))
    }

    /// The handlebars expression that looks this name up, and can do nothing else.
    pub(super) fn expression(&self) -> String {
        match self {
            Self::Environment => String::from("{{this.[Environment]}}"),
            Self::Region => String::from("{{this.[Region]}}"),
            Self::Account => String::from("{{this.[Account]}}"),
            Self::ArtifactValue => String::from("{{this.[Artifact].[Value]}}"),
            Self::ArtifactBuildNumber => String::from("{{this.[Artifact].[BuildNumber]}}"),
            Self::ArtifactTag(tag) => format!("{{{{this.[Artifact].[Tags].[{tag}]}}}}"),
            Self::TaskDefinition => String::from("{{this.[TaskDefinition]}}"),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str(".Environment"),
            Self::Region => f.write_str(".Region"),
            Self::Account => f.write_str(".Account"),
            Self::ArtifactValue => f.write_str(".Artifact.Value"),
            Self::ArtifactBuildNumber => f.write_str(".Artifact.BuildNumber"),
            Self::ArtifactTag(tag) => write!(f, "{TAGS}.{tag}"),
            Self::TaskDefinition => f.write_str(".TaskDefinition"),
        }
    }
}

/// The NAME of ``index .Artifact.Tags `NAME` ``.
fn indexed_tag(body: &str) -> Option<&str> {
    let spaced = body.strip_prefix("index")?;
    let argument = spaced.trim_start().strip_prefix(TAGS)?;
    let quoted = argument.trim_start().strip_prefix('`')?.strip_suffix('`')?;
    let separated = spaced.starts_with(char::is_whitespace);
    (separated && !quoted.is_empty() && !quoted.contains('`')).then_some(quoted)
}

/// Whether it is a chain of Go's fields, such as `.Artifact.Value`.
fn is_field(body: &str) -> bool {
    let identifier = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && letters.all(|c| c.is_alphanumeric() || c == '_')
    };
    body.strip_prefix('.').is_some_and(|chain| chain.split('.').all(identifier))
}

fn unknown(body: &str, known: &[Name]) -> String {
    if body == Name::TaskDefinition.to_string() {
        return format!("`{body}` is known in post-deploy commands only");
    }
    let mut names: Vec<String> = known.iter().map(Name::to_string).collect();
    let suggestion = nearest(body, names.iter().map(String::as_str))
        .map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
    names.push(format!("{TAGS}.NAME"));
    format!("`{body}` is unknown: known are {}{suggestion}", names.join(", "))
}
