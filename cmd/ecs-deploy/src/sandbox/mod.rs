//! The local AWS as this program offers it.

mod builds;
mod choice;
mod demo;
mod door;
mod seed;
mod serve;
mod table;
mod task;

pub(crate) use demo::run as demo;
pub(crate) use serve::run as serve;
pub(crate) use task::run as task;
