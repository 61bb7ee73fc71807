//! What a rule asks of a request.

use ipnet::IpNet;

use super::route::RequestHead;
use super::{Pattern, glob};
use crate::model::ApiError;

/// One condition of a rule; it holds when any of its values does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The path, case and all.
    PathPattern(Values),
    /// The host without its port, in any case.
    HostHeader(Values),
    /// A header's value, in any case.
    HttpHeader {
        /// The header's name, in any case.
        name: String,
        /// The values.
        values: Values,
    },
    /// A parameter of the query, in any case.
    QueryString(Vec<Parameter>),
    /// The method, exactly.
    RequestMethod(Vec<String>),
    /// The address that the connection comes from.
    SourceIp(Vec<IpNet>),
}

/// The values that a part of a request may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// Texts with wildcards.
    pub globs: Vec<String>,
    /// Regular expressions, each of which has to match somewhere.
    pub regexes: Vec<Pattern>,
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
            Self::PathPattern(values) => values.match_path(&head.path),
            Self::HostHeader(values) => values.match_caseless(head.host_name()),
            Self::HttpHeader { name, values } => head
                .headers
                .get_all(name.as_str())
                .iter()
                .any(|value| values.match_caseless(&String::from_utf8_lossy(value.as_bytes()))),
            Self::QueryString(parameters) => {
                parameters.iter().any(|parameter| parameter.is_in(head.query.as_deref()))
            }
            Self::RequestMethod(methods) => methods.iter().any(|name| head.method == name.as_str()),
            Self::SourceIp(networks) => networks.iter().any(|net| net.contains(&head.source)),
        }
    }

    fn values(&self) -> usize {
        match self {
            Self::PathPattern(values)
            | Self::HostHeader(values)
            | Self::HttpHeader { values, .. } => values.globs.len() + values.regexes.len(),
            Self::RequestMethod(values) => values.len(),
            Self::QueryString(parameters) => parameters.len(),
            Self::SourceIp(networks) => networks.len(),
        }
    }

    fn wildcards(&self) -> usize {
        match self {
            Self::PathPattern(values)
            | Self::HostHeader(values)
            | Self::HttpHeader { values, .. } => {
                values.globs.iter().map(|glob| glob::wildcards(glob)).sum()
            }
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
            Self::PathPattern(values) => {
                check_characters(&values.globs, "_-.$/~\"'@:+&*?\\")?;
                values.check()
            }
            Self::HostHeader(values) => {
                check_characters(&values.globs, "-.*?")?;
                values.check()
            }
            Self::HttpHeader { name, values } => {
                if name.is_empty() || name.len() > 40 {
                    return Err(invalid("A header name has 1 to 40 characters"));
                }
                if name.eq_ignore_ascii_case("host") {
                    return Err(invalid(
                        "The host is compared by a condition of field 'host-header'",
                    ));
                }
                values.check()
            }
            Self::QueryString(parameters) => parameters.iter().try_for_each(Parameter::check),
            Self::RequestMethod(methods) => methods.iter().try_for_each(|name| check_method(name)),
            Self::SourceIp(_) => Ok(()),
        }
    }
}

impl From<Vec<String>> for Values {
    /// Texts with wildcards, and no regular expressions.
    fn from(globs: Vec<String>) -> Self {
        Self { globs, regexes: Vec::new() }
    }
}

impl Values {
    fn match_path(&self, path: &str) -> bool {
        self.globs.iter().any(|glob| glob::matches(glob, path)) || self.match_regex(path)
    }

    fn match_caseless(&self, text: &str) -> bool {
        self.globs.iter().any(|glob| caseless(glob, text)) || self.match_regex(text)
    }

    fn match_regex(&self, text: &str) -> bool {
        self.regexes.iter().any(|regex| regex.matches(text))
    }

    fn check(&self) -> Result<(), ApiError> {
        let mut all =
            self.globs.iter().map(String::as_str).chain(self.regexes.iter().map(Pattern::as_str));
        all.try_for_each(check_length)
    }
}

impl Parameter {
    fn check(&self) -> Result<(), ApiError> {
        check_length(&self.value)?;
        self.key.as_deref().map_or(Ok(()), check_length)
    }

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

/// Refuses values with other characters than letters, digits and these marks.
fn check_characters(values: &[String], marks: &str) -> Result<(), ApiError> {
    let good = |character: char| character.is_ascii_alphanumeric() || marks.contains(character);
    match values.iter().find(|value| !value.chars().all(good)) {
        Some(value) => {
            let message =
                format!("Condition value '{value}' contains a character that is not valid");
            Err(invalid(message))
        }
        None => Ok(()),
    }
}

fn check_length(value: &str) -> Result<(), ApiError> {
    if (1..=128).contains(&value.chars().count()) {
        Ok(())
    } else {
        Err(invalid(format!("Condition value '{value}' must have 1 to 128 characters")))
    }
}

fn check_method(name: &str) -> Result<(), ApiError> {
    let good = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_');
    if (1..=40).contains(&name.len()) && name.bytes().all(good) {
        Ok(())
    } else {
        let message = format!("Request method '{name}' must have 1 to 40 of A-Z, - and _");
        Err(invalid(message))
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::client("ValidationError", message)
}

fn caseless(pattern: &str, text: &str) -> bool {
    glob::matches(&pattern.to_lowercase(), &text.to_lowercase())
}
