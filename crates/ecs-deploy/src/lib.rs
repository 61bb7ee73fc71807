//! Blue/green deploys of Amazon ECS task sets: the library.
#![deny(missing_docs)]

pub mod cloud;
pub mod command;
pub mod config;
pub mod fence;
pub mod names;
