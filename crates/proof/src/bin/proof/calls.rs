//! Every call of every scenario meets every fault.

use std::collections::BTreeMap;
use std::error::Error;

use clap::Args;
use ecs_deploy_proof::Milestone;
use ecs_deploy_proof::battery::{
    Ended, Fault, Returns, Tally, Violation, meet, meet_and_go_back, meetings, must,
    must_going_back,
};

use crate::battery::{Battery, Choice, Unnamed, Violated, Way, part_of_one};
use crate::document;

const PART: &str = "calls";

/// Lets every call of every scenario meet every fault; what did not end then is gone on with. Lets
/// every call of every deploy meet every fault once more, and rolls each back.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// The only faults to let happen: those whose names hold this.
    #[arg(long, default_value = "", value_parser = part_of_a_fault)]
    fault: String,
    /// Writes the tables of docs/reliability.md.
    #[arg(long, conflicts_with_all = ["scenario", "fault", "way"])]
    write: bool,
}

impl Arguments {
    /// What was not come by and must be, where everything is run.
    fn missing(&self, tally: &Tally, must: impl Iterator<Item = Milestone>) -> Vec<Milestone> {
        if self.is_all() { tally.reached.missing(must) } else { Vec::new() }
    }

    fn is_all(&self) -> bool {
        self.choice.has_every_scenario() && self.fault.is_empty()
    }

    fn faults(&self) -> Vec<Fault> {
        Fault::ALL.into_iter().filter(|fault| fault.name().contains(&self.fault)).collect()
    }
}

fn part_of_a_fault(part: &str) -> Result<String, Unnamed> {
    part_of_one(part, Fault::ALL.map(|fault| fault.name()))
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let forward =
        arguments.choice.takes(Way::Forward).then(|| go_forward(arguments)).transpose()?;
    let back = arguments.choice.takes(Way::Back).then(|| go_back(arguments)).transpose()?;
    if let (true, Some(forward), Some(back)) = (arguments.write, &forward, &back) {
        document::write(PART, &format!("{}\n{}", told_of(forward), told_of_way_back(back)))?;
    }
    if let Some(Battery { tally, .. }) = &forward {
        Violated::unless_right(tally, arguments.missing(tally, must()))?;
    }
    if let Some(Battery { tally, .. }) = &back {
        Violated::unless_right(tally, arguments.missing(tally, must_going_back()))?;
    }
    Ok(())
}

fn go_forward(arguments: &Arguments) -> Result<Battery, Violation> {
    let (mut battery, faults) = (Battery::default(), arguments.faults());
    for scenario in arguments.choice.scenarios(Way::Forward) {
        battery.run(scenario, |undisturbed| Ok(meet(&meetings(undisturbed, &faults))))?;
    }
    Ok(battery)
}

fn go_back(arguments: &Arguments) -> Result<Battery, Violation> {
    let (mut battery, faults) = (Battery::default(), arguments.faults());
    for scenario in arguments.choice.scenarios(Way::Back) {
        battery.run(scenario, |undisturbed| {
            let returns = Returns::of(undisturbed)?;
            Ok(meet_and_go_back(&meetings(undisturbed, &faults), &returns))
        })?;
    }
    Ok(battery)
}

fn told_of(battery: &Battery) -> String {
    let head = ["ended as undisturbed", "gone on with by another process"];
    let faults = faults_of(&battery.tally, head, Ended::AtOnce, |ended| match ended {
        Ended::GoneOnWith(how) => Some((*how).to_owned()),
        _ => None,
    });
    format!("{}\n{faults}\n{}", battery.table(), reached(&battery.tally))
}

fn told_of_way_back(battery: &Battery) -> String {
    let head = ["the version before serves again", "refused, and changed nothing"];
    let faults = faults_of(&battery.tally, head, Ended::RolledBack, |ended| match ended {
        Ended::NoWayBack(why) => Some(why.to_string()),
        _ => None,
    });
    format!("Rolled back, whatever the deploy had done:\n\n{}\n{faults}", battery.table())
}

/// How the runs ended by their faults: so many as `most` should, and the others in words.
fn faults_of(
    tally: &Tally,
    head: [&str; 2],
    most: Ended,
    words: fn(&Ended) -> Option<String>,
) -> String {
    let head = format!("| fault | runs | {} |\n| --- | --- | --- | --- |\n", head.join(" | "));
    let row = |(fault, endings): (&Fault, &BTreeMap<Ended, usize>)| {
        let count = endings.get(&most).copied().unwrap_or(0);
        let (runs, name) = (endings.values().sum::<usize>(), fault.name());
        let others = endings.iter().filter_map(|(ended, count)| Some((words(ended)?, count)));
        let others: Vec<_> = others.map(|(words, count)| format!("{count} ({words})")).collect();
        format!("| {name} | {runs} | {count} | {} |\n", others.join(", "))
    };
    tally.faults.iter().map(row).fold(head, |table, row| table + &row)
}

/// What was come by, as a list.
fn reached(tally: &Tally) -> String {
    let milestones: Vec<_> = tally.reached.iter().map(|it| format!("- {it}\n")).collect();
    format!("What was come by at least once:\n\n{}", milestones.concat())
}
