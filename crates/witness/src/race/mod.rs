//! The lock race: clients of two languages take the same locks from each other, and are killed and
//! stopped while they hold them.
//!
//! Every client tells since when and until when it may believe that it holds a lock, on one clock.
//! Afterwards the tellings are held against each other.

mod course;
mod event;
mod judge;
mod lot;
mod racer;
mod seat;
mod tenure;

pub(crate) use course::{Course, Goal};
pub(crate) use judge::judge;
pub(crate) use racer::Programs;
