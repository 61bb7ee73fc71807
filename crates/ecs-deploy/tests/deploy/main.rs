//! Whole deploys against a cloud in memory, under virtual time.

mod first;
mod support;
