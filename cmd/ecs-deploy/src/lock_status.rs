//! `lock status`: whether a deploy could have the lock, and what to do about it.

pub(crate) mod command;
pub(crate) mod words;

use std::error::Error;

use ecs_deploy::Runtime;
use ecs_deploy::status::{self, LockReport, LockState, StatusError, Traffic};
use tokio_util::sync::CancellationToken;

use crate::actor;
use crate::args::{Look, Output};
use crate::exit::{self, Exit};
use crate::look::{Notes, drive, places};
use crate::render::words::{artifact, line};

/// The lock, or why it can't be told; none when a signal ended it.
type Told = Option<Result<LockReport, StatusError>>;

/// Prints the state of a lock.
pub(crate) fn run(look: &Look, output: Output) -> Exit {
    match told(look) {
        Ok(Some(Ok(report))) => match output {
            Output::Text => exit::print(&text(&report, look)),
            Output::Json => exit::print_json(&report),
        },
        Ok(Some(Err(error))) => {
            exit::note(&format!("ecs-deploy: {}", exit::chain(&error)));
            Exit::FAILED
        }
        Ok(None) => Exit::INTERRUPTED,
        Err(error) => exit::refuse(&*error, ""),
    }
}

fn told(look: &Look) -> Result<Told, Box<dyn Error>> {
    drive(async |cancel: &CancellationToken| {
        let places = places(look).await?;
        let [place] = &places[..] else { unreachable!("one environment is named") };
        let runtime = Runtime::of_this_machine(actor::of_this_process());
        Ok(status::lock(place, &runtime, &Notes, cancel).await)
    })
}

fn text(report: &LockReport, look: &Look) -> String {
    let lock = &report.lock;
    let mut lines = vec![line("lock", &format!("{}: {}", lock.key, words::state(lock)))];
    lines.extend(deploy(report));
    lines.push(line("serves", &report.traffic.as_ref().map_or("not known".to_owned(), serves)));
    let next = command::next(lock, report.environment.as_str(), look);
    lines.push(line("next", &next));
    lines.push(String::new());
    lines.join("\n")
}

/// The deploy on record, and the holder where that is another.
fn deploy(report: &LockReport) -> Vec<String> {
    let lock = &report.lock;
    let mut lines = Vec::new();
    if let Some(deploy) = &lock.deploy {
        let is_under_way = !deploy.settled && lock.state != LockState::Free;
        let heading = if is_under_way { "deploy" } else { "last" };
        let end = match deploy.rolled_back_to {
            _ if !deploy.settled => String::new(),
            Some(color) => format!(", rolled back to {color}"),
            None => ", ended well".to_owned(),
        };
        let what = artifact(&deploy.artifact);
        lines.push(line(heading, &format!("{what}  config {}{end}", deploy.config_sha)));
        lines.extend(words::by(deploy).map(|by| line("by", &by)));
        if !deploy.settled {
            lines.push(line("at", &words::step(deploy)));
        }
        lines.extend(deploy.failure.iter().map(|failure| line("failed", failure)));
    }
    let is_told = lock.deploy.as_ref().is_some_and(|deploy| !deploy.settled);
    if lock.state != LockState::Free && !is_told {
        let owner = lock.owner.as_deref().unwrap_or("somebody");
        lines.push(line("holder", &format!("{owner}, which has not told what it deploys")));
    }
    lines
}

fn serves(traffic: &Traffic) -> String {
    let set = traffic.serving.as_ref().map_or("no task set".to_owned(), crate::status::set);
    format!("{}, {set}", traffic.serving_color)
}
