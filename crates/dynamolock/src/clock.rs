use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// The time by which leases are counted.
///
/// It must never go back and must not stand still while the machine is suspended: a holder that
/// wakes up has to see that its lease is over.
pub trait Clock: Send + Sync {
    /// The time since a start that is arbitrary, but the same for all calls.
    fn now(&self) -> Duration;
}

/// The machine's clock since boot, time in suspend included on Linux (`CLOCK_BOOTTIME`).
///
/// Elsewhere it is `CLOCK_MONOTONIC`, which on some systems stands still in suspend.
#[derive(Clone, Copy, Debug, Default)]
pub struct BootClock;

impl BootClock {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const ID: ClockId = ClockId::CLOCK_BOOTTIME;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const ID: ClockId = ClockId::CLOCK_MONOTONIC;
}

impl Clock for BootClock {
    /// # Panics
    ///
    /// If the system does not have the clock, which every supported one has: without a clock no
    /// answer would be safe for both a holder and a waiter.
    fn now(&self) -> Duration {
        clock_gettime(Self::ID).expect("the system has a clock since boot").into()
    }
}

/// Tokio's clock, which a test can pause and advance.
///
/// It stands still in suspend, so it is for tests and simulations.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    start: tokio::time::Instant,
}

impl TokioClock {
    /// A clock that starts at zero now.
    pub fn new() -> Self {
        Self { start: tokio::time::Instant::now() }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_since_boot_does_not_go_back() {
        let first = BootClock.now();
        assert!(first > Duration::ZERO);
        assert!(BootClock.now() >= first);
    }

    #[tokio::test(start_paused = true)]
    async fn the_tokio_clock_follows_virtual_time() {
        let clock = TokioClock::new();
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.now(), Duration::from_secs(90));
    }
}
