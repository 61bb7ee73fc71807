use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

/// How long a lease lasts, for those who must ask right before they change something.
///
/// A cheap handle: clones follow the same lease, from any thread, and may outlive it.
#[derive(Clone)]
pub struct Validity {
    clock: Arc<dyn Clock>,
    /// Nanoseconds of the clock; zero once the lease was lost or ended.
    deadline: Arc<AtomicU64>,
}

impl Validity {
    pub(crate) fn until(clock: Arc<dyn Clock>, deadline: Duration) -> Self {
        let validity = Self { clock, deadline: Arc::default() };
        validity.extend_to(deadline);
        validity
    }

    pub(crate) fn extend_to(&self, deadline: Duration) {
        let nanos = u64::try_from(deadline.as_nanos()).unwrap_or(u64::MAX);
        self.deadline.store(nanos, Ordering::SeqCst);
    }

    pub(crate) fn end(&self) {
        self.deadline.store(0, Ordering::SeqCst);
    }

    /// The time left; zero once the lease has expired, was lost, or was ended by its owner.
    pub fn remaining(&self) -> Duration {
        let deadline = Duration::from_nanos(self.deadline.load(Ordering::SeqCst));
        deadline.saturating_sub(self.clock.now())
    }
}

impl fmt::Debug for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validity").field("remaining", &self.remaining()).finish()
    }
}
