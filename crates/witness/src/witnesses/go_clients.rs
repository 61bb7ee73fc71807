//! Libraries in Go as clients of the sandbox: the lock's, and both generations of AWS's SDK.

use std::path::PathBuf;

use super::Silence;
use super::command::{isolated, told_by};
use crate::bench::Bench;
use crate::golang;
use crate::sandbox::Sandbox;
use crate::tally::Tally;

/// dynamolock for Go, each of its features, and what it makes of a lock of ours.
pub(super) fn dynamolock(bench: &Bench) -> Result<Tally, Silence> {
    let config = bench.environments();
    drive(bench, "lock", &[("-ecs-deploy", &bench.ecs_deploy), ("-config", &config)])
}

/// AWS's first SDK for Go, through every call of a deploy.
pub(super) fn sdk_v1(bench: &Bench) -> Result<Tally, Silence> {
    drive(bench, "sdk-v1", &[])
}

/// AWS's second SDK for Go, through the same.
pub(super) fn sdk_v2(bench: &Bench) -> Result<Tally, Silence> {
    drive(bench, "sdk-v2", &[])
}

fn drive(bench: &Bench, program: &str, files: &[(&str, &PathBuf)]) -> Result<Tally, Silence> {
    let program = golang::Program::build(bench, program)?;
    let sandbox = Sandbox::start(bench).map_err(Silence::broken)?;
    let mut command = isolated(&program.path);
    command.args(["-endpoint", &sandbox.endpoint]);
    for (flag, file) in files {
        command.arg(flag).arg(file);
    }
    told_by(command)
}
