//! The process dies, and so does the one that goes on with it: at every call of the one, at every call
//! of the other.

use ecs_deploy::Mode;
use ecs_deploy_proof::{Line, Mishap, Snapshot};

use super::Scenario::{First, Prune, RollBack};
use super::{SHA, Scenario, Undisturbed};
use crate::Bench;

/// Of all pairs, every so many that is looked at each time. A prime, so that every call of both is among
/// them.
const SAMPLE: usize = 53;

impl Scenario {
    /// Goes on over a line on which the process may die.
    async fn recover(self, bench: &Bench, line: &Line) {
        match self.is_rollback() {
            true => bench.ann.roll_back_over(line).await,
            false => bench.ann.deploy_over(line, SHA, Mode::Resume).await,
        };
    }
}

/// Dies twice, at every `stride`-th pair of calls, and is then gone on with.
async fn die_twice(scenario: Scenario, stride: usize) {
    let undisturbed = Undisturbed::of(scenario).await;
    // A recovery makes a few calls more than what it goes on with: those that find out where it is.
    let (firsts, seconds) = (undisturbed.calls.len(), undisturbed.calls.len() + 20);
    let pairs = (0..firsts).flat_map(|first| (0..seconds).map(move |second| [first, second]));
    let mut runs = 0;
    for pair in pairs.step_by(stride) {
        die_at(scenario, pair, &undisturbed).await;
        runs += 1;
    }
    report(scenario, runs);
}

async fn die_at(scenario: Scenario, [first, second]: [usize; 2], undisturbed: &Undisturbed) {
    let (bench, line) = (scenario.bench().await, Line::default());
    line.befall(first, Mishap::DiesAfter);
    scenario.run(&bench, &line).await;
    let recovery = Line::default();
    recovery.befall(second, Mishap::DiesAfter);
    scenario.recover(&bench, &recovery).await;
    let last = recovery.made().pop().unwrap_or_default();
    let context =
        format!("{scenario:?}, dies after call {first}, then after call {second} ({last})");
    scenario.go_on(&bench, &context).await;
    let settled = bench.settled().await;
    assert_eq!(settled.to_string(), undisturbed.snapshot.to_string(), "{context}");
    bench.assert_nothing_violated(&context);
    assert_eq!(Snapshot::orphans(&bench.world, &bench.shop), 0, "{context}: orphans");
}

#[allow(clippy::print_stdout, reason = "the counts are for whoever runs the battery")]
fn report(scenario: Scenario, runs: usize) {
    println!("{scenario:?}, dies twice: {runs} runs, 0 violations");
}

#[tokio::test(start_paused = true)]
async fn first_deploy_dies_twice() {
    die_twice(First, SAMPLE).await;
}

#[tokio::test(start_paused = true)]
async fn pruning_deploy_dies_twice() {
    die_twice(Prune, SAMPLE).await;
}

#[tokio::test(start_paused = true)]
async fn rollback_dies_twice() {
    die_twice(RollBack, SAMPLE).await;
}

#[tokio::test(start_paused = true)]
#[ignore = "all pairs take many minutes; a sample runs every time"]
async fn first_deploy_dies_twice_at_every_pair_of_calls() {
    die_twice(First, 1).await;
}

#[tokio::test(start_paused = true)]
#[ignore = "all pairs take many minutes; a sample runs every time"]
async fn pruning_deploy_dies_twice_at_every_pair_of_calls() {
    die_twice(Prune, 1).await;
}

#[tokio::test(start_paused = true)]
#[ignore = "all pairs take many minutes; a sample runs every time"]
async fn rollback_dies_twice_at_every_pair_of_calls() {
    die_twice(RollBack, 1).await;
}
