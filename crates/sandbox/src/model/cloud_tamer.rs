//! CloudTamer (now Kion): it lets its users into accounts, in roles that it grants.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Time;

/// A CloudTamer with one user.
#[derive(Debug)]
pub struct CloudTamer {
    /// The user's name.
    pub username: String,
    /// The user's password.
    pub password: String,
    /// The identity management system that knows the user.
    pub idms: i64,
    /// The accounts that the user sees.
    pub accounts: Vec<Account>,
    /// How long the credentials last that it hands out.
    pub lifetime: Duration,
    tokens: BTreeMap<String, Time>,
}

/// An account that CloudTamer manages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its 12 digits.
    pub number: String,
    /// Which of AWS's partitions it is in.
    pub kind: AccountKind,
    /// The project that it belongs to.
    pub project: u64,
    /// The IAM roles that the user may take on in the project.
    pub roles: Vec<String>,
}

/// The kinds of accounts that CloudTamer manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// One of the partition `aws`.
    Commercial,
    /// One of the partition `aws-us-gov`.
    GovCloud,
}

impl AccountKind {
    /// The number that the API shows.
    pub fn id(self) -> u8 {
        match self {
            Self::Commercial => 1,
            Self::GovCloud => 2,
        }
    }

    /// The partition in the ARNs of the account.
    pub fn partition(self) -> &'static str {
        match self {
            Self::Commercial => "aws",
            Self::GovCloud => "aws-us-gov",
        }
    }
}

/// How long a login lasts.
pub const LOGIN: Duration = Duration::from_secs(600);

impl CloudTamer {
    /// A CloudTamer without accounts, whose credentials last an hour.
    pub fn new(username: impl Into<String>, password: impl Into<String>, idms: i64) -> Self {
        Self {
            username: username.into(),
            password: password.into(),
            idms,
            accounts: Vec::new(),
            lifetime: Duration::from_secs(3600),
            tokens: BTreeMap::new(),
        }
    }

    /// The same with one more account, in a project of its own.
    #[must_use]
    pub fn with_account(self, number: &str, roles: &[&str]) -> Self {
        self.with_account_of(AccountKind::Commercial, number, roles)
    }

    /// The same with one more account of this kind.
    #[must_use]
    pub fn with_account_of(mut self, kind: AccountKind, number: &str, roles: &[&str]) -> Self {
        let project = 1 + self.accounts.len() as u64;
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        self.accounts.push(Account { number: number.to_owned(), kind, project, roles });
        self
    }

    /// Whether this is the user.
    pub fn knows(&self, username: &str, password: &str, idms: i64) -> bool {
        (self.username.as_str(), self.password.as_str(), self.idms) == (username, password, idms)
    }

    /// Keeps the token of a login until it is over.
    pub fn log_in(&mut self, token: String, until: Time) {
        self.tokens.insert(token, until);
    }

    /// Whether a token is one of a login that is not over.
    pub fn is_logged_in(&self, token: &str, now: Time) -> bool {
        self.tokens.get(token).is_some_and(|until| now < *until)
    }
}
