//! The cloud for real, on loopback.
//!
//! [`Sandbox`] serves a [`Cloud`](crate::model::Cloud) over HTTP to AWS clients, runs its tasks as
//! child processes and its load balancers as reverse proxies. [`demo`] is the web program that
//! tasks run unless told otherwise, [`traffic`] what users would send. Nothing needs root, and all
//! ports are chosen by the system.

pub mod demo;
mod doors;
mod driver;
mod http;
mod log;
mod ports;
mod probe;
mod programs;
mod proxy;
mod sandbox;
mod task;
pub mod traffic;

pub use doors::ServedListener;
pub use programs::{Program, Programs};
pub use sandbox::{Options, Sandbox, StartError};
pub use task::RunningTask;
