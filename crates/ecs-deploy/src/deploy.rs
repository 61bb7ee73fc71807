//! A whole deploy, as one future: prepare, lock, steps, end.
//!
//! The heartbeat is joined inside; nothing is spawned. Dropping the future is a crash, not polling
//! it is a pause, the cancellation token is the orderly way to stop.

mod ahead;
mod close;
mod last_set;
mod limits;
mod opening;
mod resume;
mod rollback;
mod session;

pub use rollback::{RollbackOrder, rollback};

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::cloud::{Artifact, Cloud};
use crate::config::CommandsAhead;
use crate::error::{DeployError, Failure};
use crate::event::{EventSink, Reporter};
use crate::lock::Mode;
use crate::names::Color;
use crate::patience::Patience;
use crate::plan::{
    Blueprint, Plan, Preflight, PrepareError, Request, prepare, warn_of_older_build,
};
use crate::runtime::Runtime;
use opening::Opening;
use session::Course;

/// How long the reads before the lock may take in all.
const PREPARE_LIMIT: Duration = Duration::from_secs(60);

/// What to do, and how.
#[derive(Debug, Clone)]
pub struct Order {
    /// What is deployed where.
    pub request: Request,
    /// How the deploy before is treated.
    pub mode: Mode,
    /// Whether the pre- and post-deploy commands run.
    pub commands: CommandPolicy,
    /// How long to wait for a deploy to end that is under way. One that failed or died is not waited
    /// for, as it has to be decided on, unless it died before it wrote a word; with [`Mode::Resume`] and
    /// [`Mode::StartOver`], which decide, the wait is for either, and is never shorter than the holder's
    /// lease and 10 s more.
    pub wait: Duration,
}

impl Order {
    /// A fresh deploy with its commands, which waits for no other.
    pub fn new(request: Request) -> Self {
        Self { request, mode: Mode::Fresh, commands: CommandPolicy::Run, wait: Duration::ZERO }
    }
}

/// Whether the pre- and post-deploy commands run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandPolicy {
    /// They run.
    Run,
    /// They are left out (`-skip-pre-post`).
    Skip,
}

/// A deploy that ended well.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Success {
    /// What serves now.
    pub artifact: Artifact,
    /// On which color.
    pub serving: Color,
    /// How many tasks run on the other color: after a deploy those of the version before, kept for a
    /// way back, after a rollback those of the version that went; `None` where that could not be read.
    pub kept: Option<u32>,
    /// How long it took, the wait for the lock included.
    pub took: Duration,
    /// What a person should know of this success, such as that no request reaches the version.
    pub notes: Vec<String>,
}

/// Says what a deploy would do now, with its commands or without. Reads only, and takes no lock.
///
/// # Errors
/// What would stop the deploy before it changes anything; the kind is always
/// [`FailureKind::Refused`](crate::error::FailureKind::Refused) or `Gate` or `Interrupted`.
pub async fn plan(
    request: &Request,
    commands: CommandPolicy,
    cloud: &Cloud,
    runtime: &Runtime,
    events: &dyn EventSink,
    cancel: &CancellationToken,
) -> Result<Plan, Failure> {
    let reporter = Reporter::new(events, runtime);
    let look = async {
        let patience = patience(&reporter, cancel);
        let blueprint = blueprint(request, cloud, &patience).await?;
        if commands == CommandPolicy::Run {
            blueprint.check_commands(CommandsAhead::ALL, &*runtime.commands, &reporter)?;
        }
        let preflight = preflight(&blueprint, cloud, &patience).await?;
        warn_of_older_build(&blueprint, &preflight, cloud, &patience).await?;
        preflight.footing()?;
        let rendered = blueprint.rendered().map_err(PrepareError::from)?;
        Ok(Plan { blueprint, rendered, preflight })
    };
    look.await.map_err(close::before_lock)
}

/// Deploys.
///
/// Cancelling the token ends the deploy in order: a call under way is let to end (5 seconds at
/// most), a command is ended, the row is left for `-resume`, or as it was found if nothing was
/// changed. Dropping the future ends everything at once, as a crash does; the lock then runs out.
///
/// # Errors
/// A [`Failure`] with all that its user needs to know next.
pub async fn deploy(
    order: &Order,
    cloud: &Cloud,
    runtime: &Runtime,
    events: &dyn EventSink,
    cancel: &CancellationToken,
) -> Result<Success, Failure> {
    let started = Instant::now();
    let reporter = Reporter::new(events, runtime);
    let opening = Opening { order, cloud, runtime, reporter: &reporter, cancel };
    let (blueprint, seen_serving, lease) =
        opening.take_turn(started).await.map_err(close::before_lock)?;
    let session = session::Session {
        course: Course::Deploy(order.mode),
        commands: order.commands,
        blueprint: &blueprint,
        cloud,
        runtime,
        reporter: &reporter,
        cancel,
        started,
        seen_serving,
    };
    session.run(lease).await
}

fn patience<'a>(reporter: &'a Reporter<'a>, cancel: &'a CancellationToken) -> Patience<'a> {
    Patience::at_first(reporter, cancel, PREPARE_LIMIT)
}

async fn blueprint(
    request: &Request,
    cloud: &Cloud,
    patience: &Patience<'_>,
) -> Result<Blueprint, DeployError> {
    let prepare = || async { prepare(request, cloud).await };
    patience.read("read what is to be deployed", prepare).await
}

async fn preflight(
    blueprint: &Blueprint,
    cloud: &Cloud,
    patience: &Patience<'_>,
) -> Result<Preflight, DeployError> {
    let read = || async { Preflight::read(cloud, blueprint, patience.reporter).await };
    patience.read("read what the deploy starts from", read).await
}
