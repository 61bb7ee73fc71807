//! Every call of every scenario meets every fault.

use std::collections::BTreeMap;
use std::error::Error;

use clap::{Args, ValueEnum};
use ecs_deploy_proof::battery::{
    Ended, Fault, Returns, Scenario, Tally, meet, meet_and_go_back, meetings,
};

use crate::battery::{Battery, Violated};
use crate::document;

const PART: &str = "calls";

/// Lets every call of every scenario meet every fault; what did not end then is gone on with. Lets
/// every call of every deploy meet every fault once more, and rolls each back.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The only scenarios to run: those whose names hold this.
    #[arg(long, default_value = "")]
    scenario: String,
    /// The only faults to let happen: those whose names hold this.
    #[arg(long, default_value = "")]
    fault: String,
    /// The only way to take after a fault.
    #[arg(long)]
    way: Option<Way>,
    /// Writes the tables of docs/reliability.md.
    #[arg(long, conflicts_with_all = ["scenario", "fault", "way"])]
    write: bool,
}

/// What follows on a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// What did not end is gone on with.
    Forward,
    /// Whatever it did, it is rolled back.
    Back,
}

impl Arguments {
    fn is_all(&self) -> bool {
        self.scenario.is_empty() && self.fault.is_empty()
    }

    fn faults(&self) -> Vec<Fault> {
        Fault::ALL.into_iter().filter(|fault| fault.name().contains(&self.fault)).collect()
    }

    fn scenarios(&self) -> impl Iterator<Item = Scenario> {
        Scenario::ALL.into_iter().filter(|it| it.name().contains(&self.scenario))
    }

    fn takes(&self, way: Way) -> bool {
        self.way.is_none_or(|only| only == way)
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut told = Vec::new();
    if arguments.takes(Way::Forward) {
        told.push(go_forward(arguments)?);
    }
    if arguments.takes(Way::Back) {
        told.push(go_back(arguments)?);
    }
    if arguments.write {
        document::write(PART, &told.join("\n"))?;
    }
    Ok(())
}

fn go_forward(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let (mut battery, faults) = (Battery::default(), arguments.faults());
    for scenario in arguments.scenarios() {
        battery.run(scenario, |undisturbed| Ok(meet(&meetings(undisturbed, &faults))))?;
    }
    let tally = &battery.tally;
    let missing = if arguments.is_all() { tally.reached.missing() } else { Vec::new() };
    Violated::unless_right(tally, missing)?;
    Ok(format!("{}\n{}\n{}", battery.table(), faults_of(tally), reached(tally)))
}

fn go_back(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let (mut battery, faults) = (Battery::default(), arguments.faults());
    for scenario in arguments.scenarios().filter(|scenario| !scenario.is_rollback()) {
        battery.run(scenario, |undisturbed| {
            let returns = Returns::of(undisturbed)?;
            Ok(meet_and_go_back(&meetings(undisturbed, &faults), &returns))
        })?;
    }
    Violated::unless_right(&battery.tally, Vec::new())?;
    Ok(format!("Each rolled back:\n\n{}\n{}", battery.table(), ways_back(&battery.tally)))
}

/// How rollbacks ended, by the fault before them.
fn ways_back(tally: &Tally) -> String {
    let head = "| fault | runs | the version before serves again | there is none |\n\
                | --- | --- | --- | --- |\n";
    let row = |(fault, endings): (&Fault, &BTreeMap<Ended, usize>)| {
        let back = endings.get(&Ended::RolledBack).copied().unwrap_or(0);
        let (runs, name) = (endings.values().sum::<usize>(), fault.name());
        let others: Vec<String> = endings
            .iter()
            .filter_map(|(ended, count)| match ended {
                Ended::NoWayBack(reason) => Some(format!("{count} ({})", reason.name())),
                _ => None,
            })
            .collect();
        format!("| {name} | {runs} | {back} | {} |\n", others.join(", "))
    };
    tally.faults.iter().map(row).fold(head.to_owned(), |table, row| table + &row)
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
                Ended::GoneOnWith(how) => Some(format!("{count} ({how})")),
                _ => None,
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
