//! A lock's row, and what watching it shows.

use dynamolock::{LockClient, Oddity, Record, State as RowState};
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::Instant;

use super::{Look, Place};
use crate::cloud::Artifact;
use crate::error::DeployError;
use crate::event::EventKind;
use crate::journal::codec::DecodeError;
use crate::journal::{Actor, State, codec};
use crate::ledger::HEARTBEAT;
use crate::lock::{self, is_given_up, of_the_table};
use crate::names::{Color, ConfigSha, Region, TaskSetId};
use crate::steps::Step;

/// A lock, as its row and a watch of it tell.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct LockStatus {
    /// The lock's key.
    pub key: String,
    /// The region of the lock table.
    pub region: Region,
    /// Whether it can be had.
    pub state: LockState,
    /// The lock client that holds it, or held it last: a random name.
    pub owner: Option<String>,
    /// How long the holder may be silent, in seconds; `None` where that can't be read.
    pub lease_seconds: Option<f64>,
    /// The deploy on record, which need not be the holder's: a row is taken before it is written.
    pub deploy: Option<OnRecord>,
    /// What about the row can't be read, or can't be used.
    pub problem: Option<String>,
    /// What to do next.
    pub next: NextStep,
}

/// Whether a lock can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum LockState {
    /// Nobody holds it.
    Free,
    /// Its holder is alive: the row changed while it was watched.
    Held,
    /// A deploy failed in order and waits for a decision.
    Failed,
    /// It is held, and for as long as its lease nobody gave a sign of life.
    Abandoned,
    /// No client can take it: its row is not one that a client writes.
    Unusable,
}

/// What to do about a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum NextStep {
    /// Deploy.
    Deploy,
    /// Wait for the deploy that is under way.
    Wait,
    /// Go on with the deploy on record.
    Resume,
    /// Go on with the rollback of the deploy on record.
    RollBack,
    /// Begin again.
    StartOver,
    /// Make sure that nobody deploys, then delete the row by hand.
    DeleteRow,
}

/// What a lock's row tells of a deploy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OnRecord {
    /// What it deploys.
    pub artifact: Artifact,
    /// The commit of its config.
    #[serde(rename = "ConfigSHA")]
    pub config_sha: ConfigSha,
    /// The step that it began last, by its number.
    pub step: Step,
    /// The color that the new version goes to, once that is known.
    pub new_color: Option<Color>,
    /// The new task set, once it is there.
    #[serde(rename = "NewTaskSetID")]
    pub new_task_set: Option<TaskSetId>,
    /// Whether it ended well; also true of one that is, or was, rolled back.
    pub done: bool,
    /// The color that it was rolled back to, or is.
    pub rolled_back_to: Option<Color>,
    /// Whether nobody has to decide on it: it ended well, or was rolled back.
    pub settled: bool,
    /// Names the deploy through all its resumes; `None`, like all that follows, in a row that a Go
    /// program wrote.
    #[serde(rename = "DeployID")]
    pub deploy_id: Option<String>,
    /// Who works on it.
    pub by: Option<Actor>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Why it failed, if it did so in order.
    pub failure: Option<String>,
}

impl From<State> for OnRecord {
    fn from(state: State) -> Self {
        let (step, settled) = (state.reached(), state.is_settled());
        let rolled_back_to = state.rollback().map(|way| way.color);
        let (mut deploy_id, mut by, mut since, mut failure) = (None, None, None, None);
        if let Some(journal) = state.journal {
            (deploy_id, by) = (Some(journal.deploy_id), Some(journal.by));
            (since, failure) = (Some(journal.at), journal.failure);
        }
        Self {
            artifact: state.artifact,
            config_sha: state.config_sha,
            step,
            new_color: state.new_color,
            new_task_set: state.task_set,
            done: state.done,
            rolled_back_to,
            settled,
            deploy_id,
            by,
            since,
            failure,
        }
    }
}

/// The deploy on record, whoever holds the lock.
pub(super) async fn on_record(
    place: &Place,
    look: Look<'_>,
) -> Result<Option<OnRecord>, DeployError> {
    let row = Row::of(place, look);
    let Some(record) = row.peek().await? else { return Ok(None) };
    deploy(&record).map_err(|source| DeployError::Row { key: row.key, source })
}

