//! Reads that lag behind writes.

use crate::model::Time;

/// A value whose readers see a change only some time after it was made.
#[derive(Debug)]
pub(super) struct Lagging<T> {
    value: T,
    /// What readers saw before each change, and until when they still may.
    past: Vec<(Time, T)>,
}

impl<T: Clone> Lagging<T> {
    pub(super) fn new(value: T) -> Self {
        Self { value, past: Vec::new() }
    }

    /// What is true.
    pub(super) fn truth(&self) -> &T {
        &self.value
    }

    /// What is true, for changes that ECS makes by itself: whoever sees the value sees them.
    pub(super) fn truth_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// The value, for a change that readers see at `visible`.
    pub(super) fn change(&mut self, visible: Time, now: Time) -> &mut T {
        self.forget(now);
        if visible > now {
            self.past.push((visible, self.value.clone()));
        }
        &mut self.value
    }

    /// What a reader sees.
    pub(super) fn seen(&self, now: Time) -> &T {
        self.past.iter().find(|(until, _)| *until > now).map_or(&self.value, |(_, before)| before)
    }

    /// When what readers see changes next.
    pub(super) fn next_due(&self, now: Time) -> Option<Time> {
        self.past.iter().map(|(until, _)| *until).find(|until| *until > now)
    }

    fn forget(&mut self, now: Time) {
        self.past.retain(|(until, _)| *until > now);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> Time {
        Time(Duration::from_secs(seconds))
    }

    #[test]
    fn readers_see_each_change_after_its_lag() {
        let mut value = Lagging::new(1);
        *value.change(at(10), at(8)) = 2;
        *value.change(at(11), at(9)) = 3;
        assert_eq!(*value.truth(), 3);
        assert_eq!([9, 10, 11].map(|time| *value.seen(at(time))), [1, 2, 3]);
        assert_eq!(value.next_due(at(10)), Some(at(11)));
    }
}
