use std::time::Duration;

use crate::attribute::{Item, names};
use crate::client::LockClient;
use crate::error::AcquireError;
use crate::lease::Lease;
use crate::record::{Oddity, Record, WayIn};
use crate::table::{Outcome, PutCondition, TableError};

mod item;

use item::{data_for, item_for};

/// What to do when somebody else holds the lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Give up at once, however long the holder has been silent.
    #[default]
    FailIfLocked,
    /// Take the lock over as soon as its holder has been silent for a whole lease, and give up at its
    /// first sign of life, at the latest after the lease found in the row and this much more.
    TakeOver {
        /// The time to wait beyond the lease.
        additional: Duration,
    },
    /// Look again each refresh period, and take the lock over as soon as its holder has been
    /// silent for a whole lease. Give up after the lease found in the row and this much more.
    Wait {
        /// The time to wait beyond the lease.
        additional: Duration,
    },
}

/// The data of the row once the lock is acquired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum InitialData {
    /// Those of the previous owner, if any.
    #[default]
    Keep,
    /// Those of the previous owner; these if there are none.
    KeepOr(Vec<u8>),
    /// These, whatever the previous owner left.
    Replace(Vec<u8>),
}

/// How to acquire a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acquire {
    /// What to do when it is held.
    pub mode: Mode,
    /// The time between two looks at a held row; at least 10 ms are waited.
    pub refresh: Duration,
    /// How long calls that get no usable answer are tried again, whether told to wait or not. A put
    /// that perhaps took effect is known by its version should it show up in the row.
    pub silence: Duration,
    /// The data to begin with.
    pub data: InitialData,
    /// Additional attributes to set; all others of the previous row stay.
    pub attributes: Item,
}

/// Fails if locked or not answered, keeps the data, looks each second if told to wait.
impl Default for Acquire {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            refresh: Duration::from_secs(1),
            silence: Duration::ZERO,
            data: InitialData::default(),
            attributes: Item::new(),
        }
    }
}

/// What is waited for, for a countdown.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Waiting<'a> {
    /// The row of the holder.
    pub record: &'a Record,
    /// How much longer it is waited at most.
    pub remaining: Duration,
    /// How much longer until the lock is taken over, if its holder stays silent.
    pub takeover: Duration,
}

/// How a lock's row was found when it was acquired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// There was no row.
    Absent,
    /// The last owner had released it.
    Released(Record),
    /// The last owner had not released it, and was silent for a whole lease.
    Held(Record),
}

impl Found {
    /// The previous row, if there was one.
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Absent => None,
            Self::Released(record) | Self::Held(record) => Some(record),
        }
    }
}

/// A put that was sent, and what it means if it took effect.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) version: String,
    /// Before the call: the lease counts from here.
    pub(crate) started: Duration,
    pub(crate) found: Found,
    pub(crate) data: Option<Vec<u8>>,
}

/// A version and since when it is known to stand in the row.
struct Remembered {
    version: String,
    lease: Duration,
    since: Duration,
}

enum Next {
    Put(Found, PutCondition),
    Wait(Record),
}

/// One run of the protocol for acquiring a lock.
pub(crate) struct Acquisition<'a> {
    client: &'a LockClient,
    key: &'a str,
    request: Acquire,
    started: Duration,
    budget: Duration,
    remembered: Option<Remembered>,
    /// Puts whose answer was lost: any of them may show up in the row, even later.
    attempts: Vec<Attempt>,
    unanswered: Option<TableError>,
    /// When a call was first known to have got no answer.
    silent_since: Option<Duration>,
}

const MINIMUM_REFRESH: Duration = Duration::from_millis(10);

impl<'a> Acquisition<'a> {
    pub(crate) fn new(
        client: &'a LockClient,
        key: &'a str,
        request: Acquire,
    ) -> Result<Self, AcquireError> {
        let reserved = |name: &&String| names::RESERVED.contains(&name.as_str());
        if let Some(name) = request.attributes.keys().find(reserved) {
            return Err(AcquireError::ReservedAttribute(name.clone()));
        }
        let budget = match request.mode {
            Mode::FailIfLocked => Duration::ZERO,
            Mode::TakeOver { additional } | Mode::Wait { additional } => additional,
        };
        let started = client.clock.now();
        Ok(Self {
            client,
            key,
            request,
            started,
            budget,
            remembered: None,
            attempts: Vec::new(),
            unanswered: None,
            silent_since: None,
        })
    }

