//! A run: one witness after the other, then the summary.

use std::error::Error;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use crate::bench::Bench;
use crate::document::{self, StandIn};
use crate::options::Options;
use crate::summary::{self, Line};
use crate::tally::{Check, Tally};
use crate::witnesses::{ALL, Silence, Witness};

/// Lets the witnesses judge.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let bench = Bench::new(options)?;
    let chosen = ALL.iter().filter(|witness| options.only.is_none_or(|only| only == witness.name));
    let lines: Vec<Line> = chosen.map(|witness| judge(witness, &bench, options)).collect();
    say(&format!("\n{}", summary::table(&lines)));
    Ok(verdict(&lines, std::env::var("CI").is_ok_and(|value| value == "true")))
}

fn judge(witness: &Witness, bench: &Bench, options: &Options) -> Line {
    say(&format!("{} begins\n", witness.name));
    let (tally, skipped) = match (witness.run)(bench) {
        Ok(tally) => (checked(tally, bench, options), 0),
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

/// With the check of the document that shows what the witness saw.
fn checked(mut tally: Tally, bench: &Bench, options: &Options) -> Tally {
    if !tally.rows.is_empty() {
        tally.add(document::members(&bench.root, &tally.rows, options.document));
    }
    // A witness that broke off has not seen them all.
    if let (Some(name), true) = (tally.stand_in, tally.failed.is_empty()) {
        let stand_in = StandIn { name, version: &tally.version };
        let check =
            document::differences(&bench.root, stand_in, &tally.differences, options.document);
        tally.add(check);
    }
    tally
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
    use super::*;

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
