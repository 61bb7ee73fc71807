//! Random balancers: what the library says of their rules is held against where requests go.
//!
//! A balancer is drawn from one number: listeners, rules that overlap, cover and resemble each other,
//! and what a config names of them. It is built in a world, read through the real adapters and judged
//! by requests that are made of the rules' own values and near misses of them. Where a request goes,
//! the sandbox decides; it shares no code with the library's reading of rules.

mod advice;
mod draw;
mod judge;
mod kind;
mod layout;
mod names;
mod perturb;
mod requests;
mod site;
mod table;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;
use tokio::runtime::Builder;

pub use kind::Kind;

use crate::schedules::Tally;
use judge::Judge;

/// What became of a balancer.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What it was an example of.
    pub kinds: Tally,
    /// How many requests were made, each on every listener.
    pub requests: u64,
    /// How many of them, by listener, an exchange moved to the other color.
    pub moved: u64,
    /// What did not hold, each with the balancer's rules.
    pub violations: Vec<String>,
}

/// Draws the balancer of a seed and judges what the library says of it.
///
/// # Panics
/// If there can be no runtime.
pub fn run(seed: u64) -> Outcome {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime needs nothing but memory");
    let mut rng = Rng::with_seed(seed);
    let balancer = draw::balancer(&mut rng);
    let judged = AssertUnwindSafe(|| runtime.block_on(Judge::new(&balancer, &mut rng).judge()));
    catch_unwind(judged).unwrap_or_else(|_| Outcome {
        violations: vec![format!("panicked\n{}", table::of(&balancer))],
        ..Outcome::default()
    })
}
