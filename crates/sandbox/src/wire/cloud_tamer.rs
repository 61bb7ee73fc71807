//! CloudTamer's API, as far as it hands out credentials.

use bytes::Bytes;
use http::{Method, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::query::timestamp;
use crate::model::cloud_tamer::{CloudTamer, LOGIN};
use crate::model::sts::Session;
use crate::model::{Cloud, Time};

/// Where it is served; AWS's services are all served at the root.
const BASE: &str = "/api/";

/// The status and the JSON of an answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    json: Value,
}

impl Answer {
    fn of(status: u16, data: Value) -> Self {
        Self { status, json: json!({"status": status, "data": data}) }
    }

    pub(super) fn body(&self) -> Bytes {
        self.json.to_string().into()
    }
}

/// Refuses a request.
fn refused(status: u16, message: &str) -> Answer {
    Answer::of(status, json!({"message": message}))
}

/// Answers a request to CloudTamer; `None` if it is for AWS, or there is no CloudTamer.
pub(super) fn answer(cloud: &mut Cloud, request: &Request<Bytes>, now: Time) -> Option<Answer> {
    let path = request.uri().path().strip_prefix(BASE)?;
    cloud.cloud_tamer.as_ref()?;
    Some(dispatch(cloud, path, request, now).unwrap_or_else(|refusal| refusal))
}

fn dispatch(
    cloud: &mut Cloud,
    path: &str,
    request: &Request<Bytes>,
    now: Time,
) -> Result<Answer, Answer> {
    let parts: Vec<&str> = path.split('/').collect();
    let Cloud { ids, cloud_tamer: Some(tamer), .. } = cloud else {
        return Err(refused(404, "no CloudTamer"));
    };
    if request.method() == Method::POST && parts == ["v3", "token"] {
        return log_in(tamer, ids.hex(32), &input(request)?, now);
    }
    check_login(tamer, request, now)?;
    match (request.method().as_str(), &parts[..]) {
        ("GET", ["v3", "account"]) => Ok(accounts(tamer)),
        ("GET", ["v3", "project", id, "cloud-access-role"]) => roles(tamer, id),
        ("POST", ["v3", "temporary-credentials"]) => credentials(cloud, &input(request)?, now),
        _ => Err(refused(404, "no such resource")),
    }
}

fn input<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Answer> {
    serde_json::from_slice(request.body()).map_err(|error| refused(400, &error.to_string()))
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
    idms: i64,
}

fn log_in(
    tamer: &mut CloudTamer,
    token: String,
    login: &Login,
    now: Time,
) -> Result<Answer, Answer> {
    if !tamer.knows(&login.username, &login.password, login.idms) {
        return Err(refused(401, "Invalid username or password."));
    }
    let until = now + LOGIN;
    let expiry = timestamp(until);
    let answer = json!({
        "user_id": 1,
        "access": {"token": token, "expiry": expiry},
        "refresh": {"token": format!("refresh-{token}"), "expiry": expiry},
    });
    tamer.log_in(token, until);
    Ok(Answer::of(200, answer))
}

fn check_login(tamer: &CloudTamer, request: &Request<Bytes>, now: Time) -> Result<(), Answer> {
    let header = request.headers().get(http::header::AUTHORIZATION);
    let token = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let is_logged_in = token.is_some_and(|token| tamer.is_logged_in(token, now));
    is_logged_in.then_some(()).ok_or_else(|| refused(401, "Unauthorized"))
}

fn accounts(tamer: &CloudTamer) -> Answer {
    let accounts = tamer.accounts.iter().enumerate().map(|(index, account)| {
        json!({
            "id": index + 1,
            "account_number": account.number,
            "account_name": format!("account {}", account.number),
            "account_type_id": account.kind.id(),
            "project_id": account.project,
        })
    });
    Answer::of(200, accounts.collect())
}

fn roles(tamer: &CloudTamer, project: &str) -> Result<Answer, Answer> {
    let found = tamer.accounts.iter().find(|account| account.project.to_string() == project);
    let account = found.ok_or_else(|| refused(404, "no such project"))?;
    let role = |name: &String| json!({"name": name, "aws_iam_role_name": name});
    let roles: Vec<Value> = account.roles.iter().map(role).collect();
    // As in Go, an empty list is written as null.
    let roles = if roles.is_empty() { Value::Null } else { roles.into() };
    Ok(Answer::of(200, json!({"ou_cloud_access_roles": roles})))
}

#[derive(Deserialize)]
struct Wanted {
    account_number: String,
    iam_role_name: String,
}

/// Credentials whose key is that of a session in the account.
fn credentials(cloud: &mut Cloud, wanted: &Wanted, now: Time) -> Result<Answer, Answer> {
    let Wanted { account_number: account, iam_role_name: role } = wanted;
    let tamer = cloud.cloud_tamer.as_ref().ok_or_else(|| refused(404, "no CloudTamer"))?;
    let granted = tamer
        .accounts
        .iter()
        .find(|known| known.number == *account && known.roles.contains(role))
        .ok_or_else(|| refused(403, "the role is not granted"))?;
    let partition = granted.kind.partition();
    let ids = &mut cloud.ids;
    let access_key = format!("ASIA{}", ids.hex(16).to_uppercase());
    let answer = json!({
        "access_key": access_key,
        "secret_access_key": ids.hex(32),
        "session_token": ids.hex(32),
    });
    let name = &tamer.username;
    let session = Session {
        account: account.clone(),
        arn: format!("arn:{partition}:sts::{account}:assumed-role/{role}/{name}"),
        user_id: format!("AROA{}:{name}", ids.hex(16).to_uppercase()),
        expires: now + tamer.lifetime,
    };
    cloud.sts.insert(access_key, session);
    Ok(Answer::of(200, answer))
}
