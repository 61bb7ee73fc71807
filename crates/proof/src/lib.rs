//! Tests above everything: the real adapters against the sandbox in one process.
//!
//! A [`World`] is a local AWS in virtual time, without sockets and processes. Its
//! [`connect`](World::connect) gives the ports that a deploy on AWS has: the same adapters, the
//! same SDK, with a network that is a function call. A [`Shop`] is something to deploy there.
//!
//! All of it is meant for a runtime whose clock is paused.
#![deny(missing_docs)]

mod door;
mod shop;
mod world;

pub use door::Mishap;
pub use shop::Shop;
pub use world::World;
