//! Whom the credentials belong to, over STS.

use async_trait::async_trait;
use aws_sdk_sts::Client;
use ecs_deploy::cloud::{CloudError, Identity};
use ecs_deploy::names::AccountId;

use crate::call::Call;
use crate::error::odd_answer;

const WHO: &str = "sts:GetCallerIdentity";

/// STS with the credentials of both scopes.
pub(crate) struct StsIdentity {
    pub(crate) config: Client,
    pub(crate) deploy: Client,
}

#[async_trait]
impl Identity for StsIdentity {
    async fn config_account(&self) -> Result<AccountId, CloudError> {
        account(&self.config).await
    }

    async fn deploy_account(&self) -> Result<AccountId, CloudError> {
        account(&self.deploy).await
    }
}

async fn account(client: &Client) -> Result<AccountId, CloudError> {
    let call = Call::read(WHO);
    let request = client.get_caller_identity().customize().interceptor(call.fence());
    let identity = call.answer(request.send()).await?;
    identity.account().unwrap_or_default().parse().map_err(|error| odd_answer(WHO, error))
}
