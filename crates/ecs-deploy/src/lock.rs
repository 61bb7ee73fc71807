//! Taking the lock, and giving it back in the way that the next deploy needs.

mod holder;
mod turn;

use std::sync::Arc;
use std::time::Duration;

use dynamolock::{
    Acquire, AcquireError, Data, Found, Lease, LeaseError, LockClient, Mode as AcquireMode,
    Options, Record, Table, TableError, Waiting,
};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::cloud::{CloudError, ErrorClass};
use crate::error::{DeployError, LockLeft};
use crate::event::EventKind;
use crate::journal::{State, codec};
use crate::ledger::HEARTBEAT;
use crate::patience::{Failed, Patience};
use crate::runtime::Runtime;

pub use holder::{Holder, Locked, Told};
pub(crate) use turn::{Turn, wait_for_turn};

/// The lease that the original uses, and how much longer than a lease it waits to take over.
const LEASE: Duration = Duration::from_secs(10);

/// How long calls without an answer are tried again before a deploy that has not begun gives up.
const SILENCE: Duration = Duration::from_secs(10);

/// The lease that a failed deploy's row is given up with: whoever may take it over need not wait.
const GIVEN_UP: Duration = Duration::from_millis(1);

/// How long a request for the lock that is under way may still take when asked to stop.
const ACQUIRE_GRACE: Duration = Duration::from_secs(3);

/// How long giving the lock back may take, and each try of it; Ctrl-C must end within 7 seconds.
const CLOSE_LIMIT: Duration = Duration::from_millis(1200);

/// How long the end of a deploy that did everything is tried to be written; a Ctrl-C then must not
/// wait for more than 7 seconds either.
const FINISH_LIMIT: Duration = Duration::from_secs(5);

/// How soon a write that failed is tried again.
pub(crate) const RETRY: Duration = Duration::from_millis(200);

/// How a deploy treats the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A failed deploy must be decided on first.
    Fresh,
    /// Go on with the failed deploy.
    Resume,
    /// Begin again after a failed deploy.
    StartOver,
}

/// Whether a held row was left to whoever decides on a failed deploy.
pub(crate) fn is_given_up(record: &Record) -> bool {
    record.lease().is_ok_and(|lease| lease <= GIVEN_UP)
}

/// The lock is another's, or may be, or its row can't be written: nothing more may be changed.
#[derive(Debug, thiserror::Error)]
#[error("{}; nothing more was changed", self.what())]
pub struct LostLock {
    /// Who has it, where the row could be read.
    pub holder: Option<Holder>,
    /// What was noticed.
    #[source]
    source: LeaseError,
}

impl LostLock {
    fn what(&self) -> String {
        match self.is_for_size() {
            true => "the row was not written".to_owned(),
            false => format!("the lock could not be renewed{}", taken_by(self.holder.as_ref())),
        }
    }

    /// Whether the row is still ours, and full.
    pub(crate) fn is_for_size(&self) -> bool {
        matches!(self.source, LeaseError::Table(TableError::TooLarge(_)))
    }
}

fn taken_by(holder: Option<&Holder>) -> String {
    holder.map(|holder| format!(" ({holder})")).unwrap_or_default()
}

impl LostLock {
    /// Whether it is known that another took it.
    pub(crate) fn is_anothers(&self) -> bool {
        matches!(self.source, LeaseError::Lost { .. })
    }
}

impl From<LeaseError> for LostLock {
    fn from(source: LeaseError) -> Self {
        let holder = match &source {
            LeaseError::Lost { holder } => holder.as_deref().map(Holder::of),
            _ => None,
        };
        Self { holder, source }
    }
}

/// A client of the lock table.
pub(crate) fn client(table: Arc<dyn Table>, runtime: &Runtime) -> LockClient {
    let options = Options::new(LEASE, HEARTBEAT).expect("ten seconds are more than two periods");
    LockClient::new(table, runtime.clock.clone(), options)
}

/// In which cases a lock is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is free.
    IfFree,
    /// It is free, or its holder gives no sign of life for as long as its lease.
    IfSilent,
    /// The same, and a living holder is waited for: for a lease and 10 s, or for this long if that is
    /// longer.
    AfterWait(Duration),
}

impl Claim {
    /// How a deploy takes the lock: a fresh one waits elsewhere.
    pub(crate) fn of(mode: Mode, wait: Duration) -> Self {
        match mode {
            Mode::Fresh => Self::IfFree,
            Mode::Resume | Mode::StartOver => Self::AfterWait(wait),
        }
    }

