//! The operations of STS.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::query::{self, Parsed};
use super::{Call, Operation};
use crate::model::ApiError;
use crate::model::sts::Session;

/// The version of its API.
pub(super) const VERSION: &str = "2011-06-15";

/// The namespace of its XML.
pub(super) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The operations, and what answers each.
pub(super) const OPERATIONS: &[Operation] =
    &[("GetCallerIdentity", identity), ("AssumeRole", assume_role)];

#[derive(Deserialize)]
struct GetCallerIdentity {}

fn identity(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let GetCallerIdentity {} = call.input(input)?;
    let account = &call.scope.account;
    Ok(match call.cloud.sts.session(&call.access_key) {
        Some(session) => {
            json!({"Account": account, "Arn": session.arn, "UserId": session.user_id})
        }
        None => {
            let arn = format!("arn:{}:iam::{account}:root", call.scope.partition());
            json!({"Account": account, "Arn": arn, "UserId": account})
        }
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssumeRole {
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<Parsed<u64>>,
}

fn assume_role(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: AssumeRole = call.input(input)?;
    let (partition, account, role) = role(&input.role_arn)?;
    let name = &input.role_session_name;
    check_session_name(name)?;
    let duration = input.duration_seconds.map_or(3600, |Parsed(seconds)| seconds);
    if !(900..=43_200).contains(&duration) {
        return Err(invalid(format!("DurationSeconds {duration} must be from 900 to 43200")));
    }
    let expires = call.now + Duration::from_secs(duration);
    let ids = &mut call.cloud.ids;
    let access_key = format!("ASIA{}", ids.hex(16).to_uppercase());
    let (secret, token) = (ids.hex(32), ids.hex(32));
    let user_id = format!("AROA{}:{name}", ids.hex(16).to_uppercase());
    let arn = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{name}");
    let output = json!({
        "Credentials": {
            "AccessKeyId": access_key,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": query::timestamp(expires),
        },
        "AssumedRoleUser": {"Arn": arn, "AssumedRoleId": user_id},
    });
    let session = Session { account: account.to_owned(), arn, user_id, expires };
    call.cloud.sts.insert(access_key, session);
    Ok(output)
}

/// The partition, the account and the name (without its path) in a role's ARN.
fn role(arn: &str) -> Result<(&str, &str, &str), ApiError> {
    let refused = || invalid(format!("{arn} is invalid"));
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = fields[..] else {
        return Err(refused());
    };
    let name = resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    let account_is_good = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let name = name.filter(|name| !name.is_empty() && account_is_good);
    name.map(|name| (partition, account, name)).ok_or_else(refused)
}

fn check_session_name(name: &str) -> Result<(), ApiError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if (2..=64).contains(&name.len()) && name.chars().all(is_allowed) {
        return Ok(());
    }
    Err(invalid(format!("RoleSessionName '{name}' must have 2 to 64 of the allowed characters")))
}

fn invalid(message: String) -> ApiError {
    ApiError::client("ValidationError", message)
}
