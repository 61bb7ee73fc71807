//! Runs the witnesses: software that others wrote, which has to agree with the sandbox.
//!
//! `cargo run --bin witness` runs them all, with `-short` what a change has to pass, with
//! `-only NAME` one of them. `-write` puts into `docs/sandbox.md` what they saw.

mod bench;
mod clients;
mod document;
mod golang;
mod node;
mod options;
mod python;
mod race;
mod run;
mod sandbox;
mod stand_in;
mod store;
mod summary;
mod tally;
mod version;
mod witnesses;

use std::process::ExitCode;

use options::Options;

fn main() -> ExitCode {
    match Options::read(std::env::args().skip(1)).map_err(Into::into).and_then(|it| run::run(&it)) {
        Ok(exit) => exit,
        Err(error) => {
            run::say_error(&*error);
            ExitCode::from(2)
        }
    }
}
