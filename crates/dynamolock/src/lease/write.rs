use std::time::Duration;

use crate::duration::GoDuration;
use crate::error::LeaseError;
use crate::record::{Record, State};
use crate::table::{Data, Held, Outcome, TableError, Update};

use super::Lease;

/// The lease of a lock that was given up: short, but a Go duration that every client reads.
const GIVEN_UP: GoDuration = GoDuration::from_nanos(1_000_000);

/// A write by the holder.
pub(super) enum Change {
    Heartbeat(Data),
    GiveUp(Data),
    Release(Data),
    Delete,
}

/// A write with a new version that was sent.
pub(super) struct Pending {
    version: String,
    /// Before the call: the lease counts from here.
    started: Duration,
    data: Data,
}

/// How far the lock was given back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    No,
    /// It was tried, certainly without effect.
    Tried,
    /// It was tried, perhaps with effect.
    Unsettled,
    Done,
}

/// Why a write is not known to have taken effect.
enum Doubt {
    ConditionFailed,
    NoAnswer(TableError),
}

enum Settled {
    Written,
    /// Not written, because an earlier write had taken effect after all: it can be sent again,
    /// on top of that one.
    Overtaken,
}

impl Lease {
    pub(super) async fn write(&mut self, change: &Change) -> Result<(), LeaseError> {
        loop {
            self.may_write(change)?;
            if let Settled::Written = self.write_once(change).await? {
                return self.may_go_on(change);
            }
        }
    }

    fn may_write(&mut self, change: &Change) -> Result<(), LeaseError> {
        match (change, self.ending) {
            (_, Ending::Done) => Err(LeaseError::Ended),
            (Change::Heartbeat(_), Ending::No) => self.may_go_on(change),
            (Change::Heartbeat(_), _) => Err(LeaseError::Ended),
            _ => Ok(()),
        }
    }

    /// A heartbeat is of no use once the lease has passed, not even one that took effect.
    fn may_go_on(&self, change: &Change) -> Result<(), LeaseError> {
        let expired = self.client.clock.now() >= self.held_until;
        match change {
            Change::Heartbeat(_) if expired => Err(LeaseError::Expired),
            _ => Ok(()),
        }
    }

    async fn write_once(&mut self, change: &Change) -> Result<Settled, LeaseError> {
        let (pending, ending) = (self.pending.len(), self.ending);
        self.expect_effect(change);
        match self.send(change).await {
            Ok(Outcome::Done) => Ok(self.took_effect(change)),
            Ok(Outcome::ConditionFailed) => {
                self.ending = without_effect(change, ending);
                self.settle(change, Doubt::ConditionFailed).await
            }
            Err(error) if error.is_ambiguous() => self.settle(change, Doubt::NoAnswer(error)).await,
            Err(error) => {
                self.pending.truncate(pending);
                self.ending = without_effect(change, ending);
                Err(LeaseError::Table(error))
            }
        }
    }

    /// Whatever happens to the call, even if its future is dropped, it may take effect.
    fn expect_effect(&mut self, change: &Change) {
        if !matches!(change, Change::Heartbeat(_)) {
            self.validity.end();
            self.ending = Ending::Unsettled;
        }
        if let Change::Heartbeat(data) | Change::GiveUp(data) = change {
            let version = self.client.options.next_id();
            let started = self.client.clock.now();
            self.pending.push(Pending { version, started, data: data.clone() });
        }
    }

    async fn send(&self, change: &Change) -> Result<Outcome, TableError> {
        let table = &self.client.table;
        let held = Held { owner: self.client.owner.to_string(), version: self.version.clone() };
        let next = self.pending.last().map_or("", |pending| &pending.version);
        let update = match change {
            Change::Delete => return table.delete(&self.key, held).await,
            Change::Release(data) => Update::release(data),
            Change::GiveUp(data) => Update::heartbeat(GIVEN_UP, next, data),
            Change::Heartbeat(data) => {
                Update::heartbeat(self.client.options.go_lease(), next, data)
            }
        };
        table.update(&self.key, update, held).await
    }

