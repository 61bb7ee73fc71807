//! What the batteries have in common: scenarios one after the other, counted and told.

use std::error::Error;
use std::time::Instant;

use clap::{Args, ValueEnum};
use ecs_deploy_proof::Milestone;
use ecs_deploy_proof::battery::{Run, Scenario, Tally, Undisturbed, Violation};

/// What follows on a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// What did not end is gone on with.
    Forward,
    /// Whatever it did, it is rolled back.
    Back,
}

/// What is run of a battery: all, unless told otherwise.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// The only scenarios to run: those whose names hold this.
    #[arg(long, default_value = "", value_parser = part_of_a_scenario)]
    scenario: String,
    /// The only way to take after a fault.
    #[arg(long)]
    way: Option<Way>,
}

impl Choice {
    /// Whether no scenario is left out.
    pub(crate) fn has_every_scenario(&self) -> bool {
        self.scenario.is_empty()
    }

    /// Whether a way is taken: where none is told, each that one of the scenarios can go.
    pub(crate) fn takes(&self, way: Way) -> bool {
        match self.way {
            Some(only) => only == way,
            None => self.scenarios(way).next().is_some(),
        }
    }

    /// Those after which the way can be taken: a rollback is not rolled back.
    pub(crate) fn scenarios(&self, way: Way) -> impl Iterator<Item = Scenario> {
        let is_named = |it: &Scenario| it.name().contains(&self.scenario);
        let goes = move |it: &Scenario| way == Way::Forward || !it.is_rollback();
        Scenario::ALL.into_iter().filter(is_named).filter(goes)
    }
}

fn part_of_a_scenario(part: &str) -> Result<String, Unnamed> {
    part_of_one(part, Scenario::ALL.map(|scenario| scenario.name()))
}

/// No name holds it: nothing would be run, and nothing found.
#[derive(Debug, thiserror::Error)]
#[error("it is part of none of these: {0}")]
pub(crate) struct Unnamed(String);

/// What is part of one of these names.
pub(crate) fn part_of_one<const N: usize>(
    part: &str,
    names: [&'static str; N],
) -> Result<String, Unnamed> {
    match names.iter().any(|name| name.contains(part)) {
        true => Ok(part.to_owned()),
        false => Err(Unnamed(names.join("; "))),
    }
}

/// Scenarios that were run, with what came of it.
#[derive(Debug, Default)]
pub(crate) struct Battery {
    pub(crate) tally: Tally,
    rows: Vec<Row>,
}

/// What was run of a scenario.
#[derive(Debug)]
struct Row {
    name: &'static str,
    calls: usize,
    runs: usize,
    violations: usize,
}

/// A battery that does not prove what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Violated {
    #[error("nothing was run, so nothing is known; a rollback has no way back")]
    Nothing,
    #[error("{0} runs did not end as they should")]
    Runs(usize),
    #[error("this never happened, so nothing is known of it: {0:?}")]
    Missing(Vec<Milestone>),
}

impl Battery {
    /// Runs a scenario: once as it is, then in all these ways.
    pub(crate) fn run(
        &mut self,
        scenario: Scenario,
        disturbed: impl FnOnce(&Undisturbed) -> Result<Vec<Run>, Violation>,
    ) -> Result<(), Violation> {
        let began = Instant::now();
        let undisturbed = Undisturbed::of(scenario)?;
        let runs = disturbed(&undisturbed)?;
        let violated = runs.iter().filter_map(|run| run.ended.as_ref().err());
        let row = Row {
            name: scenario.name(),
            calls: undisturbed.calls.len(),
            runs: runs.len(),
            violations: violated.inspect(|violation| complain(violation)).count(),
        };
        tell(&row, began);
        self.rows.push(row);
        self.tally.extend(runs);
        Ok(())
    }

    /// The scenarios as a table.
    pub(crate) fn table(&self) -> String {
        let head = "| scenario | calls | runs | violations |\n| --- | --- | --- | --- |\n";
        let sum = |count: fn(&Row) -> usize| self.rows.iter().map(count).sum::<usize>();
        let row = |Row { name, calls, runs, violations }: &Row| {
            format!("| {name} | {calls} | {runs} | {violations} |\n")
        };
        let rows: String = self.rows.iter().map(row).collect();
        let (runs, violations) = (sum(|row| row.runs), sum(|row| row.violations));
        format!("{head}{rows}| all | | {runs} | {violations} |\n")
    }
}

impl Violated {
    /// Fails unless something was run, all of it was right, and nothing is missing.
    pub(crate) fn unless_right(
        tally: &Tally,
        missing: Vec<Milestone>,
    ) -> Result<(), Box<dyn Error>> {
        if tally.scenarios.is_empty() {
            return Err(Self::Nothing.into());
        }
        Self::unless(tally.violations.len(), missing)
    }

    /// Fails if there were violations, or something is missing.
    pub(crate) fn unless(violations: usize, missing: Vec<Milestone>) -> Result<(), Box<dyn Error>> {
        match violations {
            0 if missing.is_empty() => Ok(()),
            0 => Err(Self::Missing(missing).into()),
            runs => Err(Self::Runs(runs).into()),
        }
    }
}

#[allow(clippy::print_stdout, reason = "what a proof found is for whoever runs it")]
fn tell(row: &Row, began: Instant) {
    let Row { name, calls, runs, violations } = row;
    let took = began.elapsed().as_secs_f64();
    println!("{name}: {calls} calls, {runs} runs, {violations} violations, {took:.1} s");
}

#[allow(clippy::print_stdout, reason = "what a proof found is for whoever runs it")]
fn complain(violation: &Violation) {
    println!("{violation}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_scenario_holds_is_refused() {
        assert!(part_of_a_scenario("").is_ok());
        assert!(part_of_a_scenario("rollback").is_ok());
        let refused = part_of_a_scenario("nothing").unwrap_err().to_string();
        assert!(refused.contains("deploy with prune"), "{refused}");
    }

    #[test]
    fn a_rollback_goes_back_only_if_asked_to_and_then_nothing_is_proved() {
        let choice = |way| Choice { scenario: "rollback after success".to_owned(), way };
        assert!(choice(None).takes(Way::Forward));
        assert!(!choice(None).takes(Way::Back));
        assert!(choice(Some(Way::Back)).takes(Way::Back));
        assert!(Violated::unless_right(&Tally::default(), Vec::new()).is_err());
    }
}
