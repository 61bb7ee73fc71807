//! The `ecs-deploy` program: arguments in, one verb, an exit code out.
#![cfg_attr(
    not(feature = "sandbox"),
    allow(
        dead_code,
        reason = "what only a deploy on the sandbox uses is no more than a few lines"
    )
)]

#[cfg(windows)]
compile_error!("ecs-deploy runs on Linux and macOS; on Windows, use it inside WSL");

mod actor;
mod args;
mod deploy;
mod drive;
mod exit;
mod flags;
mod help;
mod lock_status;
mod look;
mod plan;
mod prepare;
mod render;
mod report;
mod rollback;
#[cfg_attr(not(feature = "sandbox"), path = "no_sandbox.rs")]
mod sandbox;
mod signals;
mod status;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    match args::read(std::env::args_os()) {
        Ok(verb) => verb.run(),
        Err(error) => exit::refuse(&error, help::HINT),
    }
    .into()
}
