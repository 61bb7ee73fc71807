//! A witness that is a process of its own.

use std::io::BufReader;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Silence;
use crate::tally::{Check, Tally};

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

/// Reads what the command tells until it ends.
pub(super) fn told_by(mut command: Command) -> Result<Tally, Silence> {
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut process = started.map_err(Silence::broken)?;
    let stdout = process.stdout.take().ok_or_else(|| Silence::broken("it has no output"))?;
    let mut tally = Tally::read(BufReader::new(stdout)).map_err(Silence::broken)?;
    let status = process.wait().map_err(Silence::broken)?;
    let faults = if status.success() { vec![] } else { vec![status.to_string()] };
    tally.add(Check { check: "the witness came to its end".into(), faults });
    Ok(tally)
}
