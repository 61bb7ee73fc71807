//! A second fault befalls what follows on a deploy that died.

use std::error::Error;
use std::num::NonZeroUsize;

use clap::Args;
use ecs_deploy_proof::battery::{Violation, pairs, pairs_going_back};

use crate::battery::{Battery, Choice, Violated, Way};
use crate::document;

/// Lets a program die after every call of every scenario, and the one that goes on with it, or rolls it
/// back, die, or lose an answer, at every call of its own.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// Of all pairs, every so many that is run.
    #[arg(long, default_value = "1")]
    stride: NonZeroUsize,
    /// Writes the tables of docs/reliability.md.
    #[arg(long, conflicts_with = "scenario")]
    write: bool,
}

impl Arguments {
    fn extent(&self) -> String {
        match self.stride.get() {
            1 => "All pairs were run.".to_owned(),
            stride => format!("Of all pairs, one of every {stride} was run."),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    for way in [Way::Forward, Way::Back].into_iter().filter(|way| arguments.choice.takes(*way)) {
        let battery = go(way, arguments)?;
        if arguments.write {
            let table = format!("{}\n\n{}", arguments.extent(), battery.table());
            document::write(part(way), &table)?;
        }
        Violated::unless_right(&battery.tally, Vec::new())?;
    }
    Ok(())
}

fn go(way: Way, arguments: &Arguments) -> Result<Battery, Violation> {
    let mut battery = Battery::default();
    for scenario in arguments.choice.scenarios(way) {
        battery.run(scenario, |undisturbed| match way {
            Way::Forward => Ok(pairs(undisturbed, arguments.stride)),
            Way::Back => pairs_going_back(undisturbed, arguments.stride),
        })?;
    }
    Ok(battery)
}

/// The part of the document with the pairs of this way.
fn part(way: Way) -> &'static str {
    match way {
        Way::Forward => "pairs",
        Way::Back => "pairs --way back",
    }
}
