//! Clients of the load balancer that others wrote, while what is behind it changes.

mod crier;
mod crowd;
mod curl;
mod shop;
mod tools;

pub(crate) use crowd::under_traffic;
pub(crate) use shop::Shop;
pub(crate) use tools::versions;
