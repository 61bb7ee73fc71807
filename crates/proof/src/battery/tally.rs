//! What came of the runs of a battery.

use std::collections::BTreeMap;
use std::fmt;

use super::{Fault, Scenario};
use crate::{Reached, Why};

/// Something that must not happen, and where it did.
#[derive(Clone, Debug)]
pub struct Violation {
    /// What was run.
    pub context: String,
    /// What went wrong.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.context, self.what)
    }
}

impl std::error::Error for Violation {}

/// How a run came to the right end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// The program that met the fault brought it there.
    AtOnce,
    /// That one ended like this, and another went on with it.
    GoneOnWith(&'static str),
    /// It was rolled back.
    RolledBack,
    /// There was no way back, for this reason.
    NoWayBack(Why),
}

/// One run.
#[derive(Debug)]
pub struct Run {
    /// What was run.
    pub scenario: Scenario,
    /// What it met.
    pub fault: Fault,
    /// What came of it.
    pub ended: Result<Ended, Violation>,
    /// What it came by.
    pub reached: Reached,
}

/// What came of many.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many runs there were, by scenario.
    pub scenarios: BTreeMap<Scenario, usize>,
    /// How they ended, by fault.
    pub faults: BTreeMap<Fault, BTreeMap<Ended, usize>>,
    /// Those that did not come to the right end.
    pub violations: Vec<Violation>,
    /// What they came by.
    pub reached: Reached,
}

impl Tally {
    /// Counts a run.
    pub fn count(&mut self, run: Run) {
        *self.scenarios.entry(run.scenario).or_default() += 1;
        let faults = self.faults.entry(run.fault).or_default();
        match run.ended {
            Ok(ended) => *faults.entry(ended).or_default() += 1,
            Err(violation) => self.violations.push(violation),
        }
        self.reached.join(run.reached);
    }

    /// How many runs there were.
    pub fn runs(&self) -> usize {
        self.scenarios.values().sum()
    }
}

impl Extend<Run> for Tally {
    fn extend<T: IntoIterator<Item = Run>>(&mut self, runs: T) {
        runs.into_iter().for_each(|run| self.count(run));
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtOnce => f.write_str("ended as undisturbed"),
            Self::GoneOnWith(how) => write!(f, "{how}, and was gone on with"),
            Self::RolledBack => f.write_str("rolled back"),
            Self::NoWayBack(why) => write!(f, "no way back: {why}"),
        }
    }
}
