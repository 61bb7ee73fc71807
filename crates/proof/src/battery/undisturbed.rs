use std::ops::Range;

use super::Scenario;
use super::end::End;
use super::meeting::SUCCESSOR;
use super::tally::Violation;
use crate::crew;
use crate::snapshot::difference;
use crate::{Bench, Ending, Line};

/// Who deploys on a bench.
const FIRST: &str = "ann";

/// What happens when nothing goes wrong, and what is left behind.
#[derive(Debug)]
pub struct Undisturbed {
    /// What is run.
    pub scenario: Scenario,
    /// The operations that are called, in order.
    pub calls: Vec<String>,
    pub(super) end: End,
    pub(super) snapshot: String,
}

impl Undisturbed {
    /// Runs a scenario as it is.
    ///
    /// # Errors
    /// If it breaks an invariant all the same.
    ///
    /// # Panics
    /// If the program dies by itself.
    pub fn of(scenario: Scenario) -> Result<Self, Violation> {
        crew::in_virtual_time(Self::watch(scenario))
    }

    async fn watch(scenario: Scenario) -> Result<Self, Violation> {
        let (bench, line) = (scenario.bench().await, Line::default());
        let Ending::Told(told) = scenario.run(&bench.ann, &line).await else {
            panic!("nobody dies on this line");
        };
        let (calls, end) = (line.made(), End::of(&told));
        let snapshot = bench.settled().await.to_string();
        let undisturbed = Self { scenario, calls, end, snapshot };
        let context = || format!("{}, undisturbed", scenario.name());
        let judged = undisturbed.judge(&bench).await;
        judged.map_err(|what| Violation { context: context(), what })?;
        Ok(undisturbed)
    }

    /// The calls after which a program has the lock, or perhaps has it.
    pub(super) fn under_the_lock(&self) -> Range<usize> {
        let taken = self.calls.iter().position(|call| call == "PutItem");
        let given_back = self.calls.iter().rposition(|call| call == "UpdateItem");
        taken.zip(given_back).map_or(0..0, |(taken, given_back)| taken..given_back)
    }

    /// Whether the same is left behind in another world, and nothing was violated on the way.
    pub(super) async fn judge(&self, bench: &Bench) -> Result<(), String> {
        // The row names the one who worked on it last.
        let settled = bench.settled().await.to_string().replace(SUCCESSOR, FIRST);
        bench.judge_course()?;
        if settled != self.snapshot {
            let difference = difference(&self.snapshot, &settled);
            return Err(format!("it left other things behind:\n{difference}"));
        }
        Ok(())
    }
}
