//! Proves by command what a test run has no time for, and writes `docs/reliability.md`.

mod balancers;
mod battery;
mod calls;
mod document;
mod meddling;
mod mutations;
mod pairs;
mod schedules;
mod seeds;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

/// Proves by command what a test run has no time for.
#[derive(Debug, Parser)]
#[command(name = "proof")]
enum Proof {
    Balancers(balancers::Arguments),
    Calls(calls::Arguments),
    Meddling(meddling::Arguments),
    Mutations(mutations::Arguments),
    Pairs(pairs::Arguments),
    Schedules(schedules::Arguments),
}

fn main() -> ExitCode {
    let proved = match Proof::parse() {
        Proof::Balancers(arguments) => balancers::run(&arguments),
        Proof::Calls(arguments) => calls::run(&arguments),
        Proof::Meddling(arguments) => meddling::run(&arguments),
        Proof::Mutations(arguments) => mutations::run(&arguments),
        Proof::Pairs(arguments) => pairs::run(&arguments),
        Proof::Schedules(arguments) => schedules::run(&arguments),
    };
    match proved {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&*error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stderr, reason = "a program tells its errors there")]
fn report(error: &dyn Error) {
    eprintln!("proof: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
}
