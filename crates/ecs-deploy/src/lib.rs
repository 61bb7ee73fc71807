//! Blue/green deploys of Amazon ECS task sets: the library.
//!
//! A service whose deployment controller is EXTERNAL keeps two task sets, blue and green, each with
//! a target group and a listener rule of its own; the rule with the lower priority number serves. A
//! deploy starts the new version on the color that does not serve, waits until it is healthy, and
//! exchanges the priorities in one call. The version before keeps running.
//!
//! # Expected flow
//! 1. [`config::read`] a file, and pick a [`config::Target`] from it.
//! 2. Connect a [`cloud::Cloud`]: the crate `ecs-deploy-aws` does it with the AWS SDK, or implement
//!    the ports of [`cloud`] yourself.
//! 3. [`deploy`] with a [`Runtime`], an [`event::EventSink`] and a cancellation token, or ask for a
//!    [`plan()`] first.
//! 4. At any time, look with [`status`]: what serves, and the state of the lock.
//!
//! # Guarantees
//! - Nothing is changed without a lease on the lock that other deployers respect.
//! - Every change is noted in the lock's row before it is tried and after it is known, and is looked
//!   for before it is tried again: a deploy that died at any point can be resumed.
//! - A PRIMARY task set, and one behind the rule that serves, is never scaled down or deleted.
//! - Users see the new version only after it was healthy.
//! - Nothing is printed, and nothing is spawned: a deploy is one future.
//!
//! # Assumptions
//! - Tokio drives the future, with its timer enabled, and with its I/O and signals for commands.
//! - The machine's clock for leases ([`dynamolock::Clock`]) does not stand still in suspend.
//!
//! # Cancellation
//! Dropping the future is a crash, not polling it is a pause; the token is the orderly way.
//!
//! # Errors
//! A [`Failure`] tells what failed, what serves, what was changed and how the lock was left; its
//! [`kind`](error::Failure::kind) says on which side of the swap it lies.
#![deny(missing_docs)]

#[cfg(windows)]
compile_error!("ecs-deploy runs on Linux and macOS: its commands need process groups and signals");

mod checks;
pub mod cloud;
pub mod command;
pub mod config;
mod deploy;
pub mod effect;
mod engine;
pub mod error;
pub mod event;
pub mod fence;
pub mod go_json;
pub mod journal;
mod ledger;
mod listeners;
pub mod lock;
pub mod meddling;
pub mod names;
mod pace;
mod patience;
pub mod plan;
mod progress;
mod provenance;
mod runtime;
pub mod status;
pub mod steps;
pub mod traffic;

pub use deploy::{CommandPolicy, Order, RollbackOrder, Success, deploy, plan, rollback};
pub use error::{DeployError, Failure};
pub use lock::Mode;
pub use runtime::Runtime;
