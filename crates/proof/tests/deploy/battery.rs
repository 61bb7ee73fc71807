//! Every call of a deploy goes wrong once, in every way.

mod every_call;
mod every_call_back;
mod pairs;

use std::collections::BTreeMap;

use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::error::{DeployError, FailureKind, RollbackError};
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Mode};
use ecs_deploy_proof::{Ending, Line, Mishap, Snapshot};

use crate::Bench;

/// What is deployed in a battery, and what after it, to be rolled back.
const SHA: &str = "one";
const BAD: &str = "two";

/// What is disturbed, and where it begins.
#[derive(Clone, Copy, Debug)]
enum Scenario {
    /// Version 0 serves; nobody ever deployed.
    First,
    /// Version 0 serves, another stands on the other color, and a Go program left its row.
    Prune,
    /// A rollback after a deploy that ended well.
    RollBack,
    /// A rollback after a deploy that was stopped past its swap.
    RollBackFailed,
    /// A rollback after a deploy that was stopped before its swap.
    RollBackEarly,
}

impl Scenario {
    async fn bench(self) -> Bench {
        let bench = Bench::open().await;
        if let Self::Prune = self {
            bench.shop.place(&bench.world, "old:1", Color::Blue);
            bench.shop.leave_go_row(&bench.world);
            bench.pass(10).await;
        }
        if self.is_rollback() {
            bench.ann.deploy(SHA, Mode::Fresh).await.expect("nothing stands against it");
            self.deploy_what_goes(&bench).await;
        }
        bench
    }

    fn is_rollback(self) -> bool {
        matches!(self, Self::RollBack | Self::RollBackFailed | Self::RollBackEarly)
    }

    async fn deploy_what_goes(self, bench: &Bench) {
        let stopped_at = match self {
            Self::RollBackFailed => Step::Watch,
            Self::RollBackEarly => Step::Rollout,
            _ => {
                bench.ann.deploy(BAD, Mode::Fresh).await.expect("nothing stands against it");
                return;
            }
        };
        bench.ann.stop_at(BAD, stopped_at).await;
    }

    /// What is disturbed.
    async fn run(self, bench: &Bench, line: &Line) -> Ending {
        match self.is_rollback() {
            true => bench.ann.roll_back_over(line).await,
            false => bench.ann.deploy_over(line, SHA, Mode::Fresh).await,
        }
    }

    /// What a person does then.
    async fn go_on(self, bench: &Bench, context: &str) {
        let gone_on = match self.is_rollback() {
            true => bench.ann.go_back().await.map(drop),
            false => bench.ann.go_on(SHA).await.map(drop),
        };
        gone_on.unwrap_or_else(|failure| panic!("{context}; then {failure:?}"));
    }
}

/// How the runs of a battery ended, for the reader: how often each.
#[derive(Debug, Default)]
struct Tally(BTreeMap<String, usize>);

impl Tally {
    fn count(&mut self, ending: String) {
        *self.0.entry(ending).or_default() += 1;
    }
}

/// What an undisturbed deploy does and leaves behind.
struct Undisturbed {
    calls: Vec<String>,
    snapshot: Snapshot,
}

impl Undisturbed {
    async fn of(scenario: Scenario) -> Self {
        let (bench, line) = (scenario.bench().await, Line::default());
        let Ending::Told(told) = scenario.run(&bench, &line).await else {
            panic!("nobody dies on this line");
        };
        told.expect("nothing stands against it");
        let snapshot = bench.settled().await;
        bench.assert_nothing_violated("undisturbed");
        Self { calls: line.made(), snapshot }
    }
}

/// Lets each call of a deploy meet a mishap, one deploy for each; what is not done then is gone on
/// with.
async fn meet_at_every_call(scenario: Scenario, mishap: Mishap) {
    let undisturbed = Undisturbed::of(scenario).await;
    let mut tally = Tally::default();
    for number in 0..undisturbed.calls.len() {
        tally.count(meet(scenario, mishap, number, &undisturbed).await);
    }
    report(scenario, mishap, &undisturbed, &tally);
}

async fn meet(
    scenario: Scenario,
    mishap: Mishap,
    number: usize,
    undisturbed: &Undisturbed,
) -> String {
    let (bench, line) = (scenario.bench().await, Line::default());
    for call in number..number + repeats(mishap) {
        line.befall(call, mishap);
    }
    let operation = &undisturbed.calls[number];
    let context = format!("{scenario:?}, {mishap:?} at call {number} ({operation})");
    let ending = scenario.run(&bench, &line).await;
    assert_eq!(line.made().get(number), Some(operation), "{context}: another call was made");
    let how = match ending {
        Ending::Told(told) if told.is_ok() => "done at once".to_owned(),
        Ending::Told(told) => {
            let failure = told.expect_err("the arm above took the rest");
            let how = excuse(mishap, operation, &failure);
            let how = how.unwrap_or_else(|| panic!("{context}: {failure:?}"));
            scenario.go_on(&bench, &format!("{context}, {failure:?}")).await;
            format!("{how}, then done")
        }
        Ending::Died => {
            scenario.go_on(&bench, &context).await;
            "died, then done".to_owned()
        }
    };
    let settled = bench.settled().await;
    assert_eq!(settled.to_string(), undisturbed.snapshot.to_string(), "{context}");
    bench.assert_nothing_violated(&context);
    assert_eq!(Snapshot::orphans(&bench.world, &bench.shop), 0, "{context}: orphans");
    how
}

/// How many calls in a row it befalls: nobody is throttled just once.
fn repeats(mishap: Mishap) -> usize {
    if mishap == Mishap::Throttled { 4 } else { 1 }
}

/// What a mishap may do to a deploy: a wish to stop and what is not allowed end it, and a lock that was
/// not to be had; all else is tried again.
fn excuse(mishap: Mishap, operation: &str, failure: &Failure) -> Option<String> {
    match mishap {
        Mishap::Stopped => {
            return (failure.kind == FailureKind::Interrupted).then(|| "stopped".to_owned());
        }
        Mishap::Denied => {
            let is_told = match &failure.error {
                DeployError::Cloud(error) => error.class == ErrorClass::Denied,
                // Which build served before is what the denied tags would have told.
                DeployError::Rollback(error) => matches!(error, RollbackError::UnknownBuild { .. }),
                _ => false,
            };
            return is_told.then(|| "denied".to_owned());
        }
        _ => {}
    }
    let is_of_the_lock = matches!(operation, "GetItem" | "PutItem" | "UpdateItem");
    let is_not_begun = failure.step.is_none() && is_of_the_lock;
    is_not_begun.then(|| format!("not begun for a {operation}"))
}

#[allow(clippy::print_stdout, reason = "the counts are for whoever runs the battery")]
fn report(scenario: Scenario, mishap: Mishap, undisturbed: &Undisturbed, tally: &Tally) {
    let calls = undisturbed.calls.len();
    println!("{scenario:?}, {mishap:?}: {calls} calls, {calls} runs, 0 violations: {:?}", tally.0);
}