    fn mode(self) -> AcquireMode {
        match self {
            Self::IfFree => AcquireMode::FailIfLocked,
            Self::IfSilent => AcquireMode::TakeOver { additional: LEASE },
            Self::AfterWait(wait) => AcquireMode::Wait { additional: wait.max(LEASE) },
        }
    }

    fn wait(self) -> Duration {
        match self {
            Self::IfFree | Self::IfSilent => Duration::ZERO,
            Self::AfterWait(wait) => wait,
        }
    }
}

/// Takes the lock. Asked to stop, it does not drop a call that may just be taking it.
pub(crate) async fn acquire(
    client: &LockClient,
    patience: Patience<'_>,
    key: &str,
    claim: Claim,
) -> Result<Lease, DeployError> {
    let patience = Patience { deadline: patience.deadline + claim.wait(), ..patience };
    let mut taken = std::pin::pin!(take(client, &patience, key, claim));
    tokio::select! {
        biased;
        lease = &mut taken => lease,
        () = patience.cancel.cancelled() => {
            timeout(ACQUIRE_GRACE, taken).await.unwrap_or(Err(DeployError::Interrupted))
        }
    }
}

/// What the lock's row holds, as it is now.
pub(crate) async fn data(
    client: &LockClient,
    patience: &Patience<'_>,
    key: &str,
) -> Result<Option<Vec<u8>>, DeployError> {
    let peek = || async { client.peek(key).await.map_err(of_the_table) };
    let record = patience.read("read the lock", peek).await?;
    Ok(record.and_then(|record| record.data().map(<[u8]>::to_vec)))
}

/// Takes the lock over, whatever it was held for, if the row still holds what was looked at. None if it
/// does not: what became of it shows at the next look.
pub(crate) async fn take_over(
    client: &LockClient,
    patience: Patience<'_>,
    key: &str,
    seen: Option<&[u8]>,
    claim: Claim,
) -> Result<Option<Lease>, DeployError> {
    let lease = acquire(client, patience, key, claim).await?;
    if lease.data() == seen {
        return Ok(Some(lease));
    }
    drop(put_back(lease).await);
    Ok(None)
}

async fn take(
    client: &LockClient,
    patience: &Patience<'_>,
    key: &str,
    claim: Claim,
) -> Result<Lease, DeployError> {
    let attempt = || async {
        let mut waiting = |waiting: Waiting<'_>| {
            // What was left to this decision is had at once.
            if !is_given_up(waiting.record) {
                patience.reporter.emit(waits(&waiting));
            }
        };
        let request = Acquire { mode: claim.mode(), silence: SILENCE, ..Acquire::default() };
        client.acquire(key, request, &mut waiting).await.map_err(not_acquired)
    };
    patience.retry("take the lock", attempt).await
}

fn waits(waiting: &Waiting<'_>) -> EventKind {
    let holder = Holder::of(waiting.record).to_string();
    let takeover = Some(waiting.takeover);
    EventKind::WaitingForLock { holder, at_most: waiting.remaining, takeover }
}

/// A throttled call certainly changed nothing and may pass. A call without an answer may have taken
/// the lock under a name that another attempt would not know as its own.
fn not_acquired(error: AcquireError) -> Failed {
    match error {
        AcquireError::Held { record, .. } => {
            let key = record.key().to_owned();
            let holder = Holder::of(&record);
            DeployError::Locked(Box::new(Locked { key, holder })).into()
        }
        AcquireError::Table(error) => unreached(error),
        error => DeployError::Lock(error).into(),
    }
}

/// The adapter's own error, where it is one, tells more than the table's.
fn unreached(error: TableError) -> Failed {
    let is_open = error.is_ambiguous();
    let (TableError::Refused(source) | TableError::Ambiguous(source)) = error else {
        return DeployError::Lock(AcquireError::Table(error)).into();
    };
    match source.downcast::<CloudError>() {
        Ok(error) if is_open => Failed::Finally(DeployError::LockInDoubt(*error)),
        Ok(error) if error.class == ErrorClass::Throttled => Failed::Passingly(*error),
        Ok(error) => Failed::Finally(DeployError::Cloud(*error)),
        Err(source) => DeployError::Lock(AcquireError::Table(TableError::Refused(source))).into(),
    }
}

