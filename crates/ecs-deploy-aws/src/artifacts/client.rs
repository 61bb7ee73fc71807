//! ArtifactDB for programs that hold no lock.

use std::collections::BTreeMap;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder, Retryable};
use ecs_deploy::cloud::{CloudError, ErrorClass};
use ecs_deploy::names::{ArtifactId, BuildNumber, ProjectName};
use tokio::time::sleep;

use super::table::{ArtifactTable, TagChange};
use super::{GET_ITEM, NewArtifact, PUT_ITEM, QUERY, StoredArtifact, UPDATE_ITEM, item};
use crate::call::Call;

/// How many numbers are tried for a new artifact while others create theirs.
const NUMBERS_TRIED: usize = 100;

/// A client of ArtifactDB: the builds of projects, numbered and tagged.
///
/// [`connect_artifacts`](crate::connect_artifacts) makes one. All reads are consistent. What may
/// pass (throttling, a broken connection) is tried again a few times, as far as the same thing is
/// not done twice by that. Every future may be dropped at any await; a change has then perhaps been
/// made.
#[derive(Debug, Clone)]
pub struct ArtifactDb {
    table: ArtifactTable,
}

impl ArtifactDb {
    pub(crate) fn new(table: ArtifactTable) -> Self {
        Self { table }
    }

    /// The highest build that [has every given tag](ecs_deploy::cloud::Artifact::has_tags). Reading
    /// ends at the first that fits.
    ///
    /// # Errors
    /// When the table can't be read, or holds a row that no client of it writes.
    pub async fn latest(
        &self,
        project: &ProjectName,
        tags: &BTreeMap<String, String>,
    ) -> Result<Option<StoredArtifact>, CloudError> {
        let row = patiently(|| self.table.latest_row(project, tags)).await?;
        row.map(|row| item::stored(QUERY, &row)).transpose()
    }

    /// One build; `None` where there is none of that number.
    ///
    /// # Errors
    /// When the table can't be read, or the row is none that a client of it writes.
    pub async fn get(&self, id: &ArtifactId) -> Result<Option<StoredArtifact>, CloudError> {
        let row = patiently(|| self.table.row(Call::read(GET_ITEM), id)).await?;
        row.map(|row| item::stored(GET_ITEM, &row)).transpose()
    }

    /// Stores an artifact under the project's next number, and gives that. Of any number of callers
    /// at once each gets a number of its own.
    ///
    /// # Errors
    /// [`ErrorClass::NotFound`] where something that it contains does not exist; otherwise when the
    /// table can't be read or written. The message says so where the artifact may exist all the
    /// same.
    pub async fn create(
        &self,
        project: &ProjectName,
        new: &NewArtifact,
    ) -> Result<BuildNumber, CloudError> {
        for id in &new.contained {
            self.get(id).await?.ok_or_else(|| self.table.missing(PUT_ITEM, id))?;
        }
        let mut waits = contention().build();
        loop {
            let highest = patiently(|| self.table.highest(project)).await?;
            let id = ArtifactId { project: project.clone(), build: after(highest) };
            if self.claim(&id, new).await? {
                return Ok(id.build);
            }
            let wait = waits.next().ok_or_else(|| crowded(&id))?;
            sleep(wait).await;
        }
    }

    /// Tries to store an artifact under a number; `false` where that is another's.
    ///
    /// After an answer was lost it is the same number that is tried again: whichever attempt took
    /// effect, there is one artifact in the end.
    async fn claim(&self, id: &ArtifactId, new: &NewArtifact) -> Result<bool, CloudError> {
        let row = item::row(id, new);
        let mut waits = patience().build();
        let mut in_doubt = false;
        loop {
            let error = match self.table.put(row.clone()).await {
                Ok(()) => return Ok(true),
                Err(error) => error,
            };
            if error.class == ErrorClass::Conflict {
                let call = || self.table.row(Call::read(GET_ITEM), id);
                return Ok(in_doubt && patiently(call).await? == Some(row));
            }
            in_doubt |= !error.class.is_certain();
            match waits.next() {
                Some(wait) if error.class.may_pass() => sleep(wait).await,
                _ if in_doubt => return Err(perhaps_created(error, id)),
                _ => return Err(error),
            }
        }
    }

    /// Sets one tag of a build.
    ///
    /// # Errors
    /// [`ErrorClass::NotFound`] where there is no such build; otherwise when the table can't be read
    /// or written.
    pub async fn set_tag(&self, id: &ArtifactId, key: &str, value: &str) -> Result<(), CloudError> {
        self.change_tags(id, TagChange::Set { key, value }).await
    }

    /// Removes one tag of a build, which need not have it.
    ///
    /// # Errors
    /// As [`Self::set_tag`].
    pub async fn remove_tag(&self, id: &ArtifactId, key: &str) -> Result<(), CloudError> {
        self.change_tags(id, TagChange::Remove { key }).await
    }

    /// A conflict here is another's first tag: the next attempt finds the map and adds to it.
    async fn change_tags(&self, id: &ArtifactId, change: TagChange<'_>) -> Result<(), CloudError> {
        (|| self.table.change_tags(Call::unguarded(UPDATE_ITEM), id, change))
            .retry(patience())
            .sleep(sleep)
            .when(|error| error.class.may_pass() || error.class == ErrorClass::Conflict)
            .await
    }
}

/// Makes attempts of a read until one succeeds, or fails for good, or enough were made.
async fn patiently<T, F>(read: impl FnMut() -> F) -> Result<T, CloudError>
where
    F: Future<Output = Result<T, CloudError>>,
{
    read.retry(patience()).sleep(sleep).when(|error| error.class.may_pass()).await
}

/// The waits for what may pass: four, a few seconds in all.
fn patience() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(2))
        .with_max_times(4)
        .with_jitter()
}

/// The waits of those who want the same number: apart from each other, and soon.
fn contention() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(10))
        .with_max_delay(Duration::from_millis(500))
        .with_max_times(NUMBERS_TRIED - 1)
        .with_jitter()
}

/// The number after the highest.
fn after(highest: Option<BuildNumber>) -> BuildNumber {
    BuildNumber(highest.map_or(1, |highest| highest.0.saturating_add(1)))
}

fn crowded(id: &ArtifactId) -> CloudError {
    let message = format!(
        "others took all of {NUMBERS_TRIED} numbers of {} that were tried; nothing was created",
        id.project
    );
    CloudError::new(PUT_ITEM, ErrorClass::Conflict, message)
}

fn perhaps_created(mut error: CloudError, id: &ArtifactId) -> CloudError {
    error.message.push_str(&format!("; build {} of {} may exist now", id.build, id.project));
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_with_one_and_go_up_from_the_highest() {
        assert_eq!(after(None), BuildNumber(1));
        assert_eq!(after(Some(BuildNumber(41))), BuildNumber(42));
    }
}
