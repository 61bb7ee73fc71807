//! Servers that others wrote, each in a process of its own on a port of the system's choice.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, copy, sink};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::bench::Bench;
use crate::witnesses::{Silence, isolated};
use crate::{node, python};

/// A server that was started for one witness. It ends with this value.
#[derive(Debug)]
pub(crate) struct StandIn {
    process: Child,
    /// Where AWS clients connect.
    pub(crate) endpoint: String,
}

impl StandIn {
    /// moto, with all the services it has, whose requests take turns.
    pub(crate) fn moto(bench: &Bench) -> Result<Self, Silence> {
        let mut command = isolated(&python::interpreter(bench, python::MOTO)?);
        command.arg(bench.python_modules().join("moto_in_turn.py"));
        Self::in_python(command).map_err(Silence::broken)
    }

    /// ministack, with all the services it has.
    pub(crate) fn ministack(bench: &Bench) -> Result<Self, Silence> {
        let mut command = isolated(&python::interpreter(bench, python::MINISTACK)?);
        command.args(["-m", "ministack"]).env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", "0");
        Self::in_python(command).map_err(Silence::broken)
    }

    /// dynalite.
    pub(crate) fn dynalite(bench: &Bench) -> Result<Self, Silence> {
        let mut command = node::command(bench)?;
        command.arg(bench.root.join(node::SOURCES).join("dynalite.js"));
        let process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut process = process.map_err(Silence::broken)?;
        let stdout = process.stdout.take();
        Self::that_tells(process, stdout).map_err(Silence::broken)
    }

    /// A server that tells its address among its errors, as those in Python do.
    fn in_python(mut command: Command) -> Result<Self, Box<dyn Error>> {
        let mut process = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let stderr = process.stderr.take();
        Self::that_tells(process, stderr)
    }

    /// Waits until the server tells its address; what it tells later is of no interest.
    fn that_tells(
        process: Child,
        output: Option<impl Read + Send + 'static>,
    ) -> Result<Self, Box<dyn Error>> {
        let mut stand_in = Self { process, endpoint: String::new() };
        let mut output = BufReader::new(output.ok_or("it has no output")?);
        let mut said = String::new();
        while stand_in.endpoint.is_empty() {
            said.clear();
            if output.read_line(&mut said)? == 0 {
                return Err("it ended before it served".into());
            }
            stand_in.endpoint = address(&said).unwrap_or_default();
        }
        thread::spawn(move || copy(&mut output, &mut sink()));
        Ok(stand_in)
    }

    /// moto with tasks that come and go. They are registered in the target groups of a balancer,
    /// which is moto's own where no other is given.
    pub(crate) fn moto_with_tasks(bench: &Bench, balancer: Option<&Self>) -> Result<Self, Silence> {
        let mut command = isolated(&python::interpreter(bench, python::MOTO)?);
        command.args(["-m", "moto_with_tasks", "-H", "127.0.0.1", "-p", "0"]);
        if let Some(balancer) = balancer {
            command.args(["--balancer", &balancer.endpoint]);
        }
        command.current_dir(bench.python_modules());
        Self::in_python(command).map_err(Silence::broken)
    }

    /// microburst, before another endpoint.
    pub(crate) fn microburst(bench: &Bench, upstream: &str) -> Result<Self, Silence> {
        let mut command = isolated(&python::interpreter(bench, python::MICROBURST)?);
        command.args(["microburst_on_any_port.py", upstream]);
        command.current_dir(bench.python_modules());
        Self::in_python(command).map_err(Silence::broken)
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn address(line: &str) -> Option<String> {
    let begin = line.find("http://127.0.0.1:")?;
    line[begin..].split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_what_a_server_says() {
        let said = " * Running on http://127.0.0.1:42983\n";
        assert_eq!(address(said).as_deref(), Some("http://127.0.0.1:42983"));
        assert_eq!(address("WARNING: This is a development server.\n"), None);
    }
}
