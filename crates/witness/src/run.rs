//! A run: the witnesses, then the summary.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::bench::Bench;
use crate::document::{self, StandIn};
use crate::options::Options;
use crate::summary::{self, Line};
use crate::tally::{Check, Tally};
use crate::witnesses::{ALONE, Silence, TOGETHER, Witness};

/// Lets the witnesses judge.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let run = Run { bench: Bench::new(options)?, options, telling: Mutex::new(()) };
    let mut lines = run.several(TOGETHER, AT_ONCE);
    lines.extend(run.several(ALONE, 1));
    say(&format!("\n{}", summary::table(&lines)));
    Ok(verdict(&lines, std::env::var("CI").is_ok_and(|value| value == "true")))
}

/// How many witnesses run at once: most of them wait for somebody half of the time.
const AT_ONCE: usize = 2;

struct Run<'a> {
    bench: Bench,
    options: &'a Options,
    /// Held while a witness's faults are told and its part of the document is settled.
    telling: Mutex<()>,
}

impl Run<'_> {
    /// The lines of those witnesses that are wanted, so many of which run at once.
    fn several(&self, witnesses: &'static [Witness], at_once: usize) -> Vec<Line> {
        let is_wanted = |name| self.options.only.is_none_or(|only| only == name);
        let wanted = witnesses.iter().filter(|witness| is_wanted(witness.name)).enumerate();
        let (queue, lines) = (Mutex::new(wanted), Mutex::new(BTreeMap::new()));
        let next = || locked(&queue).next();
        let work = || {
            while let Some((number, witness)) = next() {
                let line = self.judge(witness);
                locked(&lines).insert(number, line);
            }
        };
        thread::scope(|scope| (0..at_once).for_each(|_| drop(scope.spawn(work))));
        let lines = lines.into_inner().unwrap_or_else(PoisonError::into_inner);
        lines.into_values().collect()
    }

    fn judge(&self, witness: &Witness) -> Line {
        say(&format!("{} begins\n", witness.name));
        let told = (witness.run)(&self.bench);
        let _turn = locked(&self.telling);
        let (tally, skipped) = match told {
            Ok(tally) => (self.checked(tally), 0),
            Err(Silence::Missing(missing)) => {
                say(&format!("{} {missing}\n", witness.name));
                (Tally::default(), 1)
            }
            Err(silence) => (broken(&silence), 0),
        };
        for check in &tally.failed {
            say(&format!("{}: {}: {}\n", witness.name, check.check, check.faults.join("; ")));
        }
        Line {
            witness: witness.name,
            version: tally.version,
            checks: tally.checks,
            failed: tally.failed.len(),
            skipped,
        }
    }

    /// With the checks of the document that shows what the witness saw.
    fn checked(&self, mut tally: Tally) -> Tally {
        let (root, wanted) = (&self.bench.root, self.options.document);
        if !tally.rows.is_empty() {
            tally.add(document::members(root, &tally.rows, wanted));
        }
        // A witness that broke off has not seen them all.
        if let (Some(name), true) = (tally.stand_in, tally.failed.is_empty()) {
            let stand_in = StandIn { name, version: &tally.version };
            let check = document::differences(root, stand_in, &tally.differences, wanted);
            tally.add(check);
        }
        tally
    }
}

/// What a witness that panicked left behind is as good as any: its panic ends the run.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn broken(silence: &Silence) -> Tally {
    let mut tally = Tally::default();
    tally.add(Check { check: "the witness runs".into(), faults: vec![causes(silence)] });
    tally
}

/// Where everything can be installed, a witness that does not run is a failure.
fn verdict(lines: &[Line], everything_has_to_run: bool) -> ExitCode {
    let failed = lines.iter().any(|line| line.failed > 0);
    let missed = everything_has_to_run && lines.iter().any(|line| line.skipped > 0);
    if failed || missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    text
}

/// A reader that has gone away does not change the verdict.
pub(crate) fn say(text: &str) {
    let _ = stdout().write_all(text.as_bytes());
}

pub(crate) fn say_error(error: &dyn Error) {
    let _ = writeln!(stderr(), "witness: {}", causes(error));
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    /// Ends only once another one has begun.
    fn met(_: &Bench) -> Result<Tally, Silence> {
        static BOTH: Barrier = Barrier::new(2);
        BOTH.wait();
        Ok(Tally::default())
    }

    #[test]
    fn two_witnesses_run_at_once_and_are_told_of_in_their_order() {
        const PAIR: &[Witness] =
            &[Witness { name: "first", run: met }, Witness { name: "second", run: met }];
        let options = &Options::default();
        let (extent, seed) = (options.extent, options.seed);
        let [root, store, ecs_deploy] = Default::default();
        let bench = Bench { extent, seed, root, store, ecs_deploy };
        let lines = Run { bench, options, telling: Mutex::new(()) }.several(PAIR, 2);
        let names: Vec<&str> = lines.iter().map(|line| line.witness).collect();
        assert_eq!(names, ["first", "second"]);
    }

    fn line(failed: usize, skipped: usize) -> Line {
        Line { witness: "boto3", version: String::new(), checks: 3, failed, skipped }
    }

    #[test]
    fn a_failed_check_fails_the_run() {
        assert_eq!(verdict(&[line(0, 0), line(1, 0)], false), ExitCode::FAILURE);
        assert_eq!(verdict(&[line(0, 0)], true), ExitCode::SUCCESS);
    }

    #[test]
    fn a_skipped_witness_fails_the_run_only_where_everything_has_to_run() {
        assert_eq!(verdict(&[line(0, 1)], false), ExitCode::SUCCESS);
        assert_eq!(verdict(&[line(0, 1)], true), ExitCode::FAILURE);
    }
}
