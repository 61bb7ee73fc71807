//! In whose name a scope is spoken to.

use ecs_deploy::config::Target;
use ecs_deploy::names::{AccountId, CloudTamerRole, RoleArn};

use crate::SharedCredentialsProvider;

/// Whose credentials are used.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Access {
    /// The environment's own, by the rules that all AWS tools share.
    Environment,
    /// These.
    Given(SharedCredentialsProvider),
    /// Those for an account: from CloudTamer where the environment has its variables, else of the
    /// role where one is named, else the environment's own.
    ///
    /// CloudTamer is set up by five variables: `CLOUDTAMER_BASE_URL`, `CLOUDTAMER_USERNAME`,
    /// `CLOUDTAMER_PASSWORD`, `CLOUDTAMER_IDMS_ID` and `CLOUDTAMER_ADMIN_GROUP_ID`.
    Account(Account),
}

/// An account, and the ways into it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The role that is assumed with the environment's own credentials.
    pub role: Option<RoleArn>,
    /// What the role's session is called in the account's audit log: 2 to 64 letters, digits and
    /// characters of `_+=,.@-`.
    pub session_name: String,
    /// The roles that may be taken on in CloudTamer, the preferred one first; if empty, those of the
    /// organisation that the original was made for.
    pub cloud_tamer_roles: Vec<CloudTamerRole>,
}

impl Access {
    /// Access to a target's lock table and to ArtifactDB.
    pub fn to_config(target: &Target) -> Self {
        Self::Account(Account {
            id: target.config_account.clone(),
            role: target.config_role.clone(),
            session_name: session_name(target, "config"),
            cloud_tamer_roles: target.cloud_tamer_roles.clone(),
        })
    }

    /// Access to a target's service and its balancer.
    pub fn to_service(target: &Target) -> Self {
        Self::Account(Account {
            id: target.account.clone(),
            role: target.deploy_role.clone(),
            session_name: session_name(target, "deploy"),
            cloud_tamer_roles: target.cloud_tamer_roles.clone(),
        })
    }
}

fn session_name(target: &Target, what: &str) -> String {
    name_of_session(&target.lock_key(), what)
}

/// The longest name that STS takes.
const LONGEST: usize = 64;

/// `ecs-deploy-<key>-<what>`: what STS does not take becomes a hyphen, and a long key is cut.
fn name_of_session(key: &str, what: &str) -> String {
    const PREFIX: &str = "ecs-deploy-";
    let is_taken = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let room = LONGEST - PREFIX.len() - 1 - what.len();
    let key: String = key.chars().take(room).map(|c| if is_taken(c) { c } else { '-' }).collect();
    format!("{PREFIX}{key}-{what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_after_its_deploy_as_far_as_sts_takes_it() {
        assert_eq!(name_of_session("shop-prod", "deploy"), "ecs-deploy-shop-prod-deploy");
        assert_eq!(name_of_session("läden/a b", "config"), "ecs-deploy-l-den-a-b-config");
        let long = name_of_session(&"x".repeat(300), "config");
        assert_eq!(long.len(), LONGEST);
        assert!(long.ends_with("x-config"));
    }
}
