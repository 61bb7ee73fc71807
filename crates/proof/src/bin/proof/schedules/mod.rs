//! Random schedules of several deployers, by ranges of seeds that add up.

mod table;
mod totals;

use std::error::Error;
use std::time::Instant;

use clap::Args;
use ecs_deploy_proof::schedules::{self, Outcome, Trace};

use self::table::{Range, Table};
use self::totals::Totals;
use crate::seeds::Seeds;
use crate::{battery, document};

const PART: &str = "schedules";

/// So many schedules together come by everything, else something is wrong with what is drawn: of ten thousand
/// at a time, one in nine lacked the rarest.
const ENOUGH: u64 = 50_000;

/// Lets people deploy, resume and roll back on a shop where everything goes wrong at random.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    seeds: Seeds,
    /// Runs each schedule twice, and demands that it takes the same course.
    #[arg(long)]
    twice: bool,
    /// Prints the course of each schedule.
    #[arg(long)]
    trace: bool,
    /// Adds the seeds to the table of docs/reliability.md, if nothing was violated.
    #[arg(long)]
    write: bool,
}

/// Schedules in which something did not hold.
#[derive(Debug, thiserror::Error)]
#[error("something did not hold in {0} schedules")]
struct Violated(u64);

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let (first, end) = (arguments.seeds.from, arguments.seeds.end()?);
    if arguments.write {
        // Not only after the run, which may take hours.
        Table::parse(&document::read(PART)?)?.lacks(first, end)?;
    }
    let begun = Instant::now();
    let totals: Totals = arguments.seeds.run(|seed| one(seed, arguments))?;
    say(&format!("{totals}in {:.0?}", begun.elapsed()));
    if totals.violated > 0 {
        return Err(Violated(totals.violated).into());
    }
    if totals.schedules >= ENOUGH {
        let missing = totals.reached.missing(schedules::must());
        if !missing.is_empty() {
            return Err(battery::Violated::Missing(missing).into());
        }
    }
    if arguments.write {
        let mut table = Table::parse(&document::read(PART)?)?;
        table.add(Range::of(first, &totals, begun.elapsed()))?;
        document::write(PART, &table.to_string())?;
    }
    Ok(())
}

fn one(seed: u64, arguments: &Arguments) -> Outcome {
    let trace = if arguments.trace { Trace::On } else { Trace::Off };
    let mut outcome = schedules::run(seed, trace);
    if arguments.twice && schedules::run(seed, Trace::Off).digest != outcome.digest {
        outcome.violations.push("the second time it took another course".to_owned());
    }
    for line in &outcome.course {
        say(line);
    }
    for violation in &outcome.violations {
        say(&format!("seed {seed}: {violation}"));
    }
    if !outcome.violations.is_empty() {
        say(&format!("  proof schedules --from {seed} --count 1 --trace"));
    }
    outcome
}

#[allow(clippy::print_stdout, reason = "what a proof found is for whoever runs it")]
fn say(what: &str) {
    println!("{what}");
}
