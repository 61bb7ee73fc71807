//! A client in a process of its own, so that it can be killed and stopped.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use super::event::Event;
use super::lot::Terms;
use super::tenure::Side;

/// How long a client waits for a lock, beyond the lease of its holder.
const PATIENCE: Duration = Duration::from_secs(10);

/// The account of the table, which is its access key in the sandbox: one of no config, so that the
/// table has to be created.
const ACCOUNT: &str = "444444444444";

/// The clients, and where they find the table.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    /// The client in Go.
    pub(crate) go: PathBuf,
    /// The client in Rust.
    pub(crate) rust: PathBuf,
    /// Where the table is.
    pub(crate) endpoint: String,
}

impl Programs {
    /// Creates the table of the locks, as a user of the library in Go would.
    pub(crate) fn create_table(&self) -> io::Result<()> {
        let status = self.command(&self.go).arg("-create").status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other("the table was not created")) }
    }

    fn client(&self, side: Side, terms: Terms) -> Command {
        let Terms { lease, heartbeat, refresh } = terms;
        let values = [("lease", lease), ("heartbeat", heartbeat), ("refresh", refresh)]
            .into_iter()
            .chain([("patience", PATIENCE)]);
        let mut command = self.command(match side {
            Side::Go => &self.go,
            Side::Rust => &self.rust,
        });
        match side {
            Side::Go => command.args(values.map(|(name, value)| go_flag(name, value))),
            Side::Rust => command.args(values.map(|(_, value)| value.as_millis().to_string())),
        };
        command
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = crate::witnesses::isolated(program);
        command
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "any");
        command
    }
}

fn go_flag(name: &str, value: Duration) -> OsString {
    format!("-{name}={}ms", value.as_millis()).into()
}

/// One process. It is killed with this value.
pub(super) struct Racer {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Racer {
    pub(super) fn start(programs: &Programs, side: Side, terms: Terms) -> io::Result<Self> {
        let mut command = programs.client(side, terms);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let output = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { process, input, output: BufReader::new(output).lines() })
    }

    pub(super) fn begin(&mut self, lock: &str, hold: Duration, data: &str) -> io::Result<()> {
        let hold = u64::try_from(hold.as_millis()).unwrap_or(u64::MAX);
        let round = json!({"Lock": lock, "HoldMs": hold, "Data": data});
        self.input.write_all(format!("{round}\n").as_bytes())
    }

    /// The next line that it tells; none after its end.
    pub(super) fn event(&mut self) -> io::Result<Option<Event>> {
        let line = self.output.next().transpose()?;
        Ok(line.map(|line| serde_json::from_str(&line)).transpose()?)
    }

    pub(super) fn signal(&self, signal: Signal) -> io::Result<()> {
        let id = i32::try_from(self.process.id()).map_err(io::Error::other)?;
        Ok(kill(Pid::from_raw(id), signal)?)
    }
}

impl Drop for Racer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
