//! Service events.

use std::collections::VecDeque;

use crate::model::{Ids, Time};

/// What ECS tells of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// When it happened.
    pub created_at: Time,
    /// What happened.
    pub message: String,
}

/// The last events of a service, the newest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Events(VecDeque<Event>);

impl Events {
    const KEPT: usize = 100;

    pub(super) fn tell(&mut self, message: String, ids: &mut Ids, now: Time) {
        self.0.push_front(Event { id: ids.uuid(), created_at: now, message });
        self.0.truncate(Self::KEPT);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Event> {
        self.0.iter()
    }
}