/// The adapter's own error, where it is one: whether it may pass is known of that.
pub(crate) fn of_the_table(error: TableError) -> DeployError {
    let (TableError::Refused(source) | TableError::Ambiguous(source)) = error else {
        return DeployError::Lock(AcquireError::Table(error));
    };
    match source.downcast::<CloudError>() {
        Ok(error) => DeployError::Cloud(*error),
        Err(source) => DeployError::Lock(AcquireError::Table(TableError::Refused(source))),
    }
}

/// Puts the row back as it was found, for a deploy that changed nothing. Where there was none and
/// deleting it is denied, as the original never did that, it is released instead.
pub(crate) async fn put_back(mut lease: Lease) -> Result<LockLeft, LostLock> {
    let deadline = Instant::now() + CLOSE_LIMIT;
    let mut ended = Farewell::PutBack.write(&mut lease, deadline).await;
    if let (Found::Absent, Err(LeaseError::Table(TableError::Refused(_)))) = (lease.found(), &ended)
    {
        ended = Farewell::Release(Data::Keep).write(&mut lease, deadline).await;
    }
    left(ended, LockLeft::PutBack)
}

/// Leaves the row to whoever decides on the failed deploy. A lease that has expired does not stand
/// against it: the row is written only if nobody has taken it. Where it has no room for the reason,
/// what it holds has to do.
pub(crate) async fn give_up(mut lease: Lease, state: &State) -> Result<LockLeft, LostLock> {
    let (data, deadline) = (Data::Replace(codec::encode(state)), Instant::now() + CLOSE_LIMIT);
    let mut ended = Farewell::GiveUp(data).write(&mut lease, deadline).await;
    if let Err(LeaseError::Table(TableError::TooLarge(_))) = ended {
        ended = Farewell::GiveUp(Data::Keep).write(&mut lease, deadline).await;
    }
    left(ended, LockLeft::GivenUp)
}

fn left(ended: Result<(), LeaseError>, well: LockLeft) -> Result<LockLeft, LostLock> {
    match ended {
        Ok(()) => Ok(well),
        Err(error @ LeaseError::Lost { .. }) => Err(error.into()),
        Err(_) => Ok(LockLeft::RunsOut),
    }
}

/// Notes that the deploy ended well and releases the lock, as one write.
pub(crate) async fn finish(mut lease: Lease, state: &State) -> Result<(), LostLock> {
    let data = Data::Replace(codec::encode(state));
    Ok(Farewell::Release(data).write(&mut lease, Instant::now() + FINISH_LIMIT).await?)
}

/// Frees a lock that nobody has to decide about: its deploy had ended well, or had died before it
/// could write a word, and so before any effect.
pub(crate) async fn free(mut lease: Lease) -> Result<LockLeft, LostLock> {
    match lease.found() {
        Found::Held(_) => {
            let deadline = Instant::now() + CLOSE_LIMIT;
            let ended = Farewell::Release(Data::Keep).write(&mut lease, deadline).await;
            left(ended, LockLeft::PutBack)
        }
        Found::Absent | Found::Released(_) => put_back(lease).await,
    }
}

/// The last write of a row.
enum Farewell {
    PutBack,
    Release(Data),
    GiveUp(Data),
}

impl Farewell {
    /// Tries it until the deadline, as long as another try may do. The lease's validity is no measure: it
    /// ends with the first try, whether that takes effect or not.
    async fn write(&self, lease: &mut Lease, deadline: Instant) -> Result<(), LeaseError> {
        loop {
            let limit = deadline.min(Instant::now() + CLOSE_LIMIT);
            let error = match timeout_at(limit, self.attempt(lease)).await {
                Ok(Err(error)) if self.may_pass(&error) => error,
                Ok(ended) => return ended,
                Err(_) => LeaseError::Expired,
            };
            if Instant::now() + RETRY >= deadline {
                return Err(error);
            }
            sleep(RETRY).await;
        }
    }

    /// What is denied may be allowed soon, as with credentials that have expired; a delete that is denied
    /// has another way out.
    fn may_pass(&self, error: &LeaseError) -> bool {
        let LeaseError::Table(error) = error else { return false };
        match (self, error) {
            (_, TableError::TooLarge(_)) => false,
            (Self::PutBack, TableError::Refused(source)) => {
                source.downcast_ref::<CloudError>().is_some_and(|error| error.class.may_pass())
            }
            _ => true,
        }
    }

    async fn attempt(&self, lease: &mut Lease) -> Result<(), LeaseError> {
        match self {
            Self::PutBack => lease.put_back().await,
            Self::Release(data) => lease.release(data.clone()).await,
            Self::GiveUp(data) => lease.give_up(data.clone()).await,
        }
    }
}
