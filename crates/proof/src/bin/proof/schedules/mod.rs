//! Random schedules of several deployers, by ranges of seeds that add up.

mod table;
mod totals;

use std::error::Error;
use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use clap::Args;
use ecs_deploy_proof::schedules::{self, Outcome, Trace};

use self::table::{Range, Table};
use self::totals::Totals;
use crate::{battery, document};

const PART: &str = "schedules";

/// So many schedules together come by everything, else something is wrong with what is drawn: of ten thousand
/// at a time, one in nine lacked the rarest.
const ENOUGH: u64 = 50_000;

/// How often it is told how far the run is.
const TELL: Duration = Duration::from_secs(30);

/// Lets people deploy, resume and roll back on a shop where everything goes wrong at random.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many seeds.
    #[arg(long)]
    count: NonZeroU64,
    /// How many threads run schedules.
    #[arg(long, default_value = "1")]
    threads: NonZeroUsize,
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

/// More seeds than there are numbers.
#[derive(Debug, thiserror::Error)]
#[error("there are no {count} seeds from {from} on")]
struct NoSuchSeeds {
    from: u64,
    count: NonZeroU64,
}

impl Arguments {
    /// The seed after the last one.
    fn end(&self) -> Result<u64, NoSuchSeeds> {
        let &Self { from, count, .. } = self;
        from.checked_add(count.get()).ok_or(NoSuchSeeds { from, count })
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let end = arguments.end()?;
    if arguments.write {
        // Not only after the run, which may take hours.
        Table::parse(&document::read(PART)?)?.lacks(arguments.from, end)?;
    }
    let begun = Instant::now();
    let totals = Mutex::new(Totals::default());
    let next = AtomicU64::new(arguments.from);
    thread::scope(|scope| {
        let spawn = |_| scope.spawn(|| work(arguments, end, &next, &totals));
        let workers: Vec<_> = (0..arguments.threads.get()).map(spawn).collect();
        watch(arguments, &totals, || workers.iter().all(ScopedJoinHandle::is_finished));
    });
    let totals = totals.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
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
        table.add(Range::of(arguments.from, &totals, begun.elapsed()))?;
        document::write(PART, &table.to_string())?;
    }
    Ok(())
}

/// Takes seed after seed, up to the end.
fn work(arguments: &Arguments, end: u64, next: &AtomicU64, totals: &Mutex<Totals>) {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return;
        }
        let outcome = one(seed, arguments);
        totals.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).add(outcome);
    }
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

/// Tells how far the run is, until it has ended.
fn watch(arguments: &Arguments, totals: &Mutex<Totals>, is_over: impl Fn() -> bool) {
    let begun = Instant::now();
    let mut told = begun;
    while !is_over() {
        thread::sleep(Duration::from_millis(50));
        let (ran, violated) = {
            let totals = totals.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            (totals.schedules, totals.violated)
        };
        if told.elapsed() >= TELL {
            told = Instant::now();
            let count = arguments.count;
            let pace = ran as f64 / begun.elapsed().as_secs_f64();
            progress(&format!("{ran} of {count} schedules, {pace:.0}/s, {violated} violated"));
        }
    }
}

#[allow(clippy::print_stdout, reason = "what a proof found is for whoever runs it")]
fn say(what: &str) {
    println!("{what}");
}

#[allow(clippy::print_stderr, reason = "how far it is, is for whoever waits")]
fn progress(what: &str) {
    eprintln!("{what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_beyond_the_last_number_are_refused_instead_of_run_in_part() {
        let arguments = |from, count| Arguments {
            from,
            count: NonZeroU64::new(count).unwrap(),
            threads: NonZeroUsize::MIN,
            twice: false,
            trace: false,
            write: false,
        };
        assert_eq!(arguments(5, 7).end().unwrap(), 12);
        let refused = run(&arguments(u64::MAX, 1)).unwrap_err().to_string();
        assert_eq!(refused, format!("there are no 1 seeds from {} on", u64::MAX));
    }
}
