//! What a rule changes in a request before the target gets it.

use http::HeaderValue;
use http::uri::{Authority, PathAndQuery};

use super::{Pattern, RequestHead};
use crate::model::ApiError;

/// One transform of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transform {
    /// Changes the host.
    Host(Rewrite),
    /// Changes the path and the query.
    Url(Rewrite),
}

/// A text to look for, and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// What is looked for.
    pub regex: Pattern,
    /// What takes its place, with `$1` for what the first group matched.
    pub replace: String,
}

/// What a target gets in place of what the client sent; nothing where that stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewritten {
    /// The host.
    pub host: Option<HeaderValue>,
    /// The path with the query.
    pub url: Option<PathAndQuery>,
}

/// A transform that made something of a request that can't be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unusable;

/// AWS's limit of the characters of a pattern and of a replacement.
const LONGEST: usize = 1024;

impl Transform {
    /// AWS's name of its type.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Host(_) => "host-header-rewrite",
            Self::Url(_) => "url-rewrite",
        }
    }

    /// What it looks for, and what takes its place.
    pub fn rewrite(&self) -> &Rewrite {
        match self {
            Self::Host(rewrite) | Self::Url(rewrite) => rewrite,
        }
    }
}

/// Refuses transforms that AWS refuses.
pub(super) fn check(transforms: &[Transform]) -> Result<(), ApiError> {
    for (index, transform) in transforms.iter().enumerate() {
        let kind = transform.kind();
        if transforms[..index].iter().any(|other| other.kind() == kind) {
            return Err(invalid(format!("A rule can only have one transform of type '{kind}'")));
        }
        let Rewrite { regex, replace } = transform.rewrite();
        let long = |text: &str| text.chars().count() > LONGEST;
        if long(regex.as_str()) || long(replace) {
            return Err(invalid(format!(
                "The regex and the replacement of a rewrite have at most {LONGEST} characters"
            )));
        }
    }
    Ok(())
}

/// What the transforms make of a request.
pub(super) fn apply(transforms: &[Transform], head: &RequestHead) -> Result<Rewritten, Unusable> {
    let mut rewritten = Rewritten::default();
    for transform in transforms {
        match transform {
            Transform::Host(rewrite) => rewritten.host = host(rewrite, head)?,
            Transform::Url(rewrite) => rewritten.url = url(rewrite, head)?,
        }
    }
    Ok(rewritten)
}

/// The name is rewritten, a port beside it stays.
fn host(rewrite: &Rewrite, head: &RequestHead) -> Result<Option<HeaderValue>, Unusable> {
    let (name, port) = head.host_and_port();
    let Some(mut host) = rewrite.regex.replace(name, &rewrite.replace) else { return Ok(None) };
    if let Some(port) = port {
        host = format!("{host}:{port}");
    }
    let authority = host.parse::<Authority>().map_err(|_| Unusable)?;
    HeaderValue::from_str(authority.as_str()).map(Some).map_err(|_| Unusable)
}

fn url(rewrite: &Rewrite, head: &RequestHead) -> Result<Option<PathAndQuery>, Unusable> {
    let url = match &head.query {
        Some(query) => format!("{}?{query}", head.path),
        None => head.path.clone(),
    };
    let Some(url) = rewrite.regex.replace(&url, &rewrite.replace) else { return Ok(None) };
    if !url.starts_with('/') {
        return Err(Unusable);
    }
    url.parse().map(Some).map_err(|_| Unusable)
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationError", message)
}
