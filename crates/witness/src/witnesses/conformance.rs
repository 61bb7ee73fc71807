//! One suite of scenarios, on the sandbox and on every stand-in that has the services: the sandbox
//! has to answer as AWS documents it, and where a stand-in does not, that is noted.

use std::path::Path;

use super::Silence;
use super::command::{isolated, told_by};
use crate::bench::Bench;
use crate::sandbox::Sandbox;
use crate::stand_in::StandIn;
use crate::tally::Tally;
use crate::{node, python};

/// The sandbox.
pub(super) fn of_sandbox(bench: &Bench) -> Result<Tally, Silence> {
    let python = python::interpreter(bench, python::AWS_CLIENTS)?;
    let sandbox = Sandbox::start(bench).map_err(Silence::broken)?;
    run(bench, &python, "sandbox", &sandbox.endpoint)
}

/// moto.
pub(super) fn of_moto(bench: &Bench) -> Result<Tally, Silence> {
    let version = python::version(bench, python::MOTO, "moto")?;
    of_stand_in(bench, "moto", version, StandIn::moto)
}

/// ministack.
pub(super) fn of_ministack(bench: &Bench) -> Result<Tally, Silence> {
    let version = python::version(bench, python::MINISTACK, "ministack")?;
    of_stand_in(bench, "ministack", version, StandIn::ministack)
}

/// dynalite.
pub(super) fn of_dynalite(bench: &Bench) -> Result<Tally, Silence> {
    let version = node::version(bench, "dynalite")?;
    of_stand_in(bench, "dynalite", version, StandIn::dynalite)
}

fn of_stand_in(
    bench: &Bench,
    name: &'static str,
    version: String,
    start: fn(&Bench) -> Result<StandIn, Silence>,
) -> Result<Tally, Silence> {
    let python = python::interpreter(bench, python::AWS_CLIENTS)?;
    let stand_in = start(bench)?;
    let told = run(bench, &python, name, &stand_in.endpoint)?;
    Ok(Tally { version, stand_in: Some(name), ..told })
}

/// The short run is the whole one: the document needs every scenario.
fn run(bench: &Bench, python: &Path, target: &str, endpoint: &str) -> Result<Tally, Silence> {
    let mut command = isolated(python);
    command.args(["-m", "conformance", target, "--endpoint", endpoint]);
    command.current_dir(bench.python_modules());
    told_by(command)
}
