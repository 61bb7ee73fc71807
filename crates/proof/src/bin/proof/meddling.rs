//! Somebody meddles at every moment of a deploy, and of a rollback.

use std::collections::BTreeMap;
use std::error::Error;
use std::num::NonZeroUsize;
use std::time::Instant;

use clap::Args;
use ecs_deploy_proof::schedules::{Intrusion, Outcome, Scene, intrude, must_of_intrusions};
use ecs_deploy_proof::{Milestone, Reached};

use crate::battery::Violated;
use crate::document;

const PART: &str = "meddling";

/// Lets somebody meddle at every read of a deploy and of a rollback, and after a death at every call.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Of all calls, every so many at which somebody meddles.
    #[arg(long, default_value = "1")]
    stride: NonZeroUsize,
    /// Prints the course of the first run in which something did not hold.
    #[arg(long)]
    trace: bool,
    /// Writes the table of docs/reliability.md.
    #[arg(long, conflicts_with = "stride")]
    write: bool,
}

/// What came of all runs.
#[derive(Debug, Default)]
struct Totals {
    /// By what was done.
    rows: BTreeMap<String, Row>,
    reached: Reached,
    first_violated: Option<Intrusion>,
}

#[derive(Debug, Default)]
struct Row {
    runs: [usize; Scene::ALL.len()],
    violations: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut totals = Totals::default();
    for (column, scene) in Scene::ALL.into_iter().enumerate() {
        let begun = Instant::now();
        let ran = intrude(scene, arguments.stride);
        say(&format!("{scene}: {} runs in {:.0?}", ran.len(), begun.elapsed()));
        ran.into_iter().for_each(|(intrusion, outcome)| totals.add(column, intrusion, outcome));
    }
    if let Some(intrusion) = totals.first_violated.filter(|_| arguments.trace) {
        intrusion.course().iter().for_each(|line| say(line));
    }
    if arguments.write {
        document::write(PART, &totals.told())?;
    }
    let is_all = arguments.stride.get() == 1;
    let missing = if is_all { totals.reached.missing(must_of_intrusions()) } else { Vec::new() };
    Violated::unless(totals.rows.values().map(|row| row.violations).sum(), missing)
}

impl Totals {
    fn add(&mut self, column: usize, intrusion: Intrusion, outcome: Outcome) {
        let Outcome { violations, reached, .. } = outcome;
        let row = self.rows.entry(intrusion.mischief.to_string()).or_default();
        row.runs[column] += 1;
        self.reached.join(reached);
        if !violations.is_empty() {
            row.violations += 1;
            self.first_violated.get_or_insert(intrusion);
        }
        for violation in violations {
            say(&format!("{intrusion:?}: {violation}"));
        }
    }

    /// The runs as a table, and how programs ended otherwise than well.
    fn told(&self) -> String {
        let scenes = Scene::ALL.map(|scene| format!(" {scene} |")).concat();
        let head = format!(
            "| by hand |{scenes} violations |\n| --- |{} ---: |\n",
            Scene::ALL.map(|_| " ---: |").concat()
        );
        let row = |(name, Row { runs, violations }): (&String, &Row)| {
            let runs = runs.map(|count| format!(" {count} |")).concat();
            format!("| {name} |{runs} {violations} |\n")
        };
        let table: String = self.rows.iter().map(row).collect();
        let ends = self.reached.iter().filter(|it| matches!(it, Milestone::End(_)));
        let ends: String = ends.map(|end| format!("- {end}\n")).collect();
        format!("{head}{table}\nWhat was come by at least once:\n\n{ends}")
    }
}

#[allow(clippy::print_stdout, reason = "what a proof found is for whoever runs it")]
fn say(what: &str) {
    println!("{what}");
}
