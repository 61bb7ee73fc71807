//! The ports of ecs-deploy over the AWS SDK.
//!
//! [`connect`] gives a [`Cloud`](ecs_deploy::cloud::Cloud) whose calls go to AWS, or to whatever
//! speaks its protocols at another endpoint. Nothing is retried here: whoever deploys knows what an
//! unanswered call may have done.
#![deny(missing_docs)]

mod artifacts;
mod call;
mod connect;
mod ecs;
mod environment;
mod error;
mod fence;
mod identity;
mod load_balancer;
mod lock_table;
mod pages;

pub use artifacts::ARTIFACT_TABLE;
pub use aws_credential_types::provider::SharedCredentialsProvider;
pub use aws_smithy_async::rt::sleep::SharedAsyncSleep;
pub use aws_smithy_async::time::SharedTimeSource;
pub use aws_smithy_runtime_api::client::http::SharedHttpClient;
pub use call::READ_LIMIT;
pub use connect::{ConnectError, Options, Scope, connect};
pub use environment::Environment;
pub use lock_table::LOCK_TABLE;
