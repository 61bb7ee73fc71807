//! The deploy.

use std::error::Error;

use ecs_deploy::cloud::Cloud;
use ecs_deploy::error::Failure;
use ecs_deploy::event::EventSink;
use ecs_deploy::{Order, Runtime, Success};
use tokio_util::sync::CancellationToken;

use crate::actor;
use crate::args::Asked;
use crate::exit::{self, Exit};
use crate::prepare::{Prepared, connection_to, prepare};
use crate::render::{Leave, Renderer, words};
use crate::report::{self, Command};
use crate::signals::Signals;
use crate::watch::{Seen, Watch};

/// How a deploy ended.
pub(crate) enum End {
    /// Well.
    Success(Box<Success>),
    /// Not so.
    Failure(Box<Failure>),
    /// At once, by a second signal.
    Killed,
}

/// What a first signal is answered with.
pub(crate) const STOPPING: &str = "stopping in order; again to stop at once";

/// Deploys.
pub(crate) fn run(asked: &Asked) -> Exit {
    begin(asked).unwrap_or_else(|error| exit::refuse(&*error, ""))
}

fn begin(asked: &Asked) -> Result<Exit, Box<dyn Error>> {
    let prepared = prepare(asked)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let exit = runtime.block_on(deploy(asked, &prepared));
    // What a killed deploy left behind on the runtime is not waited for.
    runtime.shutdown_background();
    exit
}

async fn deploy(asked: &Asked, prepared: &Prepared) -> Result<Exit, Box<dyn Error>> {
    let mut signals = Signals::listen()?;
    let connection = tokio::select! {
        connected = connection_to(&prepared.order.request.target) => connected?,
        () = signals.next() => return Ok(Exit::INTERRUPTED),
    };
    let renderer = Renderer::of_a_deploy();
    for warning in &prepared.warnings {
        renderer.say(words::line("warning", &warning.to_string()));
    }
    let deploy = drive(&prepared.order, &connection.cloud, &renderer, &mut signals);
    let (end, seen) = connection.during(deploy).await;
    tell(asked, &prepared.order, &end, &seen, &renderer);
    let (exit, leave) = exit_of(&end);
    renderer.finish(leave);
    Ok(exit)
}

/// Runs the deploy, and stops it when a signal says so.
pub(crate) async fn drive(
    order: &Order,
    cloud: &Cloud,
    renderer: &Renderer,
    signals: &mut Signals,
) -> (End, Seen) {
    let runtime = Runtime::of_this_machine(actor::of_this_process());
    let (cancel, watch) = (CancellationToken::new(), Watch::new(renderer));
    let events: &dyn EventSink = &watch;
    let deploy = ecs_deploy::deploy(order, cloud, &runtime, events, &cancel);
    let ended = signals.guard(deploy, &cancel, || renderer.say(STOPPING)).await;
    let end = match ended {
        Some(Ok(success)) => End::Success(Box::new(success)),
        Some(Err(failure)) => End::Failure(Box::new(failure)),
        None => End::Killed,
    };
    (end, watch.seen())
}

fn tell(asked: &Asked, order: &Order, end: &End, seen: &Seen, renderer: &Renderer) {
    match end {
        End::Success(success) => {
            renderer.say(report::success(order, success));
            renderer.say("Success!");
        }
        End::Failure(failure) => {
            let command = Command::new(asked);
            for line in report::failure(failure, seen.artifact.as_ref()) {
                renderer.say(line);
            }
            if let Some(line) = report::next(failure, seen.artifact.as_ref(), &command) {
                renderer.say(line);
            }
        }
        End::Killed => {
            renderer.say(words::line("killed", "at once; the lock runs out within 10 s"))
        }
    }
}

/// The exit code of an end, and how the program leaves.
pub(crate) fn exit_of(end: &End) -> (Exit, Leave) {
    match end {
        End::Success(_) => (Exit::DONE, Leave::Calmly),
        End::Failure(failure) => match Exit::from(failure.kind) {
            Exit::INTERRUPTED => (Exit::INTERRUPTED, Leave::Hurriedly),
            exit => (exit, Leave::Calmly),
        },
        End::Killed => (Exit::INTERRUPTED, Leave::Hurriedly),
    }
}
