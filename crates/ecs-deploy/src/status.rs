//! What is there now: a read-only look at an app's environments and at a lock.
//!
//! [`app`] tells what the original's `ecs-app-status` told, and with [`Depth::Full`] more;
//! [`lock`] tells whether one environment's lock is free, and what to do about it. Nothing is
//! changed and no lock is taken. To tell a living holder from a dead one, the row is watched for as
//! long as its lease, as another deploy would have to.

mod lock;
mod traffic;

use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

pub use lock::{LockState, LockStatus, NextStep, OnRecord};
pub use traffic::{ColorStatus, DeployedSet, Targets, Traffic};

use crate::cloud::{Artifact, Cloud};
use crate::config::Target;
use crate::error::{DeployError, chain};
use crate::event::{EventSink, Reporter};
use crate::names::{AppName, EnvironmentName};
use crate::patience::Patience;
use crate::plan;
use crate::runtime::Runtime;

/// The version of what is serialized here. It grows when a member changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// How long all tries of one read may take.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// The tag of builds that may be deployed without asking, and its value.
const AUTOMATED: (&str, &str) = ("ForAutomatedDeploy", "true");

/// An environment, and the ports to look at it through.
#[derive(Clone)]
pub struct Place {
    /// Which.
    pub target: Target,
    /// Its ports.
    pub cloud: Cloud,
}

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What the original's `ecs-app-status` read, which its roles allow. Takes no more than a few
    /// calls.
    Original,
    /// The health of both colors and the state of the lock as well. Takes as long as the lease of
    /// a lock whose holder has died.
    Full,
}

/// An app with its environments.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AppStatus {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The app.
    pub app: AppName,
    /// The newest build whose tag `ForAutomatedDeploy` is `true`.
    pub latest: Option<Artifact>,
    /// Its environments, in the order in which they were asked for.
    pub environments: Vec<EnvironmentStatus>,
}

/// An environment.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EnvironmentStatus {
    /// Which.
    pub environment: EnvironmentName,
    /// What serves, and what else is there.
    pub traffic: Traffic,
    /// The deploy on record, if its record says that it is not done. As in the original this does
    /// not tell whether anybody still works on it: see `lock`. `None`, too, where the record can't
    /// be read, which `lock` tells.
    pub deploying: Option<OnRecord>,
    /// The state of the lock; `None` with [`Depth::Original`].
    pub lock: Option<LockStatus>,
}

/// The lock of an environment, and what serves there.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct LockReport {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The app.
    pub app: AppName,
    /// The environment.
    pub environment: EnvironmentName,
    /// The lock.
    pub lock: LockStatus,
    /// What serves, and what else is there; `None` where that could not be read, which a warning
    /// has told.
    pub traffic: Option<Traffic>,
}

/// Why the state of something can't be told.
#[derive(Debug, thiserror::Error)]
#[error("can't tell the state of {what}")]
#[non_exhaustive]
pub struct StatusError {
    /// An environment's name, or an app's where its builds could not be read.
    pub what: String,
    /// The reason.
    #[source]
    pub error: DeployError,
}

/// Everything that a look needs besides the place that is looked at.
#[derive(Clone, Copy)]
struct Look<'a> {
    reporter: &'a Reporter<'a>,
    cancel: &'a CancellationToken,
    runtime: &'a Runtime,
    depth: Depth,
}

impl<'a> Look<'a> {
    /// Patience for reads that begin now.
    fn patience(&self) -> Patience<'a> {
        Patience::at_first(self.reporter, self.cancel, READ_LIMIT)
    }
}

/// Tells the state of an app: of all places at once.
///
/// Cancelling the token, or dropping the future, ends it; nothing was changed.
///
/// # Errors
/// One error for each environment that could not be read, and for the app's builds.
pub async fn app(
    app: &AppName,
    places: &[Place],
    depth: Depth,
    runtime: &Runtime,
    events: &dyn EventSink,
    cancel: &CancellationToken,
) -> Result<AppStatus, Vec<StatusError>> {
    let reporter = Reporter::new(events, runtime);
    let look = Look { reporter: &reporter, cancel, runtime, depth };
    let environments = join_all(places.iter().map(|place| named_environment(place, look)));
    let (latest, environments) = tokio::join!(latest(app, places.first(), look), environments);
    let (mut read, mut errors) = (Vec::new(), Vec::new());
    for environment in environments {
        match environment {
            Ok(environment) => read.push(environment),
            Err(error) => errors.push(error),
        }
    }
    match latest {
        Ok(latest) if errors.is_empty() => {
            Ok(AppStatus { schema: SCHEMA, app: app.clone(), latest, environments: read })
        }
        latest => Err(latest.err().into_iter().chain(errors).collect()),
    }
}

