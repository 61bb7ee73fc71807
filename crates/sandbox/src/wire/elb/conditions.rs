//! Conditions, as they are given and shown.

use serde::Deserialize;
use serde_json::{Value, json};

use super::invalid;
use crate::model::ApiError;
use crate::model::elb::{Condition, Parameter, Pattern, Values};
use crate::wire::query::List;

/// A condition as it is given: its values stand in one of two places.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConditionInput {
    field: Option<String>,
    #[serde(default)]
    values: List<String>,
    #[serde(default)]
    regex_values: List<String>,
    path_pattern_config: Option<PatternsConfig>,
    host_header_config: Option<PatternsConfig>,
    http_request_method_config: Option<ValuesConfig>,
    source_ip_config: Option<ValuesConfig>,
    http_header_config: Option<HeaderConfig>,
    query_string_config: Option<QueryConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ValuesConfig {
    #[serde(default)]
    values: List<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PatternsConfig {
    #[serde(default)]
    values: List<String>,
    #[serde(default)]
    regex_values: List<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HeaderConfig {
    http_header_name: String,
    #[serde(default)]
    values: List<String>,
    #[serde(default)]
    regex_values: List<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueryConfig {
    #[serde(default)]
    values: List<QueryValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueryValue {
    key: Option<String>,
    value: String,
}

pub(super) fn read(given: List<ConditionInput>) -> Result<Vec<Condition>, ApiError> {
    given.0.into_iter().map(condition).collect()
}

fn condition(given: ConditionInput) -> Result<Condition, ApiError> {
    let (values, regexes) = (given.values, given.regex_values);
    match given.field.as_deref() {
        Some("path-pattern") => {
            let (values, regexes) = patterns(values, regexes, given.path_pattern_config)?;
            Ok(Condition::PathPattern(Values { globs: values, regexes: cased(regexes)? }))
        }
        Some("host-header") => {
            let (values, regexes) = patterns(values, regexes, given.host_header_config)?;
            Ok(Condition::HostHeader(Values { globs: values, regexes: caseless(regexes)? }))
        }
        Some("http-header") => header(regexes, given.http_header_config),
        Some(other) if !regexes.0.is_empty() => {
            Err(invalid(format!("RegexValues cannot be specified for the field '{other}'")))
        }
        Some("http-request-method") => {
            let config = given.http_request_method_config.map(|config| config.values);
            Ok(Condition::RequestMethod(either(values, config)?))
        }
        Some("source-ip") => {
            source_ip(&either(values, given.source_ip_config.map(|config| config.values))?)
        }
        Some("query-string") => parameters(given.query_string_config),
        Some(other) => Err(invalid(format!("Condition field '{other}' is not supported"))),
        None => Err(invalid("A condition must name its field")),
    }
}

/// What stands in one of two places.
fn either(own: List<String>, config: Option<List<String>>) -> Result<Vec<String>, ApiError> {
    match config {
        None => Ok(own.0),
        Some(config) if own.0.is_empty() || own == config => Ok(config.0),
        Some(_) => Err(invalid("Values and a condition's own config cannot both be given")),
    }
}

/// The values and the regular expressions of a condition that may have both.
fn patterns(
    values: List<String>,
    regexes: List<String>,
    config: Option<PatternsConfig>,
) -> Result<(Vec<String>, Vec<String>), ApiError> {
    let (of_values, of_regexes) = config.map(|it| (it.values, it.regex_values)).unzip();
    Ok((either(values, of_values)?, either(regexes, of_regexes)?))
}

fn cased(regexes: Vec<String>) -> Result<Vec<Pattern>, ApiError> {
    regexes.into_iter().map(Pattern::new).collect()
}

fn caseless(regexes: Vec<String>) -> Result<Vec<Pattern>, ApiError> {
    regexes.into_iter().map(Pattern::caseless).collect()
}

fn source_ip(values: &[String]) -> Result<Condition, ApiError> {
    let network = |value: &String| {
        value.parse().map_err(|_| invalid(format!("'{value}' is not a valid CIDR block")))
    };
    Ok(Condition::SourceIp(values.iter().map(network).collect::<Result<_, _>>()?))
}

fn header(regexes: List<String>, config: Option<HeaderConfig>) -> Result<Condition, ApiError> {
    let config = config.ok_or_else(|| invalid("An http-header condition needs its config"))?;
    let regexes = caseless(either(regexes, Some(config.regex_values))?)?;
    let values = Values { globs: config.values.0, regexes };
    Ok(Condition::HttpHeader { name: config.http_header_name, values })
}

fn parameters(config: Option<QueryConfig>) -> Result<Condition, ApiError> {
    let config = config.ok_or_else(|| invalid("A query-string condition needs its config"))?;
    let parameter = |given: QueryValue| Parameter { key: given.key, value: given.value };
    Ok(Condition::QueryString(config.values.0.into_iter().map(parameter).collect()))
}

/// A condition as AWS shows it.
pub(super) fn shown(condition: &Condition) -> Value {
    let field = condition.field();
    match condition {
        Condition::PathPattern(values) => shown_values(field, "PathPatternConfig", values),
        Condition::HostHeader(values) => shown_values(field, "HostHeaderConfig", values),
        Condition::RequestMethod(values) => {
            json!({"Field": field, "HttpRequestMethodConfig": {"Values": values}})
        }
        Condition::SourceIp(networks) => {
            let values: Vec<String> = networks.iter().map(ToString::to_string).collect();
            json!({"Field": field, "SourceIpConfig": {"Values": values}})
        }
        Condition::HttpHeader { name, values } => {
            let (globs, regexes) = lists(values);
            let config = json!({"HttpHeaderName": name, "Values": globs, "RegexValues": regexes});
            json!({"Field": field, "RegexValues": regexes, "HttpHeaderConfig": config})
        }
        Condition::QueryString(parameters) => {
            let value = |p: &Parameter| json!({"Key": p.key, "Value": p.value});
            let values: Vec<Value> = parameters.iter().map(value).collect();
            json!({"Field": field, "QueryStringConfig": {"Values": values}})
        }
    }
}

fn shown_values(field: &str, config: &str, values: &Values) -> Value {
    let (globs, regexes) = lists(values);
    let both = json!({"Values": globs, "RegexValues": regexes});
    json!({"Field": field, "Values": globs, "RegexValues": regexes, config: both})
}

/// Both kinds of values; nothing for a kind of which there is none.
fn lists(values: &Values) -> (Option<&[String]>, Option<Vec<&str>>) {
    let regexes: Vec<&str> = values.regexes.iter().map(Pattern::as_str).collect();
    let globs = Some(&values.globs[..]).filter(|globs| !globs.is_empty());
    (globs, Some(regexes).filter(|regexes| !regexes.is_empty()))
}
