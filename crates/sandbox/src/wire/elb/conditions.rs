//! Conditions, as they are given and shown.

use serde::Deserialize;
use serde_json::{Value, json};

use super::invalid;
use crate::model::ApiError;
use crate::model::elb::{Condition, Parameter};
use crate::wire::query::List;

/// A condition as it is given: its values stand in one of two places.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConditionInput {
    field: Option<String>,
    #[serde(default)]
    values: List<String>,
    path_pattern_config: Option<ValuesConfig>,
    host_header_config: Option<ValuesConfig>,
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
struct HeaderConfig {
    http_header_name: String,
    #[serde(default)]
    values: List<String>,
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
    let values = given.values;
    match given.field.as_deref() {
        Some("path-pattern") => {
            Ok(Condition::PathPattern(either(values, given.path_pattern_config)?))
        }
        Some("host-header") => Ok(Condition::HostHeader(either(values, given.host_header_config)?)),
        Some("http-request-method") => {
            Ok(Condition::RequestMethod(either(values, given.http_request_method_config)?))
        }
        Some("source-ip") => source_ip(&either(values, given.source_ip_config)?),
        Some("http-header") => header(given.http_header_config),
        Some("query-string") => parameters(given.query_string_config),
        Some(other) => Err(invalid(format!("Condition field '{other}' is not supported"))),
        None => Err(invalid("A condition must name its field")),
    }
}

fn either(values: List<String>, config: Option<ValuesConfig>) -> Result<Vec<String>, ApiError> {
    match config {
        None => Ok(values.0),
        Some(config) => {
            if !values.0.is_empty() && values != config.values {
                return Err(invalid("Values and a condition's own config cannot both be given"));
            }
            Ok(config.values.0)
        }
    }
}

fn source_ip(values: &[String]) -> Result<Condition, ApiError> {
    let network = |value: &String| {
        value.parse().map_err(|_| invalid(format!("'{value}' is not a valid CIDR block")))
    };
    Ok(Condition::SourceIp(values.iter().map(network).collect::<Result<_, _>>()?))
}

fn header(config: Option<HeaderConfig>) -> Result<Condition, ApiError> {
    let config = config.ok_or_else(|| invalid("An http-header condition needs its config"))?;
    Ok(Condition::HttpHeader { name: config.http_header_name, values: config.values.0 })
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
        Condition::PathPattern(values) => {
            json!({"Field": field, "Values": values, "PathPatternConfig": {"Values": values}})
        }
        Condition::HostHeader(values) => {
            json!({"Field": field, "Values": values, "HostHeaderConfig": {"Values": values}})
        }
        Condition::RequestMethod(values) => {
            json!({"Field": field, "HttpRequestMethodConfig": {"Values": values}})
        }
        Condition::SourceIp(networks) => {
            let values: Vec<String> = networks.iter().map(ToString::to_string).collect();
            json!({"Field": field, "SourceIpConfig": {"Values": values}})
        }
        Condition::HttpHeader { name, values } => {
            let config = json!({"HttpHeaderName": name, "Values": values});
            json!({"Field": field, "HttpHeaderConfig": config})
        }
        Condition::QueryString(parameters) => {
            let value = |p: &Parameter| json!({"Key": p.key, "Value": p.value});
            let values: Vec<Value> = parameters.iter().map(value).collect();
            json!({"Field": field, "QueryStringConfig": {"Values": values}})
        }
    }
}
