//! Whole deploys against a cloud in memory, under virtual time.

mod faults;
mod first;
mod go_rows;
mod image;
mod left_behind;
mod lock;
mod lock_status;
mod lost;
mod meddling;
mod older;
mod prune;
mod refusals;
mod resume;
mod rollback;
mod rollout;
mod scaling;
mod status;
mod support;
mod taken_over;
mod together;
mod traffic;
mod unreadable;
mod unstartable;
mod wait;
mod written;
mod zero;
