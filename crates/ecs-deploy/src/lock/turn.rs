use dynamolock::{LockClient, Record, State as RowState};
use tokio::time::Instant;

use super::{Holder, Locked, is_given_up, of_the_table};
use crate::error::DeployError;
use crate::event::EventKind;
use crate::journal::codec;
use crate::ledger::HEARTBEAT;
use crate::patience::Patience;

/// How the wait for a turn ended.
pub(crate) enum Turn {
    /// The lock is free, or was a moment ago: others may wait, too.
    Free,
    /// Whoever has it gave no sign of life for as long as its lease, and had not written a word: nobody
    /// has to decide on what the row holds.
    Abandoned(Record),
}

/// Waits for the deploy that has the lock to end, until `deadline`.
///
/// A deploy that failed or died is not waited for: somebody has to decide on it first. `patience`
/// gives each look at the row its own limit.
pub(crate) async fn wait_for_turn<'a>(
    client: &LockClient,
    key: &str,
    deadline: Instant,
    patience: impl Fn() -> Patience<'a>,
) -> Result<Turn, DeployError> {
    let mut sign_of_life: Option<(String, Instant)> = None;
    loop {
        let look = || async { client.peek(key).await.map_err(of_the_table) };
        let Some(record) = patience().read("read the lock", look).await? else {
            return Ok(Turn::Free);
        };
        if record.state() == RowState::Released {
            return Ok(Turn::Free);
        }
        let version = record.version().unwrap_or_default();
        let since = match &sign_of_life {
            Some((last, since)) if last == version => *since,
            _ => sign_of_life.insert((version.to_owned(), Instant::now())).1,
        };
        if is_silent(&record, since) && is_settled(&record) {
            return Ok(Turn::Abandoned(record));
        }
        if let Some(holder) = not_to_be_waited_for(&record, since, deadline) {
            return Err(DeployError::Locked(Box::new(Locked { key: key.to_owned(), holder })));
        }
        let holder = Holder::of(&record).to_string();
        let at_most = deadline - Instant::now();
        patience().reporter.emit(EventKind::WaitingForLock { holder, at_most, takeover: None });
        patience().pause(at_most.min(HEARTBEAT)).await?;
    }
}

fn is_silent(record: &Record, since: Instant) -> bool {
    since.elapsed() >= record.lease().unwrap_or_default()
}

fn is_settled(record: &Record) -> bool {
    let state = record.data().map(codec::decode).transpose();
    state.is_ok_and(|state| state.is_none_or(|state| state.is_settled()))
}

/// The holder whose end is not waited for, or no longer.
fn not_to_be_waited_for(record: &Record, since: Instant, deadline: Instant) -> Option<Holder> {
    if is_given_up(record) {
        Some(Holder::of(record))
    } else if is_silent(record, since) {
        Some(Holder::silent(record))
    } else {
        (Instant::now() >= deadline).then(|| Holder::of(record))
    }
}
