//! Whole deploys against a cloud in memory, under virtual time.

mod faults;
mod first;
mod go_rows;
mod image;
mod lock;
mod lock_status;
mod lost;
mod older;
mod prune;
mod refusals;
mod resume;
mod rollback;
mod rollout;
mod status;
mod support;
mod wait;
mod written;
