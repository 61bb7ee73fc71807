//! A cloud in memory under virtual time, and whole deploys in it.

pub(crate) mod cloud;
pub(crate) mod commands;
pub(crate) mod ecs;
pub(crate) mod events;
pub(crate) mod faults;
pub(crate) mod load_balancer;
pub(crate) mod locks;
mod ports;
pub(crate) mod row;
pub(crate) mod world;
