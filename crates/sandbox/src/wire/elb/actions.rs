//! Actions, as they are given and shown.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::invalid;
use crate::model::ApiError;
use crate::model::elb::{
    Action, ActionKind, Authenticate, FixedResponse, Forward, Redirect, Stickiness, WeightedGroup,
};
use crate::wire::query::{self, List, Parsed};

/// An action as it is given.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ActionInput {
    #[serde(rename = "Type")]
    kind: String,
    order: Option<Parsed<u16>>,
    target_group_arn: Option<String>,
    forward_config: Option<ForwardInput>,
    fixed_response_config: Option<FixedResponseInput>,
    redirect_config: Option<RedirectInput>,
    authenticate_oidc_config: Option<Map<String, Value>>,
    authenticate_cognito_config: Option<Map<String, Value>>,
    jwt_validation_config: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ForwardInput {
    #[serde(default)]
    target_groups: List<WeightedInput>,
    target_group_stickiness_config: Option<StickinessInput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WeightedInput {
    target_group_arn: String,
    weight: Option<Parsed<u16>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StickinessInput {
    enabled: Option<Parsed<bool>>,
    duration_seconds: Option<Parsed<u64>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FixedResponseInput {
    status_code: Parsed<u16>,
    content_type: Option<String>,
    message_body: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RedirectInput {
    protocol: Option<String>,
    host: Option<String>,
    port: Option<String>,
    path: Option<String>,
    query: Option<String>,
    status_code: String,
}

/// Reads actions; `previous` are those that they replace.
pub(super) fn read(given: List<ActionInput>, previous: &[Action]) -> Result<Vec<Action>, ApiError> {
    let action = |(input, order): (ActionInput, u16)| {
        let order = input.order.map_or(order, |Parsed(order)| order);
        Ok(Action { order, kind: kind(input, previous)? })
    };
    given.0.into_iter().zip(1..).map(action).collect()
}

fn kind(input: ActionInput, previous: &[Action]) -> Result<ActionKind, ApiError> {
    let missing = || invalid(format!("An action of type '{}' needs its config", input.kind));
    Ok(match input.kind.as_str() {
        "forward" => ActionKind::Forward(forward(input.target_group_arn, input.forward_config)?),
        "fixed-response" => {
            ActionKind::FixedResponse(fixed(input.fixed_response_config.ok_or_else(missing)?))
        }
        "redirect" => ActionKind::Redirect(redirect(input.redirect_config.ok_or_else(missing)?)?),
        "authenticate-oidc" => {
            let config = input.authenticate_oidc_config.ok_or_else(missing)?;
            oidc(config, previous)?
        }
        "authenticate-cognito" => {
            authenticate(&input.kind, input.authenticate_cognito_config.ok_or_else(missing)?)
        }
        "jwt-validation" => {
            authenticate(&input.kind, input.jwt_validation_config.ok_or_else(missing)?)
        }
        other => return Err(invalid(format!("Action type '{other}' is not supported"))),
    })
}

fn forward(arn: Option<String>, config: Option<ForwardInput>) -> Result<Forward, ApiError> {
    let Some(config) = config else {
        let missing = || invalid("A forward action must name a target group");
        return Ok(Forward::to(arn.ok_or_else(missing)?));
    };
    let weighted = |given: WeightedInput| WeightedGroup {
        arn: given.target_group_arn,
        weight: given.weight.map_or(1, |Parsed(weight)| weight),
    };
    let groups: Vec<_> = config.target_groups.0.into_iter().map(weighted).collect();
    if let Some(arn) = arn
        && !matches!(&groups[..], [only] if only.arn == arn)
    {
        return Err(invalid(
            "TargetGroupArn and ForwardConfig must name the same one target group",
        ));
    }
    let stickiness =
        config.target_group_stickiness_config.map_or_else(Stickiness::default, |given| {
            Stickiness {
                enabled: given.enabled.is_some_and(|Parsed(enabled)| enabled),
                duration: given
                    .duration_seconds
                    .map(|Parsed(seconds)| Duration::from_secs(seconds)),
            }
        });
    Ok(Forward { groups, stickiness })
}

fn fixed(given: FixedResponseInput) -> FixedResponse {
    FixedResponse {
        status: given.status_code.0,
        content_type: given.content_type,
        body: given.message_body,
    }
}

fn redirect(given: RedirectInput) -> Result<Redirect, ApiError> {
    let permanent = match given.status_code.as_str() {
        "HTTP_301" => true,
        "HTTP_302" => false,
        other => {
            return Err(invalid(format!("Status code '{other}' must be HTTP_301 or HTTP_302")));
        }
    };
    let same = Redirect::same(permanent);
    Ok(Redirect {
        protocol: given.protocol.unwrap_or(same.protocol),
        host: given.host.unwrap_or(same.host),
        port: given.port.unwrap_or(same.port),
        path: given.path.unwrap_or(same.path),
        query: given.query.unwrap_or(same.query),
        permanent,
    })
}

/// A secret has to come with the action, or to be there already: the API never shows one, so a
/// client that changes such a rule asks for the existing one to be kept.
fn oidc(config: Map<String, Value>, previous: &[Action]) -> Result<ActionKind, ApiError> {
    const KIND: &str = "authenticate-oidc";
    let keeps = config.get("UseExistingClientSecret").is_some_and(|keeps| keeps == "true");
    let is_oidc = |action: &Action| matches!(&action.kind, ActionKind::Authenticate(existing) if existing.kind == KIND);
    match (config.contains_key("ClientSecret"), keeps) {
        (true, true) => Err(invalid("ClientSecret and UseExistingClientSecret exclude each other")),
        (false, false) => Err(invalid("A ClientSecret must be specified")),
        (false, true) if !previous.iter().any(is_oidc) => {
            Err(invalid("There is no existing client secret to use"))
        }
        _ => Ok(authenticate(KIND, config)),
    }
}

fn authenticate(kind: &str, mut config: Map<String, Value>) -> ActionKind {
    config.remove("ClientSecret");
    config.remove("UseExistingClientSecret");
    ActionKind::Authenticate(Authenticate { kind: kind.to_owned(), config })
}

/// Actions as AWS shows them.
pub(super) fn shown(actions: &[Action]) -> Vec<Value> {
    actions.iter().map(|action| shown_one(action.order, &action.kind)).collect()
}

fn shown_one(order: u16, kind: &ActionKind) -> Value {
    match kind {
        ActionKind::Forward(forward) => json!({
            "Type": "forward",
            "Order": order,
            "TargetGroupArn": single(forward),
            "ForwardConfig": shown_forward(forward),
        }),
        ActionKind::FixedResponse(fixed) => json!({
            "Type": "fixed-response",
            "Order": order,
            "FixedResponseConfig": {
                "StatusCode": fixed.status.to_string(),
                "ContentType": fixed.content_type,
                "MessageBody": fixed.body,
            },
        }),
        ActionKind::Redirect(redirect) => json!({
            "Type": "redirect",
            "Order": order,
            "RedirectConfig": shown_redirect(redirect),
        }),
        ActionKind::Authenticate(authenticate) => json!({
            "Type": authenticate.kind,
            "Order": order,
            (config_name(&authenticate.kind)): shown_config(&authenticate.config),
        }),
    }
}

/// A configuration as it was given; what has named members in one is a map.
fn shown_config(config: &Map<String, Value>) -> Map<String, Value> {
    let member = |(name, value): (&String, &Value)| match value {
        Value::Object(map) => (name.clone(), query::map(map)),
        other => (name.clone(), other.clone()),
    };
    config.iter().map(member).collect()
}

fn config_name(kind: &str) -> &'static str {
    match kind {
        "authenticate-oidc" => "AuthenticateOidcConfig",
        "authenticate-cognito" => "AuthenticateCognitoConfig",
        _ => "JwtValidationConfig",
    }
}

/// AWS names the group on the action itself when it is the only one.
fn single(forward: &Forward) -> Option<&str> {
    match &forward.groups[..] {
        [only] => Some(&only.arn),
        _ => None,
    }
}

fn shown_forward(forward: &Forward) -> Value {
    let group =
        |group: &WeightedGroup| json!({"TargetGroupArn": group.arn, "Weight": group.weight});
    json!({
        "TargetGroups": forward.groups.iter().map(group).collect::<Vec<_>>(),
        "TargetGroupStickinessConfig": {
            "Enabled": forward.stickiness.enabled,
            "DurationSeconds": forward.stickiness.duration.map(|duration| duration.as_secs()),
        },
    })
}

fn shown_redirect(redirect: &Redirect) -> Value {
    json!({
        "Protocol": redirect.protocol,
        "Host": redirect.host,
        "Port": redirect.port,
        "Path": redirect.path,
        "Query": redirect.query,
        "StatusCode": if redirect.permanent { "HTTP_301" } else { "HTTP_302" },
    })
}
