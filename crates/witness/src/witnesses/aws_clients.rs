//! boto3 and the AWS CLI: the Python modules drive the sandbox and judge its answers.

use std::io::BufReader;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Silence;
use crate::bench::Bench;
use crate::options::Extent;
use crate::python;
use crate::sandbox::Sandbox;
use crate::tally::{Check, Tally};

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
    command.current_dir(bench.python_modules()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = command.spawn().map_err(Silence::broken)?;
    let stdout = process.stdout.take().ok_or_else(|| Silence::broken("it has no output"))?;
    let mut tally = Tally::read(BufReader::new(stdout)).map_err(Silence::broken)?;
    let status = process.wait().map_err(Silence::broken)?;
    let faults = if status.success() { vec![] } else { vec![status.to_string()] };
    tally.add(Check { check: "the witness came to its end".into(), faults });
    Ok(tally)
}

/// A command that sees nothing of this machine's AWS settings, and writes nothing beside its modules.
pub(crate) fn isolated(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    let nowhere = "/dev/null";
    command
        .env("AWS_CONFIG_FILE", nowhere)
        .env("AWS_SHARED_CREDENTIALS_FILE", nowhere)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("NO_PROXY", "127.0.0.1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
