//! One call of AWS: its name, its time limit, its fence.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ecs_deploy::cloud::CloudError;
use ecs_deploy::fence::{ATTEMPT_LIMIT, Permit};
use tokio::time::Instant;
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;

use crate::error;
use crate::fence::Fence;

/// How long a call may take that no lease waits for, such as one that only reads; credentials
/// included.
pub const READ_LIMIT: Duration = Duration::from_secs(10);

/// One call of AWS, about to be sent.
///
/// The limit is kept here rather than by the SDK: it then spans the loading of credentials too,
/// and two calls of one change can share it.
pub(crate) struct Call {
    action: &'static str,
    limit: Duration,
    deadline: Instant,
    fence: Fence,
}

impl Call {
    /// A call that changes nothing, by IAM's name for it.
    pub(crate) fn read(action: &'static str) -> Self {
        Self::new(action, READ_LIMIT)
    }

    /// A call that changes something under the lease of a lock.
    pub(crate) fn change(action: &'static str, permit: &Permit) -> Self {
        Self { fence: Fence::guarded_by(permit), ..Self::new(action, ATTEMPT_LIMIT) }
    }

    /// A call on the lock's own row, which the lock itself fences.
    pub(crate) fn lock(action: &'static str) -> Self {
        Self::new(action, ATTEMPT_LIMIT)
    }

    /// A call that changes something which no lock guards.
    pub(crate) fn unguarded(action: &'static str) -> Self {
        Self::new(action, READ_LIMIT)
    }

    fn new(action: &'static str, limit: Duration) -> Self {
        let deadline = Instant::now() + limit;
        Self { action, limit, deadline, fence: Fence::default() }
    }

    /// Lets this call end when that one has to: both are parts of one attempt.
    pub(crate) fn within(self, attempt: &Self) -> Self {
        Self { limit: attempt.limit, deadline: attempt.deadline, ..self }
    }

    /// What the SDK's request must be customized with.
    pub(crate) fn fence(&self) -> Fence {
        self.fence.clone()
    }

    /// Waits for the answer of the request, to which [`Self::fence`] was added.
    pub(crate) async fn answer<T, E>(
        self,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    ) -> Result<T, CloudError>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        self.fence.check().map_err(|expired| error::fenced(self.action, &expired))?;
        // The SDK would log headers with tokens, and bodies with what containers are given.
        let request = request.with_subscriber(Dispatch::none());
        match tokio::time::timeout_at(self.deadline, request).await {
            Ok(answer) => answer.map_err(|failure| {
                self.fence.hide(error::classify(self.action, self.fence.endpoint(), &failure))
            }),
            Err(_) => Err(error::timed_out(self.action, self.fence.endpoint(), self.limit)),
        }
    }
}
