//! What schedules add up to.

use std::fmt;

use ecs_deploy_proof::Reached;
use ecs_deploy_proof::schedules::{Outcome, Tally};

use crate::seeds;

/// The sums over schedules.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) schedules: u64,
    pub(crate) calls: u64,
    /// Schedules in which something did not hold.
    pub(crate) violated: u64,
    pub(crate) reached: Reached,
    endings: Tally,
    troubles: Tally,
}

impl seeds::Totals for Totals {
    type Outcome = Outcome;
    const WHAT: &'static str = "schedules";

    fn add(&mut self, outcome: Outcome) {
        self.schedules += 1;
        self.calls += outcome.calls;
        self.violated += u64::from(!outcome.violations.is_empty());
        self.endings.add(&outcome.endings);
        self.troubles.add(&outcome.troubles);
        self.reached.join(outcome.reached);
    }

    fn ran(&self) -> u64 {
        self.schedules
    }

    fn violated(&self) -> u64 {
        self.violated
    }
}

impl Totals {
    /// How many times the program was run.
    pub(crate) fn runs(&self) -> u64 {
        self.endings.sum()
    }

    /// How many times something befell it.
    pub(crate) fn troubles(&self) -> u64 {
        self.troubles.sum()
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schedules, calls, violated, .. } = self;
        let (runs, troubles) = (self.runs(), self.troubles());
        writeln!(f, "{schedules} schedules: {runs} runs, {calls} calls, {troubles} troubles")?;
        writeln!(f, "endings: {}", self.endings)?;
        writeln!(f, "troubles: {}", self.troubles)?;
        let reached: Vec<_> = self.reached.iter().map(|it| it.to_string()).collect();
        writeln!(f, "came by: {}", reached.join(", "))?;
        writeln!(f, "violated: {violated} schedules")
    }
}
