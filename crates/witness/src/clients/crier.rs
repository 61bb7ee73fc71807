//! A client that is a process of its own and tells at its end what it saw.

use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::tally::{Check, Tally};
use crate::witnesses::isolated;

/// The client, running.
#[derive(Debug)]
pub(super) struct Crier {
    process: Child,
    name: &'static str,
}

impl Crier {
    /// The browser-like client: its script goes on until its input ends.
    pub(super) fn browser(script: &Path, url: &str) -> Result<Self, Box<dyn Error>> {
        let mut command = isolated(Path::new("node"));
        command.arg(script).arg(url).stdin(Stdio::piped());
        Self::start("browser", command)
    }

    /// wrk: it goes on until a signal ends it.
    pub(super) fn wrk(script: &Path, url: &str) -> Result<Self, Box<dyn Error>> {
        let mut command = isolated(Path::new("wrk"));
        command.args(["--threads", "2", "--connections", "100"]);
        command.args(["--duration", "1h", "--timeout", "30s", "--script"]).arg(script);
        command.arg(format!("{url}lines?n=40")).stdin(Stdio::null());
        Self::start("wrk", command)
    }

    fn start(name: &'static str, mut command: Command) -> Result<Self, Box<dyn Error>> {
        let process = command.stdout(Stdio::piped()).spawn()?;
        Ok(Self { process, name })
    }

    /// Ends it, and takes what it tells.
    pub(super) fn ended(mut self) -> Result<Tally, Box<dyn Error>> {
        match self.process.stdin.take() {
            Some(input) => drop(input),
            None => kill(Pid::from_raw(i32::try_from(self.process.id())?), Signal::SIGINT)?,
        }
        let mut told = String::new();
        self.process.stdout.take().ok_or("it has no output")?.read_to_string(&mut told)?;
        let status = self.process.wait()?;
        // wrk's own words stand between.
        let checks: Vec<&str> = told.lines().filter(|line| line.starts_with('{')).collect();
        let mut tally = Tally::read(checks.join("\n").as_bytes())?;
        let is_good = status.success() && tally.checks > 0;
        let faults = if is_good { vec![] } else { vec![format!("{status}: {told}")] };
        tally.add(Check { check: format!("{}: it came to its end", self.name), faults });
        Ok(tally)
    }
}

impl Drop for Crier {
    fn drop(&mut self) {
        // It has ended already, but for an error in between.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
