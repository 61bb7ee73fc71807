//! A role that is assumed with the environment's own credentials.

use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use ecs_deploy::cloud::CloudError;
use ecs_deploy::names::RoleArn;

use super::AccessError;
use super::tries::with_tries;
use crate::call::Call;
use crate::error::odd_answer;

const ASSUME: &str = "sts:AssumeRole";

/// A role, and STS, which hands out its credentials. STS is asked in the scope's region, so in the
/// role's partition.
#[derive(Debug)]
pub(super) struct AssumedRole {
    pub(super) client: Client,
    pub(super) role: RoleArn,
    pub(super) session_name: String,
}

impl AssumedRole {
    /// Begins a session of the role, which lasts an hour.
    pub(super) async fn assume(&self) -> Result<Credentials, AccessError> {
        with_tries(|| self.ask(), |error: &CloudError| error.class.may_pass())
            .await
            .map_err(|error| AccessError::Role { role: self.role.clone(), error })
    }

    async fn ask(&self) -> Result<Credentials, CloudError> {
        let call = Call::read(ASSUME);
        let request = self
            .client
            .assume_role()
            .role_arn(self.role.to_string())
            .role_session_name(&self.session_name)
            .customize()
            .interceptor(call.fence());
        credentials(&call.answer(request.send()).await?)
    }
}

fn credentials(answer: &AssumeRoleOutput) -> Result<Credentials, CloudError> {
    let keys = answer.credentials().ok_or_else(|| odd_answer(ASSUME, "no credentials"))?;
    let builder = Credentials::builder()
        .access_key_id(keys.access_key_id())
        .secret_access_key(keys.secret_access_key())
        .session_token(keys.session_token())
        .provider_name("AssumedRole");
    Ok(builder.build())
}
