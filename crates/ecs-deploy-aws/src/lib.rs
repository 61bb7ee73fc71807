//! The ports of ecs-deploy over the AWS SDK.
//!
//! [`connect`] gives a [`Cloud`](ecs_deploy::cloud::Cloud) whose calls go to AWS, or to whatever
//! speaks its protocols at another endpoint. Nothing is retried here: whoever deploys knows what an
//! unanswered call may have done.
//!
//! ```no_run
//! use std::path::Path;
//! use ecs_deploy::event::{Event, EventSink};
//! use ecs_deploy::{CommandPolicy, Mode, Order, Runtime, config, deploy, journal, plan};
//! use ecs_deploy_aws::{Options, Scope, connect};
//! use tokio_util::sync::CancellationToken;
//!
//! struct Quiet;
//!
//! impl EventSink for Quiet {
//!     fn emit(&self, _event: Event) {}
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let path = Path::new("deploy-config.json");
//! let target = config::read(path)?.target("shop", "dev")?;
//! let (config, service) = (Scope::of_config(&target), Scope::of_service(&target));
//! let connection = connect(&Options::default(), &config, &service).await?;
//! let config_sha = config::config_sha(path)?;
//! let wanted = plan::Wanted::Sha("2b7f1c9".into());
//! let request = plan::Request { target, config_sha, wanted, allow: plan::Allowances::default() };
//! let order = Order::new(request);
//! let runtime = Runtime::of_this_machine(journal::Actor::default());
//! let cancel = CancellationToken::new();
//! let deploy = deploy(&order, &connection.cloud, &runtime, &Quiet, &cancel);
//! match connection.during(deploy).await {
//!     Ok(success) => println!("{} serves", success.artifact.value),
//!     Err(failure) => println!("{:?}: {}", failure.kind, failure.error),
//! }
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

mod artifacts;
mod call;
mod connect;
mod credentials;
mod ecs;
mod endpoint;
mod environment;
mod error;
mod fence;
mod identity;
mod load_balancer;
mod lock_table;
mod pages;
mod settings;
mod tables;

pub use artifacts::{ARTIFACT_TABLE, ArtifactDb, NewArtifact, StoredArtifact};
pub use aws_credential_types::provider::SharedCredentialsProvider;
pub use aws_smithy_async::rt::sleep::SharedAsyncSleep;
pub use aws_smithy_async::time::SharedTimeSource;
pub use aws_smithy_runtime_api::client::http::SharedHttpClient;
pub use call::READ_LIMIT;
pub use connect::{ConnectError, Connection, Options, Scope, connect, connect_artifacts};
pub use credentials::{
    Access, AccessError, Account, CloudTamerError, DEFAULT_CLOUD_TAMER_ROLES, VariableError,
};
pub use environment::{Environment, Variables};
pub use lock_table::LOCK_TABLE;
