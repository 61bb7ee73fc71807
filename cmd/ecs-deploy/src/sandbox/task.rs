//! What a task of the sandbox runs: the demo web program.

use std::io;
use std::net::SocketAddr;

use ecs_deploy_sandbox::run::demo::{Demo, DemoVariableError, serve, told_to_end};

use crate::exit::{self, Exit};

#[derive(Debug, thiserror::Error)]
enum TaskError {
    #[error(transparent)]
    Variable(#[from] DemoVariableError),
    #[error("the demo web program can't run")]
    Run(#[from] io::Error),
}

/// Serves until it is told to end, or breaks down as its environment says.
pub(crate) fn run(address: SocketAddr) -> Exit {
    match demo(address) {
        Ok(code) => Exit::of_task(code),
        Err(error) => exit::refuse(&error, ""),
    }
}

fn demo(address: SocketAddr) -> Result<u8, TaskError> {
    let demo = Demo::new("unknown", address).configure(std::env::vars())?;
    // Many tasks share a machine, and one thread is enough for each.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let code = runtime.block_on(async { serve(demo, told_to_end()?).await })?;
    Ok(code)
}
