//! STS: who a key belongs to.

use std::collections::BTreeMap;

use super::Time;

/// The sessions that keys were handed out for.
#[derive(Debug, Default)]
pub struct Sessions {
    by_key: BTreeMap<String, Session>,
}

/// A session of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account that the role is of.
    pub account: String,
    /// The session's ARN, as `GetCallerIdentity` shows it.
    pub arn: String,
    /// The role's id and the session's name, with a colon between.
    pub user_id: String,
    /// When its keys expire.
    pub expires: Time,
}

impl Sessions {
    /// Keeps a session under the access key that was handed out for it.
    pub fn insert(&mut self, access_key: String, session: Session) {
        self.by_key.insert(access_key, session);
    }

    /// The session of an access key that was handed out.
    pub fn session(&self, access_key: &str) -> Option<&Session> {
        self.by_key.get(access_key)
    }

    /// All sessions, in no order.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.by_key.values()
    }
}
