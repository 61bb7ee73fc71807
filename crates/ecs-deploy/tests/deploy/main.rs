//! Whole deploys against a cloud in memory, under virtual time.

mod faults;
mod first;
mod go_rows;
mod image;
mod lock;
mod lock_status;
mod prune;
mod refusals;
mod resume;
mod rollout;
mod status;
mod support;
mod written;
