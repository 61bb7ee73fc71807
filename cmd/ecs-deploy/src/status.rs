//! `status`, and the program `ecs-app-status`: what serves, and what is under way.

mod text;

pub(crate) use text::set;

use std::error::Error;

use ecs_deploy::Runtime;
use ecs_deploy::status::{self, AppStatus, Depth, StatusError};
use tokio_util::sync::CancellationToken;

use crate::actor;
use crate::args::{Look, Output};
use crate::exit::{self, Exit};
use crate::look::{Notes, drive, places};

/// The state, or why parts of it can't be told; none when a signal ended it.
type Told = Option<Result<AppStatus, Vec<StatusError>>>;

/// Prints the state of an app, in the original's layout with more lines in it.
pub(crate) fn run(look: &Look, output: Output) -> Exit {
    match told(look, Depth::Full) {
        Ok(told) => print(told, |status| match output {
            Output::Text => exit::print(&text::full(status, look)),
            Output::Json => exit::print_json(status),
        }),
        Err(error) => exit::refuse(&*error, ""),
    }
}

/// Does what `ecs-app-status` does: reads and prints no more, and all that goes wrong later than the
/// command line is exit code 1.
pub(crate) fn run_as_original(look: &Look) -> Exit {
    match told(look, Depth::Original) {
        Ok(told) => print(told, |status| exit::print(&text::original(status))),
        Err(error) => {
            exit::refuse(&*error, "");
            Exit::FAILED
        }
    }
}

fn told(look: &Look, depth: Depth) -> Result<Told, Box<dyn Error>> {
    let app = look.app.parse()?;
    drive(async |cancel: &CancellationToken| {
        let places = places(look).await?;
        let runtime = Runtime::of_this_machine(actor::of_this_process());
        Ok(status::app(&app, &places, depth, &runtime, &Notes, cancel).await)
    })
}

fn print(told: Told, print: impl FnOnce(&AppStatus) -> Exit) -> Exit {
    match told {
        Some(Ok(status)) => print(&status),
        Some(Err(errors)) => {
            for (whats, why) in by_cause(&errors) {
                exit::note(&format!("ecs-deploy: can't tell the state of {whats}: {why}"));
            }
            Exit::FAILED
        }
        None => Exit::INTERRUPTED,
    }
}

/// The causes, each told once with all that it is the cause of.
fn by_cause(errors: &[StatusError]) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> = Vec::new();
    for StatusError { what, error, .. } in errors {
        let why = exit::chain(error);
        match told.iter_mut().find(|(_, known)| *known == why) {
            Some((whats, _)) => whats.push_str(&format!(", {what}")),
            None => told.push((what.clone(), why)),
        }
    }
    told
}
