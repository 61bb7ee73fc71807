//! A sandbox that runs for one witness.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;

use crate::bench::Bench;

/// A sandbox in a process of its own. It ends with this value.
#[derive(Debug)]
pub(crate) struct Sandbox {
    process: Child,
    /// Where AWS clients connect.
    pub(crate) endpoint: String,
    /// What is deployed in it.
    pub(crate) environments: Vec<Environment>,
}

/// The line that a sandbox prints once it serves.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ready {
    endpoint: String,
    environments: Vec<Environment>,
}

/// An environment of the config.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Environment {
    /// Its name.
    pub(crate) environment: String,
    /// Where its users are served.
    #[serde(rename = "TrafficURL")]
    pub(crate) traffic_url: String,
}

impl Sandbox {
    /// Starts one with the example's environments in it.
    pub(crate) fn start(bench: &Bench) -> Result<Self, Box<dyn Error>> {
        Self::of(bench, &bench.environments())
    }

    /// Starts one with the environments of a config.
    pub(crate) fn of(bench: &Bench, config: &Path) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(&bench.ecs_deploy)
            .args(["sandbox", "serve", "-listen", "127.0.0.1:0", "-config"])
            .arg(config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("the sandbox has no output")?;
        let mut sandbox = Self { process, endpoint: String::new(), environments: Vec::new() };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let ready: Ready = serde_json::from_str(&line)
            .map_err(|error| format!("the sandbox did not get ready: {error}"))?;
        (sandbox.endpoint, sandbox.environments) = (ready.endpoint, ready.environments);
        Ok(sandbox)
    }
}

impl Drop for Sandbox {
    /// Asks it to end, so that it ends its tasks in order.
    fn drop(&mut self) {
        let asked = i32::try_from(self.process.id())
            .is_ok_and(|id| kill(Pid::from_raw(id), Signal::SIGTERM).is_ok());
        if !asked {
            // It has ended already, or can't be asked.
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}
