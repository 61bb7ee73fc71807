//! Commands as real child processes. A few lines of shell stand in for a user's programs.
#![cfg(target_os = "linux")]

mod checking;
mod ending;
mod left_behind;
mod running;
mod support;
mod terminal;
