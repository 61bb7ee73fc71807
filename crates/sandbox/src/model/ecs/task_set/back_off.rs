//! How ECS slows down when tasks fail.

use std::time::Duration;

use crate::model::Time;

/// When the next task may be started after failures: each failure in a row doubles the wait.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BackOff {
    failures: u32,
    until: Option<Time>,
}

impl BackOff {
    const LONGEST: Duration = Duration::from_secs(15 * 60);

    pub(crate) fn failed(&mut self, first: Duration, now: Time) {
        let doubled = first.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        self.until = Some(now + doubled.min(Self::LONGEST));
    }

    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn allows_start(&self, now: Time) -> bool {
        self.until.is_none_or(|until| until <= now)
    }

    /// When starts are allowed again, if they are not.
    pub(crate) fn next_due(&self, now: Time) -> Option<Time> {
        self.until.filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let mut back_off = BackOff::default();
        let now = Time::default();
        let waits: Vec<u64> = (0..12)
            .map(|_| {
                back_off.failed(Duration::from_secs(1), now);
                back_off.next_due(now).unwrap().since(now).as_secs()
            })
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    }

    #[test]
    fn success_lets_the_next_task_start_at_once() {
        let mut back_off = BackOff::default();
        back_off.failed(Duration::from_secs(1), Time::default());
        assert!(!back_off.allows_start(Time::default()));
        assert!(back_off.allows_start(Time(Duration::from_secs(1))));
        back_off.reset();
        assert!(back_off.allows_start(Time::default()));
    }
}
