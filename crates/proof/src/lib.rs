//! Tests above everything: the real adapters against the sandbox in one process.
//!
//! A [`World`] is a local AWS in virtual time, without sockets and processes. Its
//! [`connect`](World::connect) gives the ports that a deploy on AWS has: the same adapters, the
//! same SDK, with a network that is a function call. A [`Shop`] is something to deploy there, a
//! [`Deployer`] somebody who does, each deploy over a [`Line`] on which every call can go wrong.
//! [`Invariants`] watch all the while, and a [`Snapshot`] compares what two worlds hold at the end.
//!
//! All of it is meant for a runtime whose clock is paused.
#![deny(missing_docs)]

pub mod balancers;
pub mod battery;
mod bench;
mod crew;
mod deployer;
mod door;
mod events;
mod invariants;
mod line;
mod reached;
pub mod schedules;
mod script;
mod shop;
mod snapshot;
mod spoken;
pub mod stage;
mod tables;
mod target;
mod team;
mod view;
mod why;
mod world;
mod writers;

pub use bench::Bench;
pub use deployer::{Deployer, Ending};
pub use door::Mishap;
pub use events::Events;
pub use invariants::Invariants;
pub use line::{Line, Passage, operation};
pub use reached::{Kind, Milestone, Reached};
pub use script::Script;
pub use shop::Shop;
pub use snapshot::Snapshot;
pub use team::Team;
pub use view::Stand;
pub use why::Why;
pub use world::World;

/// What a run costs is mostly small allocations; the tests make thousands, the program millions.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
