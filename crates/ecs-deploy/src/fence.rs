//! The fence: no call that changes anything leaves without a lease that outlasts it.

use std::time::Duration;

/// How long one attempt of a mutating call may take, credentials included.
pub const ATTEMPT_LIMIT: Duration = Duration::from_secs(5);

/// The right to change something, which only a live lease gives.
///
/// It is checked when an attempt begins and once more right before each transmission. AWS itself
/// can't be fenced: what remains is a pause of the process between that last check and the socket.
#[derive(Debug, Clone)]
pub struct Permit {
    validity: dynamolock::Validity,
}

impl Permit {
    /// A permit for as long as the lease lives that the validity is of.
    pub fn new(validity: dynamolock::Validity) -> Self {
        Self { validity }
    }

    /// Whether an attempt still fits in the lease that is left.
    ///
    /// # Errors
    /// [`Expired`] when it does not: nothing may be sent.
    pub fn check(&self) -> Result<(), Expired> {
        let left = self.validity.remaining();
        if left < ATTEMPT_LIMIT { Err(Expired { left }) } else { Ok(()) }
    }
}

/// The lease that is left is too short for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the lock's lease has {left:?} left, less than an attempt may take")]
pub struct Expired {
    /// What is left of the lease.
    pub left: Duration,
}
