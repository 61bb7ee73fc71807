//! The program is killed, stopped, asked to end and cut off from AWS at moments drawn by lot, while
//! users are served. What is left is gone on with, and ends as if nothing had happened.

mod lot;
mod many;
mod round;

use futures_util::future::join_all;

use lot::{Lot, Strike, rng};
use round::Undisturbed;

/// What the moments of the short rounds are drawn from.
const SEED: u64 = 6;

/// Plays all of these at once: most of their time they wait.
async fn played(strikes: &[Strike]) {
    let undisturbed = Undisturbed::known().await;
    let lots = (0..).zip(strikes).map(|(round, strike)| Lot::of(*strike, &mut rng(SEED, round)));
    join_all(lots.map(|lot| undisturbed.compare(lot))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deploy_that_is_killed_or_asked_to_end_is_gone_on_with_and_nobody_is_cut_off() {
    played(&[Strike::Killed, Strike::Killed, Strike::Killed, Strike::AskedToEnd]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deploy_that_stands_still_or_hears_nothing_is_gone_on_with_and_nobody_is_cut_off() {
    played(&[Strike::CutOff, Strike::Stopped, Strike::Overtaken]).await;
}
