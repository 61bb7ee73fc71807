//! boto3 and the AWS CLI: the Python modules drive the sandbox and judge its answers.

use super::Silence;
use super::command::{isolated, told_by};
use crate::bench::Bench;
use crate::options::Extent;
use crate::python;
use crate::sandbox::Sandbox;
use crate::tally::Tally;

/// boto3 gives every member of every operation, good and bad.
pub(super) fn boto3(bench: &Bench) -> Result<Tally, Silence> {
    drive(bench, "boto3")
}

/// The AWS CLI repeats one call of each operation.
pub(super) fn aws_cli(bench: &Bench) -> Result<Tally, Silence> {
    drive(bench, "aws-cli")
}

fn drive(bench: &Bench, witness: &str) -> Result<Tally, Silence> {
    let python = python::interpreter(bench, python::AWS_CLIENTS)?;
    let sandbox = Sandbox::start(bench).map_err(Silence::broken)?;
    let mut command = isolated(&python);
    command.args(["-m", "aws_clients", witness, "--endpoint", &sandbox.endpoint]);
    if bench.extent == Extent::Short {
        command.arg("--short");
    }
    command.current_dir(bench.python_modules());
    told_by(command)
}
