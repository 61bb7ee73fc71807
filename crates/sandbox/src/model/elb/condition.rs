//! What a rule asks of a request.

use ipnet::IpNet;

use super::glob;
use super::route::RequestHead;
use crate::model::ApiError;

/// One condition of a rule; it holds when any of its values does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The path, case and all.
    PathPattern(Vec<String>),
    /// The host without its port, in any case.
    HostHeader(Vec<String>),
    /// A header's value, in any case.
    HttpHeader {
        /// The header's name, in any case.
        name: String,
        /// The values, with wildcards.
        values: Vec<String>,
    },
    /// A parameter of the query, in any case.
    QueryString(Vec<Parameter>),
    /// The method, exactly.
    RequestMethod(Vec<String>),
    /// The address that the connection comes from.
    SourceIp(Vec<IpNet>),
}

/// A parameter of a query, with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; any when there is none.
    pub key: Option<String>,
    /// Its value.
    pub value: String,
}

/// AWS's limit of condition values, and of wildcards, in one rule.
const VALUES_PER_RULE: usize = 5;

impl Condition {
    /// AWS's name of the field it looks at.
    pub fn field(&self) -> &'static str {
        match self {
            Self::PathPattern(_) => "path-pattern",
            Self::HostHeader(_) => "host-header",
            Self::HttpHeader { .. } => "http-header",
            Self::QueryString(_) => "query-string",
            Self::RequestMethod(_) => "http-request-method",
            Self::SourceIp(_) => "source-ip",
        }
    }

    pub(super) fn matches(&self, head: &RequestHead) -> bool {
        match self {
            Self::PathPattern(patterns) => any_glob(patterns, &head.path),
            Self::HostHeader(patterns) => any_caseless(patterns, head.host_name()),
            Self::HttpHeader { name, values } => head
                .headers
                .get_all(name.as_str())
                .iter()
                .any(|value| any_caseless(values, &String::from_utf8_lossy(value.as_bytes()))),
            Self::QueryString(parameters) => {
                parameters.iter().any(|parameter| parameter.is_in(head.query.as_deref()))
            }
            Self::RequestMethod(methods) => methods.iter().any(|name| head.method == name.as_str()),
            Self::SourceIp(networks) => networks.iter().any(|net| net.contains(&head.source)),
        }
    }

    fn values(&self) -> usize {
        match self {
            Self::PathPattern(values) | Self::HostHeader(values) | Self::RequestMethod(values) => {
                values.len()
            }
            Self::HttpHeader { values, .. } => values.len(),
            Self::QueryString(parameters) => parameters.len(),
            Self::SourceIp(networks) => networks.len(),
        }
    }

    fn wildcards(&self) -> usize {
        match self {
            Self::PathPattern(values)
            | Self::HostHeader(values)
            | Self::HttpHeader { values, .. } => values.iter().map(|v| glob::wildcards(v)).sum(),
            Self::QueryString(parameters) => parameters
                .iter()
                .map(|p| glob::wildcards(&p.value) + p.key.as_deref().map_or(0, glob::wildcards))
                .sum(),
            Self::RequestMethod(_) | Self::SourceIp(_) => 0,
        }
    }

    fn may_repeat(&self) -> bool {
        matches!(self, Self::HttpHeader { .. } | Self::QueryString(_))
    }

    fn check(&self) -> Result<(), ApiError> {
        if self.values() == 0 {
            return Err(invalid(format!("A value must be given for the field '{}'", self.field())));
        }
        match self {
            Self::PathPattern(values) | Self::HostHeader(values) => check_length(values),
            Self::HttpHeader { name, values } => {
                if name.is_empty() || name.len() > 40 {
                    return Err(invalid("A header name has 1 to 40 characters"));
                }
                check_length(values)
            }
            Self::QueryString(_) | Self::RequestMethod(_) | Self::SourceIp(_) => Ok(()),
        }
    }
}

impl Parameter {
    fn is_in(&self, query: Option<&str>) -> bool {
        let parameters = query.unwrap_or_default().split('&').filter(|part| !part.is_empty());
        parameters.map(|part| part.split_once('=').unwrap_or((part, ""))).any(|(key, value)| {
            self.key.as_ref().is_none_or(|pattern| caseless(pattern, key))
                && caseless(&self.value, value)
        })
    }
}

/// Refuses conditions that AWS refuses.
pub(super) fn check(conditions: &[Condition]) -> Result<(), ApiError> {
    if conditions.is_empty() {
        return Err(invalid("A condition must be specified"));
    }
    for (index, condition) in conditions.iter().enumerate() {
        condition.check()?;
        let same = |other: &Condition| other.field() == condition.field();
        if !condition.may_repeat() && conditions[..index].iter().any(same) {
            let field = condition.field();
            return Err(invalid(format!("A rule can only have one condition of field '{field}'")));
        }
    }
    if conditions.iter().map(Condition::values).sum::<usize>() > VALUES_PER_RULE {
        return Err(invalid(format!("A rule can only have '{VALUES_PER_RULE}' condition values")));
    }
    if conditions.iter().map(Condition::wildcards).sum::<usize>() > VALUES_PER_RULE {
        let message = format!("A rule can only have '{VALUES_PER_RULE}' condition wildcards");
        return Err(invalid(message));
    }
    Ok(())
}

fn check_length(values: &[String]) -> Result<(), ApiError> {
    match values.iter().find(|value| value.is_empty() || value.len() > 128) {
        Some(value) => {
            Err(invalid(format!("Condition value '{value}' must have 1 to 128 characters")))
        }
        None => Ok(()),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationError", message)
}

fn any_glob(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| glob::matches(pattern, text))
}

fn any_caseless(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| caseless(pattern, text))
}

fn caseless(pattern: &str, text: &str) -> bool {
    glob::matches(&pattern.to_lowercase(), &text.to_lowercase())
}
