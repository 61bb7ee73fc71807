//! Every call of every scenario meets every fault.

use std::collections::BTreeMap;
use std::error::Error;

use clap::Args;
use ecs_deploy_proof::battery::{Ended, Fault, Scenario, Tally, meet, meetings, must};

use crate::battery::{Battery, Violated};
use crate::document;

const PART: &str = "calls";

/// Lets every call of every scenario meet every fault; what did not end then is gone on with.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The only scenarios to run: those whose names hold this.
    #[arg(long, default_value = "")]
    scenario: String,
    /// The only faults to let happen: those whose names hold this.
    #[arg(long, default_value = "")]
    fault: String,
    /// Writes the tables of docs/reliability.md.
    #[arg(long, conflicts_with_all = ["scenario", "fault"])]
    write: bool,
}

impl Arguments {
    fn is_all(&self) -> bool {
        self.scenario.is_empty() && self.fault.is_empty()
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let faults = Fault::ALL.into_iter().filter(|fault| fault.name().contains(&arguments.fault));
    let faults: Vec<_> = faults.collect();
    let mut battery = Battery::default();
    for scenario in Scenario::ALL.into_iter().filter(|it| it.name().contains(&arguments.scenario)) {
        battery.run(scenario, |undisturbed| meet(&meetings(undisturbed, &faults)))?;
    }
    let reached_all = || battery.tally.reached.missing(must());
    let missing = if arguments.is_all() { reached_all() } else { Vec::new() };
    if arguments.write {
        let (tally, scenarios) = (&battery.tally, battery.table());
        document::write(PART, &format!("{scenarios}\n{}\n{}", faults_of(tally), reached(tally)))?;
    }
    Violated::unless_right(&battery.tally, missing)
}

fn faults_of(tally: &Tally) -> String {
    let head = "| fault | runs | ended as undisturbed | gone on with by another process |\n\
                | --- | --- | --- | --- |\n";
    let row = |(fault, endings): (&Fault, &BTreeMap<Ended, usize>)| {
        let at_once = endings.get(&Ended::AtOnce).copied().unwrap_or(0);
        let (runs, name) = (endings.values().sum::<usize>(), fault.name());
        let others: Vec<String> = endings
            .iter()
            .filter_map(|(ended, count)| match ended {
                Ended::AtOnce => None,
                Ended::GoneOnWith(how) => Some(format!("{count} ({how})")),
            })
            .collect();
        format!("| {name} | {runs} | {at_once} | {} |\n", others.join(", "))
    };
    tally.faults.iter().map(row).fold(head.to_owned(), |table, row| table + &row)
}

/// What was come by, as a list.
fn reached(tally: &Tally) -> String {
    let milestones: Vec<_> = tally.reached.iter().map(|it| format!("- {it}\n")).collect();
    format!("What was come by at least once:\n\n{}", milestones.concat())
}
