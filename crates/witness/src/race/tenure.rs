//! What one client told of one lock between acquiring it and being done with it.

use std::time::Duration;

use super::event::Belief;

/// The language of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Go,
    Rust,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Go, Self::Rust];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Rust => "rust",
        }
    }

    /// Whose data these are: each client writes its language first.
    pub(super) fn that_wrote(data: &str) -> Option<Self> {
        let (side, _) = data.split_once('-')?;
        Self::BOTH.into_iter().find(|known| known.name() == side)
    }
}

/// Data that a holder wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Write {
    pub(super) data: String,
    /// Without an answer it is open whether they stand in the row.
    pub(super) answered: bool,
}

/// One client's time with one lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tenure {
    pub(super) side: Side,
    pub(super) seat: u64,
    pub(super) lock: String,
    /// The data of the last holder.
    pub(super) found: String,
    pub(super) beliefs: Vec<Belief>,
    pub(super) writes: Vec<Write>,
    pub(super) left: Option<Duration>,
}

impl Tenure {
    /// The times in which it believed to hold the lock.
    pub(super) fn spans(&self) -> impl Iterator<Item = Belief> {
        let end = self.left.unwrap_or(Duration::MAX);
        let clipped = self.beliefs.iter().map(move |it| Belief { until: it.until.min(end), ..*it });
        clipped.filter(|span| span.from < span.until)
    }

    /// When it had the lock. None if it was stopped before it knew, for longer than its lease.
    pub(super) fn begin(&self) -> Option<Duration> {
        let first = self.beliefs.first()?;
        (first.from < first.until).then_some(first.from)
    }
}