/// Tells the state of the lock of one environment, watching it for as long as its lease.
///
/// Cancelling the token, or dropping the future, ends it; nothing was changed.
///
/// # Errors
/// When the lock's row can't be read, or belongs to another account than the config names. What
/// serves is left out, with a warning, where only that can't be read.
pub async fn lock(
    place: &Place,
    runtime: &Runtime,
    events: &dyn EventSink,
    cancel: &CancellationToken,
) -> Result<LockReport, StatusError> {
    let reporter = Reporter::new(events, runtime);
    let look = Look { reporter: &reporter, cancel, runtime, depth: Depth::Full };
    let (lock, traffic) = tokio::join!(lock_of(place, look), traffic_of(place, look));
    let Target { app, environment, .. } = &place.target;
    let what = || format!("the lock of {environment}");
    let lock = lock.map_err(|error| StatusError { what: what(), error })?;
    let unknown = |error| reporter.warn(format!("what serves is not known: {}", chain(&error)));
    let traffic = traffic.map_err(unknown);
    Ok(LockReport {
        schema: SCHEMA,
        app: app.clone(),
        environment: environment.clone(),
        lock,
        traffic: traffic.ok(),
    })
}

async fn named_environment(
    place: &Place,
    look: Look<'_>,
) -> Result<EnvironmentStatus, StatusError> {
    let what = place.target.environment.to_string();
    environment(place, look).await.map_err(|error| StatusError { what, error })
}

async fn environment(place: &Place, look: Look<'_>) -> Result<EnvironmentStatus, DeployError> {
    check_config_account(place, look).await?;
    let (traffic, (deploying, lock)) =
        tokio::try_join!(traffic_of(place, look), deploy_of(place, look))?;
    Ok(EnvironmentStatus {
        environment: place.target.environment.clone(),
        traffic,
        deploying: deploying.filter(|deploy| !deploy.done),
        lock,
    })
}

async fn deploy_of(
    place: &Place,
    look: Look<'_>,
) -> Result<(Option<OnRecord>, Option<LockStatus>), DeployError> {
    if look.depth == Depth::Full {
        let lock = lock::read(place, look).await?;
        return Ok((lock.deploy.clone(), Some(lock)));
    }
    Ok((lock::on_record(place, look).await?, None))
}

async fn lock_of(place: &Place, look: Look<'_>) -> Result<LockStatus, DeployError> {
    check_config_account(place, look).await?;
    lock::read(place, look).await
}

async fn check_config_account(place: &Place, look: Look<'_>) -> Result<(), DeployError> {
    let check = || async { plan::check_config_account(&place.target, &place.cloud).await };
    look.patience().read("learn whose credentials these are", check).await
}

async fn traffic_of(place: &Place, look: Look<'_>) -> Result<Traffic, DeployError> {
    let read = || async { traffic::read(place, look).await };
    look.patience().read("read what serves", read).await
}

async fn latest(
    app: &AppName,
    place: Option<&Place>,
    look: Look<'_>,
) -> Result<Option<Artifact>, StatusError> {
    let Some(place) = place else { return Ok(None) };
    let Place { target, cloud } = place;
    let Some(project) = &target.artifact_project else { return Ok(None) };
    let tags = [(AUTOMATED.0.to_owned(), AUTOMATED.1.to_owned())].into();
    let read = || async { cloud.artifacts.latest(project, &tags).await };
    let latest = async {
        check_config_account(place, look).await?;
        look.patience().read("read the newest build", read).await
    };
    let latest = latest.await;
    latest.map_err(|error| StatusError { what: app.to_string(), error })
}
