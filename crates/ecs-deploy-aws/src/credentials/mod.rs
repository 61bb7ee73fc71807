//! Credentials that are fetched here: an account's, from CloudTamer or by assuming a role.
//!
//! A call never waits for them. They are fetched before the first call, kept, and renewed beside
//! the work; see [`Connection::during`](crate::Connection::during).

mod access;
mod cloud_tamer;
mod expiry;
mod kept;
mod role;
mod tries;

use std::pin::Pin;

use aws_credential_types::Credentials;
use ecs_deploy::cloud::CloudError;
use ecs_deploy::names::RoleArn;

use crate::environment::Environment;
use crate::settings::Settings;

pub use access::{Access, Account};
pub use cloud_tamer::{CloudTamerError, DEFAULT_CLOUD_TAMER_ROLES, VariableError};
pub(crate) use expiry::{ExpiryWatch, Spent};
pub(crate) use kept::Kept;

use cloud_tamer::CloudTamer;
use role::AssumedRole;

/// Why an account's credentials could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// CloudTamer gave none.
    #[error("no credentials from CloudTamer for the account {account}")]
    CloudTamer {
        /// The account whose credentials were asked for.
        account: ecs_deploy::names::AccountId,
        /// What went wrong.
        #[source]
        error: CloudTamerError,
    },
    /// The role can't be assumed.
    #[error("the role {role} can't be assumed")]
    Role {
        /// The role.
        role: RoleArn,
        /// What STS said.
        #[source]
        error: CloudError,
    },
}

impl AccessError {
    /// Whether a try in a minute makes no sense. CloudTamer's odd answers may be a proxy's, and go as
    /// they came; a password that is wrong again and again could lock its user out.
    fn is_final(&self) -> bool {
        match self {
            Self::CloudTamer { error, .. } => {
                matches!(error, CloudTamerError::WrongPassword { .. })
            }
            Self::Role { error, .. } => !error.class.may_pass(),
        }
    }
}

/// Where an account's credentials are fetched.
#[derive(Debug)]
enum Source {
    CloudTamer { client: Box<CloudTamer>, account: Account },
    Role(AssumedRole),
}

impl Source {
    /// The source that an account's credentials come from; none where they are the environment's
    /// own.
    fn of(
        account: &Account,
        environment: &Environment,
        settings: &Settings,
    ) -> Result<Option<Self>, crate::ConnectError> {
        if let Some(client) = CloudTamer::of(environment, settings)? {
            let client = Box::new(client);
            return Ok(Some(Self::CloudTamer { client, account: account.clone() }));
        }
        let assumed = account.role.as_ref().map(|role| {
            let session_name = account.session_name.clone();
            Ok(Self::Role(AssumedRole {
                client: settings.sts()?,
                role: role.clone(),
                session_name,
            }))
        });
        assumed.transpose()
    }

    /// Boxed, as the SDK's futures are nested too deeply for those around them.
    fn fetch(&self) -> Fetch<'_> {
        match self {
            Self::CloudTamer { client, account } => Box::pin(async move {
                let fetched = client.credentials(&account.id, &account.cloud_tamer_roles).await;
                let account = account.id.clone();
                fetched.map_err(|error| AccessError::CloudTamer { account, error })
            }),
            Self::Role(role) => Box::pin(role.assume()),
        }
    }
}

/// Credentials on their way.
type Fetch<'a> = Pin<Box<dyn Future<Output = Result<Credentials, AccessError>> + Send + 'a>>;
