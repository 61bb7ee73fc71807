//! The `ecs-deploy` program: arguments in, one verb, an exit code out.

#[cfg(windows)]
compile_error!("ecs-deploy runs on Linux and macOS; on Windows, use it inside WSL");

mod actor;
mod args;
mod deploy;
mod exit;
mod flags;
mod help;
mod plan;
mod prepare;
mod render;
mod report;
#[cfg_attr(not(feature = "sandbox"), path = "no_sandbox.rs")]
mod sandbox;
mod signals;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    match args::parse(std::env::args_os().skip(1)) {
        Ok(verb) => verb.run(),
        Err(error) => exit::refuse(&error, help::HINT),
    }
    .into()
}
