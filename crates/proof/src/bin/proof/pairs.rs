//! A second fault befalls what goes on with a deploy that died.

use std::error::Error;
use std::num::NonZeroUsize;

use clap::Args;
use ecs_deploy_proof::battery::{Scenario, pairs};

use crate::battery::{Battery, Violated};
use crate::document;

const PART: &str = "pairs";

/// Lets a program die after every call of every scenario, and the one that goes on with it die, or
/// lose an answer, at every call of its own.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The only scenarios to run: those whose names hold this.
    #[arg(long, default_value = "")]
    scenario: String,
    /// Of all pairs, every so many that is run.
    #[arg(long, default_value = "1")]
    stride: NonZeroUsize,
    /// Writes the table of docs/reliability.md.
    #[arg(long, conflicts_with = "scenario")]
    write: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut battery = Battery::default();
    for scenario in Scenario::ALL.into_iter().filter(|it| it.name().contains(&arguments.scenario)) {
        battery.run(scenario, |undisturbed| Ok(pairs(undisturbed, arguments.stride)))?;
    }
    if arguments.write {
        document::write(PART, &format!("{}{}", extent(arguments), battery.table()))?;
    }
    Violated::unless_right(&battery.tally, Vec::new())
}

fn extent(arguments: &Arguments) -> String {
    match arguments.stride.get() {
        1 => "All pairs were run.\n\n".to_owned(),
        stride => format!("Every {stride}th pair was run.\n\n"),
    }
}
