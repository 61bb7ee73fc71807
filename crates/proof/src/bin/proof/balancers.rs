//! Random balancers: what is said of their rules against where requests go.

use std::error::Error;
use std::fmt;
use std::time::Instant;

use clap::Args;
use ecs_deploy_proof::balancers::{self, Kind, Outcome};
use ecs_deploy_proof::schedules::Tally;

use crate::document;
use crate::seeds::{Seeds, Totals};

const PART: &str = "balancers";

/// So many balancers together are examples of everything.
const ENOUGH: u64 = 1000;

/// Draws balancers, and holds what the program says of their rules against where requests go.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    seeds: Seeds,
    /// Writes the table of docs/reliability.md, if nothing was violated.
    #[arg(long)]
    write: bool,
}

#[derive(Debug, thiserror::Error)]
enum BalancersError {
    #[error("something did not hold for {0} balancers")]
    Violated(u64),
    #[error("no balancer was an example of: {0}")]
    Missing(String),
}

/// The sums over balancers.
#[derive(Debug, Default)]
struct Sums {
    balancers: u64,
    requests: u64,
    moved: u64,
    violated: u64,
    kinds: Tally,
}

impl Totals for Sums {
    type Outcome = Outcome;
    const WHAT: &'static str = "balancers";

    fn add(&mut self, outcome: Outcome) {
        self.balancers += 1;
        self.requests += outcome.requests;
        self.moved += outcome.moved;
        self.violated += u64::from(!outcome.violations.is_empty());
        self.kinds.add(&outcome.kinds);
    }

    fn ran(&self) -> u64 {
        self.balancers
    }

    fn violated(&self) -> u64 {
        self.violated
    }
}

impl Sums {
    fn count(&self, kind: Kind) -> u64 {
        self.kinds.0.get(&kind.to_string()).copied().unwrap_or_default()
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { balancers, requests, moved, violated, .. } = self;
        writeln!(f, "| | balancers |\n| --- | ---: |\n| all | {balancers} |")?;
        for kind in Kind::ALL {
            writeln!(f, "| {kind} | {} |", self.count(kind))?;
        }
        writeln!(f, "| violated | {violated} |\n")?;
        writeln!(
            f,
            "{requests} requests were made on each listener; {moved} times an exchange moved one."
        )
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let sums: Sums = arguments.seeds.run(one)?;
    say(&format!("{sums}in {:.0?}", begun.elapsed()));
    if sums.violated > 0 {
        return Err(BalancersError::Violated(sums.violated).into());
    }
    let missing: Vec<_> = Kind::must().filter(|kind| sums.count(*kind) == 0).collect();
    if sums.balancers >= ENOUGH && !missing.is_empty() {
        let missing = missing.iter().map(Kind::to_string).collect::<Vec<_>>().join(", ");
        return Err(BalancersError::Missing(missing).into());
    }
    if arguments.write {
        document::write(PART, &sums.to_string())?;
    }
    Ok(())
}

fn one(seed: u64) -> Outcome {
    let outcome = balancers::run(seed);
    for violation in &outcome.violations {
        say(&format!("seed {seed}: {violation}"));
    }
    outcome
}

#[allow(clippy::print_stdout, reason = "the result is shown to the person who runs the proof")]
fn say(what: &str) {
    println!("{what}");
}
