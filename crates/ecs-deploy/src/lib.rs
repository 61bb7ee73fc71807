//! Blue/green deploys of Amazon ECS task sets: the library.
#![deny(missing_docs)]

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
pub mod journal;
mod ledger;
pub mod lock;
pub mod names;
mod pace;
mod patience;
pub mod plan;
mod runtime;
pub mod steps;
pub mod traffic;

pub use deploy::{CommandPolicy, Order, Success, deploy, plan};
pub use error::{DeployError, Failure};
pub use lock::Mode;
pub use runtime::Runtime;
