//! Libraries in Go as clients of the sandbox: the lock's, and both generations of AWS's SDK.

use std::io::BufReader;
use std::process::Stdio;

use super::{Silence, isolated};
use crate::bench::Bench;
use crate::golang;
use crate::sandbox::Sandbox;
use crate::tally::{Check, Tally};

/// dynamolock for Go, each of its features.
pub(super) fn dynamolock(bench: &Bench) -> Result<Tally, Silence> {
    drive(bench, "lock")
}

/// AWS's first SDK for Go, through every call of a deploy.
pub(super) fn sdk_v1(bench: &Bench) -> Result<Tally, Silence> {
    drive(bench, "sdk-v1")
}

/// AWS's second SDK for Go, through the same.
pub(super) fn sdk_v2(bench: &Bench) -> Result<Tally, Silence> {
    drive(bench, "sdk-v2")
}

fn drive(bench: &Bench, program: &str) -> Result<Tally, Silence> {
    let program = golang::Program::build(bench, program)?;
    let sandbox = Sandbox::start(bench).map_err(Silence::broken)?;
    let mut command = isolated(&program.path);
    command.args(["-endpoint", &sandbox.endpoint]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = command.spawn().map_err(Silence::broken)?;
    let stdout = process.stdout.take().ok_or_else(|| Silence::broken("it has no output"))?;
    let mut tally = Tally::read(BufReader::new(stdout)).map_err(Silence::broken)?;
    let status = process.wait().map_err(Silence::broken)?;
    let faults = if status.success() { vec![] } else { vec![status.to_string()] };
    tally.add(Check { check: "the witness came to its end".into(), faults });
    Ok(tally)
}
