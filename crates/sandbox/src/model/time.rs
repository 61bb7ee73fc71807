use std::time::Duration;

/// A moment of the cloud: the time since the Unix epoch, as its driver sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Duration);

impl Time {
    /// Seconds since the Unix epoch with a fraction, as AWS's JSON protocols write times.
    pub fn epoch_seconds(self) -> f64 {
        self.0.as_secs_f64()
    }

    /// How long `earlier` is past; nothing when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::ops::Add<Duration> for Time {
    type Output = Self;

    fn add(self, by: Duration) -> Self {
        Self(self.0 + by)
    }
}