/// The state of the lock; a row that tells nothing else is watched for as long as its lease.
pub(super) async fn read(place: &Place, look: Look<'_>) -> Result<LockStatus, DeployError> {
    let row = Row::of(place, look);
    let Some(record) = row.peek().await? else { return Ok(row.told(LockState::Free, None)) };
    let (state, record) = match at_a_glance(&record) {
        Some(state) => (state, Some(record)),
        None => row.watch(record).await?,
    };
    Ok(row.told(state, record.as_ref()))
}

/// What a row tells without being watched.
fn at_a_glance(record: &Record) -> Option<LockState> {
    if barring(record).is_some() {
        return Some(LockState::Unusable);
    }
    if record.state() == RowState::Released {
        return Some(LockState::Free);
    }
    let is_settled = matches!(deploy(record), Ok(Some(deploy)) if deploy.settled);
    (is_given_up(record) && !is_settled && record.data().is_some()).then_some(LockState::Failed)
}

/// What about a row keeps every client from taking the lock.
fn barring(record: &Record) -> Option<Oddity> {
    let bars = |oddity: &Oddity| match oddity {
        Oddity::ReleasedNotOne => true,
        Oddity::NoVersion | Oddity::LeaseNotString | Oddity::LeaseUnreadable { .. } => {
            record.state() == RowState::Held
        }
        _ => false,
    };
    record.oddities().into_iter().find(bars)
}

fn deploy(record: &Record) -> Result<Option<OnRecord>, DecodeError> {
    Ok(record.data().map(codec::decode).transpose()?.map(OnRecord::from))
}

fn next(state: LockState, deploy: Option<&OnRecord>) -> NextStep {
    match state {
        LockState::Free => NextStep::Deploy,
        LockState::Held => NextStep::Wait,
        LockState::Unusable => NextStep::DeleteRow,
        LockState::Failed | LockState::Abandoned => match deploy {
            Some(deploy) if deploy.settled => NextStep::StartOver,
            Some(deploy) if deploy.rolled_back_to.is_some() => NextStep::RollBack,
            Some(_) => NextStep::Resume,
            _ => NextStep::StartOver,
        },
    }
}

/// A row that is looked at again and again.
struct Row<'a> {
    client: LockClient,
    key: String,
    region: Region,
    look: Look<'a>,
}

impl<'a> Row<'a> {
    fn of(place: &Place, look: Look<'a>) -> Self {
        let client = lock::client(place.cloud.locks.clone(), look.runtime);
        let region = place.target.config_region.clone();
        Self { client, key: place.target.lock_key(), region, look }
    }

    fn told(self, state: LockState, record: Option<&Record>) -> LockStatus {
        let (deploy, unreadable) = match record.map(deploy).transpose() {
            Ok(deploy) => (deploy.flatten(), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let odd = record.and_then(|record| record.oddities().first().map(Oddity::to_string));
        let lease = record.and_then(|record| record.lease().ok());
        LockStatus {
            key: self.key,
            region: self.region,
            state,
            owner: record.and_then(Record::owner).map(str::to_owned),
            lease_seconds: lease.map(|lease| lease.as_secs_f64()),
            next: next(state, deploy.as_ref()),
            deploy,
            problem: record.and_then(barring).map(|it| it.to_string()).or(unreadable).or(odd),
        }
    }

    async fn peek(&self) -> Result<Option<Record>, DeployError> {
        let peek = || async { self.client.peek(&self.key).await.map_err(of_the_table) };
        self.look.patience().read("read the lock", peek).await
    }

    /// Looks until the row changes or its lease is over. The holder of one that did not change is
    /// dead, or as good as that: the next client may take the lock from it.
    async fn watch(&self, first: Record) -> Result<(LockState, Option<Record>), DeployError> {
        let lease = first.lease().unwrap_or_default();
        let (key, since) = (self.key.clone(), Instant::now());
        self.look.reporter.emit(EventKind::WatchingLock { key, at_most: lease });
        loop {
            let left = lease.saturating_sub(since.elapsed());
            self.look.patience().pause(left.min(HEARTBEAT)).await?;
            // Asked before the row is read, so that a sign of life until then is seen.
            let is_over = since.elapsed() >= lease;
            let Some(now) = self.peek().await? else { return Ok((LockState::Free, None)) };
            if now.version() != first.version() || now.state() == RowState::Released {
                let state = at_a_glance(&now).unwrap_or(LockState::Held);
                return Ok((state, Some(now)));
            }
            if is_over {
                return Ok((LockState::Abandoned, Some(now)));
            }
        }
    }
}
