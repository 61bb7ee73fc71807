//! The `artifact-db` program: arguments in, one order, an exit code out.

mod create;
mod document;
mod exit;
mod flags;
mod get;
mod latest;
mod line;
mod order;
mod tag_rm;
mod tag_set;

use std::process::ExitCode;

fn main() -> ExitCode {
    match line::parse(std::env::args_os()) {
        Ok(line) => line.run(),
        Err(stop) => stop.run(),
    }
}
