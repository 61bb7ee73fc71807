//! What a deploy and a rollback have in common: connect, run, stop when a signal says so, tell the
//! end.

use std::error::Error;

use ecs_deploy::cloud::Cloud;
use ecs_deploy::config::{Target, Warning};
use ecs_deploy::error::Failure;
use ecs_deploy::event::EventSink;
use ecs_deploy::{Runtime, Success};
use tokio_util::sync::CancellationToken;

use crate::actor;
use crate::exit::Exit;
use crate::prepare::connection_to;
use crate::render::{Leave, Renderer, words};
use crate::signals::Signals;
use crate::watch::{Seen, Watch};

/// How it ended.
pub(crate) enum End {
    /// Well.
    Success(Box<Success>),
    /// Not so.
    Failure(Box<Failure>),
    /// At once, by a second signal.
    Killed,
}

/// What a first signal is answered with.
const STOPPING: &str = "stopping in order; again to stop at once";

/// What is driven.
pub(crate) trait Job {
    /// Where.
    fn target(&self) -> &Target;

    /// Does it.
    async fn run(
        &self,
        cloud: &Cloud,
        runtime: &Runtime,
        events: &dyn EventSink,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure>;

    /// Its end in lines.
    fn told(&self, end: &End, seen: &Seen) -> Vec<String>;
}

/// Connects with the cloud as the environment has it, does the job there and tells its end.
pub(crate) fn run(job: &impl Job, warnings: &[Warning]) -> Result<Exit, Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let exit = runtime.block_on(connect_and_drive(job, warnings));
    // What a killed job left behind on the runtime is not waited for.
    runtime.shutdown_background();
    exit
}

async fn connect_and_drive(job: &impl Job, warnings: &[Warning]) -> Result<Exit, Box<dyn Error>> {
    let mut signals = Signals::listen()?;
    let connection = tokio::select! {
        connected = connection_to(job.target()) => connected?,
        () = signals.next() => return Ok(Exit::INTERRUPTED),
    };
    let renderer = Renderer::of_a_deploy();
    for warning in warnings {
        renderer.say(words::line("warning", &warning.to_string()));
    }
    let work = drive(job, &connection.cloud, &renderer, &mut signals);
    let (end, seen) = connection.during(work).await;
    job.told(&end, &seen).into_iter().for_each(|line| renderer.say(line));
    let (exit, leave) = exit_of(&end);
    renderer.finish(leave);
    Ok(exit)
}

/// Does the job, and stops it when a signal says so.
pub(crate) async fn drive(
    job: &impl Job,
    cloud: &Cloud,
    renderer: &Renderer,
    signals: &mut Signals,
) -> (End, Seen) {
    let runtime = Runtime::of_this_machine(actor::of_this_process());
    let (cancel, watch) = (CancellationToken::new(), Watch::new(renderer));
    let work = job.run(cloud, &runtime, &watch, &cancel);
    let ended = signals.guard(work, &cancel, || renderer.say(STOPPING)).await;
    let end = match ended {
        Some(Ok(success)) => End::Success(Box::new(success)),
        Some(Err(failure)) => End::Failure(Box::new(failure)),
        None => End::Killed,
    };
    (end, watch.seen())
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
