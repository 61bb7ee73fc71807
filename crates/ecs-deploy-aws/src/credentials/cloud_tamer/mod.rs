//! CloudTamer (now Kion): temporary credentials for an account.

mod answer;
mod error;
mod http;
mod variables;

use ::http::Method;
use aws_credential_types::Credentials;
use ecs_deploy::names::{AccountId, CloudTamerRole};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::tries::with_tries;
use crate::environment::Environment;
use crate::settings::Settings;
use answer::{AccessRoles, Account, Keys, Login};
use error::Failure;
use http::{Ask, Http, Secret};
use variables::Variables;

pub use error::CloudTamerError;
pub use variables::VariableError;

/// The roles that are looked for where the config names none: those of the organisation that the
/// original was made for.
pub const DEFAULT_CLOUD_TAMER_ROLES: [&str; 11] = [
    "ct-gss-network-admin",
    "ct-gss-network-poweruser",
    "ct-naworkstream-wsadmin",
    "ct-naworkstream-networkadmin",
    "ct-networkarchitecture-admin",
    "ct-network-architecture-admin",
    "ct-eastnetworkarchitecture-admin",
    "network-architecture-workstream-owners",
    "ct-gss-onboarding-readonly",
    "ct-gss-network-vpcconf-viewer",
    "network-architecture-workstream-service-account",
];

/// A CloudTamer and one of its users.
#[derive(Debug)]
pub(super) struct CloudTamer {
    http: Http,
    username: String,
    password: Secret,
    idms: i64,
}

impl CloudTamer {
    /// The CloudTamer that the environment's variables set up; none where none of them is set.
    pub(super) fn of(
        environment: &Environment,
        settings: &Settings,
    ) -> Result<Option<Self>, VariableError> {
        let variables = Variables::read(|name| environment.variable(name))?;
        Ok(variables.map(|variables| {
            let Variables { base, username, password, idms } = variables;
            Self { http: Http::new(&base, settings), username, password, idms }
        }))
    }

    /// Temporary credentials for an account, in the first of the roles that may be assumed there.
    pub(super) async fn credentials(
        &self,
        account: &AccountId,
        roles: &[CloudTamerRole],
    ) -> Result<Credentials, CloudTamerError> {
        let token = self.login().await?;
        let project = self.project(&token, account).await?;
        let role = self.role(&token, account, project, roles).await?;
        let body = json!({"account_number": account.as_str(), "iam_role_name": role});
        let ask = Ask::new(Method::POST, "/v3/temporary-credentials").with_token(&token);
        let keys: Keys = self.call(&ask.with_body(&body)).await?;
        Ok(keys.credentials())
    }

    async fn login(&self) -> Result<Secret, CloudTamerError> {
        let body = json!({
            "username": self.username,
            "password": self.password.reveal(),
            "idms": self.idms,
        });
        let ask = Ask::new(Method::POST, "/v3/token").with_body(&body);
        let login: Login = self.call(&ask).await.map_err(|error| error.of_login(&self.username))?;
        Ok(login.access.token)
    }

    /// The project that an account belongs to.
    async fn project(&self, token: &Secret, account: &AccountId) -> Result<u64, CloudTamerError> {
        let ask = Ask::new(Method::GET, "/v3/account").with_token(token);
        let accounts: Option<Vec<Account>> = self.call(&ask).await?;
        let accounts = accounts.unwrap_or_default();
        let found = accounts.iter().find(|known| known.account_number == account.as_str());
        let Some(found) = found else {
            let (username, known) = (self.username.clone(), accounts.len());
            return Err(CloudTamerError::UnknownAccount { username, known });
        };
        found.project_id.ok_or(CloudTamerError::NoProject)
    }

    /// The first of the wanted roles that the user may assume.
    async fn role(
        &self,
        token: &Secret,
        account: &AccountId,
        project: u64,
        wanted: &[CloudTamerRole],
    ) -> Result<String, CloudTamerError> {
        let path = format!("/v3/project/{project}/cloud-access-role?assumable=true");
        let ask = Ask::new(Method::GET, path).with_token(token);
        let offered: AccessRoles = self.call(&ask).await?;
        let offered: Vec<String> = offered.names();
        let wanted: Vec<&str> = match wanted {
            [] => DEFAULT_CLOUD_TAMER_ROLES.to_vec(),
            wanted => wanted.iter().map(CloudTamerRole::as_str).collect(),
        };
        let found = wanted.iter().find(|role| offered.iter().any(|offer| offer == *role));
        found.map(|role| (*role).to_owned()).ok_or_else(|| CloudTamerError::NoRole {
            account: account.clone(),
            wanted: wanted.iter().map(|role| (*role).to_owned()).collect(),
            offered,
        })
    }

    /// Asks until there is an answer, and reads its `data`.
    async fn call<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, CloudTamerError> {
        let asked = with_tries(|| self.once(ask), Failure::may_pass).await;
        asked.map_err(|failure| failure.of(ask, self.http.origin()))
    }

    async fn once<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, Failure> {
        let answer = self.http.send(ask).await?;
        if !answer.is_success() {
            return Err(Failure::refused(&answer, [&self.password].into_iter().chain(ask.token())));
        }
        let data = serde_json::from_slice(&answer.body)
            .map(|mut whole: Value| whole.get_mut("data").map(Value::take));
        match data {
            Ok(Some(data)) => serde_json::from_value(data).map_err(|_| Failure::odd(&answer)),
            _ => Err(Failure::odd(&answer)),
        }
    }
}
