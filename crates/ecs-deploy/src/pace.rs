//! How often something is asked: quick to see a change, few calls on a long wait.

use std::time::Duration;

const QUICK: Duration = Duration::from_millis(500);
const SLOW: Duration = Duration::from_secs(5);

/// The waits between polls: they grow while nothing changes, and start again when something does.
pub(crate) struct Pace<T> {
    last: Option<T>,
    wait: Duration,
}

impl<T: PartialEq> Pace<T> {
    pub(crate) fn new() -> Self {
        Self { last: None, wait: QUICK }
    }

    /// Takes what was seen; tells whether it is news.
    pub(crate) fn see(&mut self, seen: T) -> bool {
        let news = self.last.as_ref() != Some(&seen);
        self.wait = if news { QUICK } else { (self.wait * 5 / 4).min(SLOW) };
        self.last = Some(seen);
        news
    }

    /// How long to wait before the next look.
    pub(crate) fn wait(&self) -> Duration {
        self.wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_while_nothing_changes_and_start_again_with_news() {
        let mut pace = Pace::new();
        assert!(pace.see(1));
        assert_eq!(pace.wait(), QUICK);
        for _ in 0..20 {
            assert!(!pace.see(1));
        }
        assert_eq!(pace.wait(), SLOW);
        assert!(pace.see(2));
        assert_eq!(pace.wait(), QUICK);
    }
}