    /// Learns from the row what became of a write.
    async fn settle(&mut self, change: &Change, doubt: Doubt) -> Result<Settled, LeaseError> {
        let row = match self.client.peek(&self.key).await {
            Ok(row) => row,
            Err(unread) => return Err(self.unreadable(change, doubt, unread)),
        };
        if self.shows(change, row.as_ref()) {
            return Ok(self.took_effect(change));
        }
        if self.overtaken_by(row.as_ref()) {
            return Ok(Settled::Overtaken);
        }
        match doubt {
            Doubt::NoAnswer(error) if self.is_at(row.as_ref(), &self.version) => {
                Err(LeaseError::Table(error))
            }
            _ if self.ended_and_taken() => Ok(self.took_effect(change)),
            _ => Err(self.lost(row)),
        }
    }

    /// Whether the row is as this write, and only this, would have left it.
    fn shows(&self, change: &Change, row: Option<&Record>) -> bool {
        match change {
            Change::Heartbeat(_) | Change::GiveUp(_) => {
                self.pending.last().is_some_and(|last| self.is_at(row, &last.version))
            }
            Change::Release(_) => row.is_some_and(|record| {
                record.state() == State::Released
                    && record.owner() == Some(&self.client.owner)
                    && record.version() == Some(&self.version)
            }),
            Change::Delete => row.is_none(),
        }
    }

    fn is_at(&self, row: Option<&Record>, version: &str) -> bool {
        row.is_some_and(|record| {
            record.is_held_by(&self.client.owner) && record.version() == Some(version)
        })
    }

    /// Goes on from the earlier write that stands in the row, if one does.
    fn overtaken_by(&mut self, row: Option<&Record>) -> bool {
        let position = self.pending.iter().position(|earlier| self.is_at(row, &earlier.version));
        let Some(position) = position else { return false };
        let earlier = self.pending.swap_remove(position);
        self.adopt(earlier);
        true
    }

    /// While our lease lasts nobody takes the lock unless it was given back: so it was.
    fn ended_and_taken(&self) -> bool {
        self.ending == Ending::Unsettled && self.client.clock.now() < self.held_until
    }

    fn took_effect(&mut self, change: &Change) -> Settled {
        if let Change::Heartbeat(_) | Change::GiveUp(_) = change
            && let Some(last) = self.pending.pop()
        {
            self.adopt(last);
        }
        if let Change::Release(data) = change {
            self.apply(data.clone());
        }
        if !matches!(change, Change::Heartbeat(_)) {
            self.ending = Ending::Done;
        }
        Settled::Written
    }

    /// The others that were pending had the old version as their condition, so that they can't
    /// take effect any more.
    fn adopt(&mut self, written: Pending) {
        self.version = written.version;
        self.apply(written.data);
        self.pending.clear();
        if self.ending == Ending::No {
            self.held_until = written.started.saturating_add(self.client.options.lease());
            self.validity.extend_to(self.held_until);
        }
    }

    fn apply(&mut self, data: Data) {
        match data {
            Data::Keep => {}
            Data::Replace(data) => self.data = Some(data),
            Data::Remove => self.data = None,
        }
    }

    /// A failed condition is explained by an earlier write if there is one, else by a loss.
    fn unreadable(&self, change: &Change, doubt: Doubt, unread: TableError) -> LeaseError {
        let own = usize::from(matches!(change, Change::Heartbeat(_) | Change::GiveUp(_)));
        let explained = self.pending.len() > own || self.ending == Ending::Unsettled;
        match doubt {
            Doubt::NoAnswer(error) => LeaseError::Table(error),
            Doubt::ConditionFailed if explained => LeaseError::Table(unread),
            Doubt::ConditionFailed => self.lost(None),
        }
    }

    fn lost(&self, row: Option<Record>) -> LeaseError {
        self.validity.end();
        LeaseError::Lost { holder: row.map(Box::new) }
    }
}

/// Where the ending stands once a try is known not to have taken effect.
fn without_effect(change: &Change, earlier: Ending) -> Ending {
    match (change, earlier) {
        (Change::GiveUp(_) | Change::Release(_) | Change::Delete, Ending::No) => Ending::Tried,
        _ => earlier,
    }
}