    pub(crate) async fn run(
        mut self,
        observer: &mut (dyn FnMut(Waiting<'_>) + Send),
    ) -> Result<Lease, AcquireError> {
        loop {
            let row = match self.client.peek(self.key).await {
                Ok(row) => row,
                Err(error) => {
                    self.wait_out(error).await?;
                    continue;
                }
            };
            if let Some(lease) = self.won_after_all(row.as_ref()) {
                return Ok(lease);
            }
            match self.decide(row)? {
                Next::Put(found, condition) => {
                    if let Some(lease) = self.put(found, condition).await? {
                        return Ok(lease);
                    }
                }
                Next::Wait(record) => self.wait_for(record, observer).await?,
            }
        }
    }

    /// A put without an answer took effect if its version stands in the row.
    fn won_after_all(&mut self, row: Option<&Record>) -> Option<Lease> {
        let record = row.filter(|record| record.is_held_by(&self.client.owner))?;
        let won = |attempt: &Attempt| Some(attempt.version.as_str()) == record.version();
        let attempt = self.attempts.remove(self.attempts.iter().position(won)?);
        Some(Lease::acquired(self.client, self.key, attempt))
    }

    fn decide(&mut self, row: Option<Record>) -> Result<Next, AcquireError> {
        let Some(record) = row else {
            return Ok(Next::Put(Found::Absent, PutCondition::Absent));
        };
        let (version, lease) = match record.way_in() {
            Err(oddity) => return Err(self.odd_row(record, oddity)),
            Ok(WayIn::Released) => {
                let condition = PutCondition::Released(record.version().map(str::to_owned));
                return Ok(Next::Put(Found::Released(record), condition));
            }
            Ok(WayIn::AfterLease { version, lease }) => (version, lease),
        };
        let gives_up = match self.request.mode {
            Mode::FailIfLocked => true,
            Mode::TakeOver { .. } => self.has_changed(&version),
            Mode::Wait { .. } => false,
        };
        if gives_up {
            return Err(self.held(record));
        }
        if self.lease_has_passed(&version, lease) {
            return Ok(Next::Put(Found::Held(record), PutCondition::Version(version)));
        }
        Ok(Next::Wait(record))
    }

    /// Whether the holder wrote the row since the first look.
    fn has_changed(&self, version: &str) -> bool {
        self.remembered.as_ref().is_some_and(|known| known.version != version)
    }

    /// Whether the version was seen before, and for a whole lease; if not seen, remembers it.
    fn lease_has_passed(&mut self, version: &str, lease: Duration) -> bool {
        let now = self.client.clock.now();
        match &self.remembered {
            Some(known) if known.version == version => {
                now.saturating_sub(known.since) >= known.lease
            }
            known => {
                if known.is_none() {
                    self.budget = self.budget.saturating_add(lease);
                }
                let version = version.to_owned();
                // A holder that states no lease may still be alive, and gets one look more.
                let lease = if lease.is_zero() { self.request.refresh } else { lease };
                self.remembered = Some(Remembered { version, lease, since: now });
                false
            }
        }
    }

    async fn put(
        &mut self,
        found: Found,
        condition: PutCondition,
    ) -> Result<Option<Lease>, AcquireError> {
        if let Some(error) = self.unanswered.take() {
            self.wait_out(error).await?;
            return Ok(None);
        }
        let attempt = self.attempt(found);
        let item = item_for(self.client, self.key, &self.request, &attempt);
        match self.client.table.put(item, condition).await {
            Ok(Outcome::Done) => Ok(Some(Lease::acquired(self.client, self.key, attempt))),
            Ok(Outcome::ConditionFailed) => Ok(None),
            Err(error) if error.is_ambiguous() => {
                self.attempts.push(attempt);
                self.unanswered = Some(error);
                Ok(None)
            }
            Err(TableError::TooLarge(source)) => Err(self.too_large(attempt.found, source)),
            Err(error) => Err(AcquireError::Table(error)),
        }
    }

    fn too_large(
        &self,
        found: Found,
        source: Box<dyn std::error::Error + Send + Sync>,
    ) -> AcquireError {
        let (table, key) = (self.client.table.name().to_owned(), self.key.to_owned());
        let record = found.record().cloned().map(Box::new);
        AcquireError::TooLarge { table, key, record, source }
    }

    fn attempt(&self, found: Found) -> Attempt {
        Attempt {
            version: self.client.options.next_id(),
            started: self.client.clock.now(),
            data: data_for(&self.request.data, found.record()),
            found,
        }
    }

    async fn wait_for(
        &self,
        record: Record,
        observer: &mut (dyn FnMut(Waiting<'_>) + Send),
    ) -> Result<(), AcquireError> {
        let remaining = self.remaining();
        if remaining.is_zero() {
            return Err(self.held(record));
        }
        let takeover = self.until_takeover();
        observer(Waiting { record: &record, remaining, takeover });
        self.sleep(remaining.min(takeover)).await;
        Ok(())
    }

    /// One lost answer need not be the end; a refusal is, and so is the last one.
    async fn wait_out(&mut self, error: TableError) -> Result<(), AcquireError> {
        let now = self.client.clock.now();
        let silent = now.saturating_sub(*self.silent_since.get_or_insert(now));
        let remaining = self.remaining().max(self.request.silence.saturating_sub(silent));
        if remaining.is_zero() || !error.is_ambiguous() {
            return Err(AcquireError::Table(error));
        }
        self.sleep(remaining).await;
        Ok(())
    }

    async fn sleep(&self, at_most: Duration) {
        let period = self.request.refresh.min(at_most).max(MINIMUM_REFRESH);
        tokio::time::sleep(period).await;
    }

    fn until_takeover(&self) -> Duration {
        let Some(known) = &self.remembered else { return Duration::ZERO };
        known.since.saturating_add(known.lease).saturating_sub(self.client.clock.now())
    }

    fn remaining(&self) -> Duration {
        self.budget.saturating_sub(self.waited())
    }

    fn waited(&self) -> Duration {
        self.client.clock.now().saturating_sub(self.started)
    }

    fn held(&self, record: Record) -> AcquireError {
        let waited = match self.request.mode {
            Mode::FailIfLocked => Duration::ZERO,
            Mode::TakeOver { .. } | Mode::Wait { .. } => self.waited(),
        };
        AcquireError::Held { record: Box::new(record), waited }
    }

    fn odd_row(&self, record: Record, oddity: Oddity) -> AcquireError {
        let table = self.client.table.name().to_owned();
        AcquireError::OddRow { table, record: Box::new(record), oddity }
    }
}
