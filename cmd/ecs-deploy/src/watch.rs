//! What the end of a deploy has to tell and only its events know.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use ecs_deploy::cloud::Artifact;
use ecs_deploy::event::{Event, EventKind, EventSink};
use ecs_deploy::steps::Step;

/// Notes a few facts of the events that it hands on.
pub(crate) struct Watch<'a> {
    next: &'a dyn EventSink,
    seen: Mutex<Seen>,
}

/// What was noted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// What is deployed, or rolled back.
    pub(crate) artifact: Option<Artifact>,
    /// When the swap began, in this run.
    pub(crate) swap_began: Option<Instant>,
    /// When it was known to have taken place.
    pub(crate) swap_ended: Option<Instant>,
}

impl<'a> Watch<'a> {
    /// Hands events on to `next`.
    pub(crate) fn new(next: &'a dyn EventSink) -> Self {
        Self { next, seen: Mutex::default() }
    }

    /// What was noted so far.
    pub(crate) fn seen(&self) -> Seen {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventSink for Watch<'_> {
    fn emit(&self, event: Event) {
        match &event.kind {
            EventKind::Planned { artifact, .. } | EventKind::RollingBack { artifact, .. } => {
                self.lock().artifact = Some(artifact.clone());
            }
            EventKind::StepStarted { step: Step::Swap, .. } => {
                self.lock().swap_began = Some(Instant::now());
            }
            EventKind::StepFinished { step: Step::Swap, .. } => {
                self.lock().swap_ended = Some(Instant::now());
            }
            _ => {}
        }
        self.next.emit(event);
    }
}
