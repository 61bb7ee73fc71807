//! Clients of the locks in Go and in Rust race on the sandbox, and on tables that others wrote.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Silence;
use crate::bench::{self, Bench};
use crate::golang;
use crate::options::Extent;
use crate::race::{Course, Goal, Programs, judge};
use crate::run::say;
use crate::sandbox::Sandbox;
use crate::stand_in::StandIn;
use crate::tally::{Check, Tally};

/// The client in Go.
const RACER: &str = "racer";

/// The library that the clients in Go use.
const LIBRARY: &str = "cirello.io/dynamolock";

/// The sandbox.
pub(super) fn on_sandbox(bench: &Bench) -> Result<Tally, Silence> {
    let go = golang::Program::build(bench, RACER)?;
    let sandbox = Sandbox::start(bench).map_err(Silence::broken)?;
    race(bench, &go, &sandbox.endpoint)
}

/// moto.
pub(super) fn on_moto(bench: &Bench) -> Result<Tally, Silence> {
    on_stand_in(bench, StandIn::moto)
}

/// dynalite.
pub(super) fn on_dynalite(bench: &Bench) -> Result<Tally, Silence> {
    on_stand_in(bench, StandIn::dynalite)
}

fn on_stand_in(
    bench: &Bench,
    start: fn(&Bench) -> Result<StandIn, Silence>,
) -> Result<Tally, Silence> {
    let go = golang::Program::build(bench, RACER)?;
    let stand_in = start(bench)?;
    race(bench, &go, &stand_in.endpoint)
}

fn race(bench: &Bench, go: &golang::Program, endpoint: &str) -> Result<Tally, Silence> {
    let rust = bench::built(&bench.root, "lock_client").map_err(Silence::broken)?;
    let programs = Programs { go: go.path.clone(), rust, endpoint: endpoint.to_owned() };
    let faults = programs.create_table().err().map(|error| error.to_string());
    let seed = bench.seed.unwrap_or_else(of_the_clock);
    say(&format!("the lock race begins: -seed {seed}\n"));
    let record = Course::new(programs, seed).run(goal(bench.extent));
    let mut tally =
        Tally { version: go.version_of(LIBRARY).unwrap_or_default(), ..Tally::default() };
    let check = "the library in Go creates the table".into();
    tally.add(Check { check, faults: faults.into_iter().collect() });
    for check in judge(&record) {
        say(&format!("{}\n", check.check));
        tally.add(check);
    }
    Ok(tally)
}

fn goal(extent: Extent) -> Goal {
    match extent {
        Extent::Short => Goal::Time(Duration::from_secs(10)),
        Extent::Whole => Goal::HandOvers(10_000),
    }
}

fn of_the_clock() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(now.subsec_nanos()) ^ now.as_secs() << 30
}
