//! What CloudTamer's answers hold in their `data`.

use aws_credential_types::Credentials;
use serde::Deserialize;

use super::http::Secret;

#[derive(Deserialize)]
pub(super) struct Login {
    pub(super) access: Token,
}

#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) token: Secret,
}

#[derive(Deserialize)]
pub(super) struct Account {
    pub(super) account_number: String,
    pub(super) project_id: Option<u64>,
}

/// A list that is empty may be written as `null`.
#[derive(Deserialize)]
pub(super) struct AccessRoles {
    ou_cloud_access_roles: Option<Vec<AccessRole>>,
}

#[derive(Deserialize)]
struct AccessRole {
    aws_iam_role_name: Option<String>,
}

impl AccessRoles {
    /// The names of the IAM roles.
    pub(super) fn names(self) -> Vec<String> {
        let roles = self.ou_cloud_access_roles.unwrap_or_default();
        roles.into_iter().filter_map(|role| role.aws_iam_role_name).collect()
    }
}

#[derive(Deserialize)]
pub(super) struct Keys {
    access_key: String,
    secret_access_key: Secret,
    session_token: Secret,
}

impl Keys {
    /// The credentials, which do not say when they expire.
    pub(super) fn credentials(self) -> Credentials {
        Credentials::builder()
            .access_key_id(self.access_key)
            .secret_access_key(self.secret_access_key.reveal())
            .session_token(self.session_token.reveal())
            .provider_name("CloudTamer")
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_login_the_token_alone_is_needed() {
        for more in ["", r#","expiry":"2027-01-15T08:00:00Z"},"user_id":7,"refresh":{"token":"r""#]
        {
            let login = format!(r#"{{"access":{{"token":"t"{more}}}}}"#);
            let login: Login = serde_json::from_str(&login).unwrap();
            assert_eq!(login.access.token.reveal(), "t");
        }
    }

    #[test]
    fn what_is_not_needed_of_an_account_is_passed_over() {
        let account = |kind: &str| {
            format!(
                r#"{{"account_number":"123456789012","account_name":"gov","project_id":17{kind}}}"#
            )
        };
        for kind in ["", r#","account_type_id":1"#, r#","account_type_id":2"#] {
            let account: Account = serde_json::from_str(&account(kind)).unwrap();
            assert_eq!(account.account_number, "123456789012");
            assert_eq!(account.project_id, Some(17));
        }
    }
}
