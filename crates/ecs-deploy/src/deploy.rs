//! A whole deploy, as one future: prepare, lock, steps, end.
//!
//! The heartbeat is joined inside; nothing is spawned. Dropping the future is a crash, not polling
//! it is a pause, the cancellation token is the orderly way to stop.

mod close;
mod limits;
mod resume;
mod session;

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::cloud::{Artifact, Cloud};
use crate::error::{DeployError, Failure};
use crate::event::{Detail, EventKind, EventSink, Reporter};
use crate::lock::{self, Mode};
use crate::names::Color;
use crate::patience::Patience;
use crate::plan::{Blueprint, Plan, Preflight, Request, prepare};
use crate::runtime::Runtime;
use crate::steps::Step;

/// How long the reads before the lock may take in all.
const PREPARE_LIMIT: Duration = Duration::from_secs(60);

/// How long a request for the lock that is under way may still take when asked to stop.
const ACQUIRE_GRACE: Duration = Duration::from_secs(3);

/// What to do, and how.
#[derive(Debug, Clone)]
pub struct Order {
    /// What is deployed where.
    pub request: Request,
    /// How the deploy before is treated.
    pub mode: Mode,
    /// Whether the pre- and post-deploy commands run.
    pub commands: CommandPolicy,
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
    /// How many tasks of the version before are kept running, for a way back; `None` where that
    /// could not be read.
    pub kept: Option<u32>,
    /// How long it took, the wait for the lock included.
    pub took: Duration,
}

/// Says what a deploy would do now. Reads only, and takes no lock.
///
/// # Errors
/// What would stop the deploy before it changes anything; the kind is always
/// [`FailureKind::Refused`](crate::error::FailureKind::Refused) or `Gate` or `Interrupted`.
pub async fn plan(
    request: &Request,
    cloud: &Cloud,
    runtime: &Runtime,
    events: &dyn EventSink,
    cancel: &CancellationToken,
) -> Result<Plan, Failure> {
    let reporter = Reporter::new(events, runtime);
    let look = async {
        let patience = patience(&reporter, cancel);
        let blueprint = blueprint(request, cloud, &patience).await?;
        let preflight = preflight(&blueprint, cloud, &patience).await?;
        preflight.footing()?;
        Ok(Plan { blueprint, preflight })
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
    let (blueprint, serving) = before_lock(order, cloud, &patience(&reporter, cancel))
        .await
        .map_err(close::before_lock)?;
    reporter.emit(planned(order, &blueprint));
    let key = blueprint.target.lock_key();
    let detail = Detail::note(key.clone());
    reporter.emit(EventKind::StepStarted { step: Step::Lock, detail });
    let lease = acquire(&key, order.mode, cloud, runtime, &reporter, cancel)
        .await
        .map_err(close::before_lock)?;
    let session = session::Session {
        order,
        blueprint: &blueprint,
        cloud,
        runtime,
        reporter: &reporter,
        cancel,
        started,
        seen_serving: serving,
    };
    session.run(lease).await
}

fn patience<'a>(reporter: &'a Reporter<'a>, cancel: &'a CancellationToken) -> Patience<'a> {
    Patience::at_first(reporter, cancel, PREPARE_LIMIT)
}

/// What can be known before the lock: that fails early, and a state that another deploy explains is
/// told, but decided on under the lock.
async fn before_lock(
    order: &Order,
    cloud: &Cloud,
    patience: &Patience<'_>,
) -> Result<(Blueprint, Option<Color>), DeployError> {
    let blueprint = blueprint(&order.request, cloud, patience).await?;
    match look(&blueprint, cloud, patience).await {
        Ok(color) => Ok((blueprint, Some(color))),
        Err(DeployError::Refused(refusal)) if refusal.is_passing() => {
            if order.mode == Mode::Fresh {
                patience.reporter.warn(format!("unless another deploy explains it: {refusal}"));
            }
            Ok((blueprint, None))
        }
        Err(error) => Err(error),
    }
}

async fn look(
    blueprint: &Blueprint,
    cloud: &Cloud,
    patience: &Patience<'_>,
) -> Result<Color, DeployError> {
    let preflight = preflight(blueprint, cloud, patience).await?;
    preflight.footing()?;
    Ok(preflight.serving())
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

/// Takes the lock. Asked to stop, it does not drop a call that may just be taking it.
async fn acquire(
    key: &str,
    mode: Mode,
    cloud: &Cloud,
    runtime: &Runtime,
    reporter: &Reporter<'_>,
    cancel: &CancellationToken,
) -> Result<dynamolock::Lease, DeployError> {
    let patience = patience(reporter, cancel);
    let mut acquire =
        std::pin::pin!(lock::acquire(cloud.locks.clone(), runtime, &patience, key, mode));
    tokio::select! {
        biased;
        lease = &mut acquire => lease,
        () = cancel.cancelled() => {
            timeout(ACQUIRE_GRACE, acquire).await.unwrap_or(Err(DeployError::Interrupted))
        }
    }
}

fn planned(order: &Order, blueprint: &Blueprint) -> EventKind {
    EventKind::Planned {
        app: blueprint.target.app.clone(),
        environment: blueprint.target.environment.clone(),
        artifact: blueprint.artifact.clone(),
        config_sha: blueprint.config_sha.clone(),
        resumed: order.mode == Mode::Resume,
    }
}
