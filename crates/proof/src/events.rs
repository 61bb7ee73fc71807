//! Hears what a deploy tells, and acts on it.

use std::sync::Mutex;

use ecs_deploy::event::{Event, EventKind, EventSink};
use ecs_deploy::steps::Step;
use tokio_util::sync::CancellationToken;

/// What a deploy told, and what follows on a step of it.
#[derive(Debug, Default)]
pub struct Events {
    heard: Mutex<Vec<EventKind>>,
    cancel: Mutex<Option<(Step, CancellationToken)>>,
}

impl Events {
    /// Cancels a token when a step starts, or a later one.
    pub fn cancel_at(&self, step: Step, cancel: &CancellationToken) {
        *self.cancel.lock().expect("nobody panics while holding it") = Some((step, cancel.clone()));
    }

    /// What was told so far.
    pub fn heard(&self) -> Vec<EventKind> {
        self.heard.lock().expect("nobody panics while holding it").clone()
    }

    /// The warnings that were told.
    pub fn warnings(&self) -> Vec<String> {
        let warning = |event: &EventKind| match event {
            EventKind::Warning { message } => Some(message.clone()),
            _ => None,
        };
        let heard = self.heard.lock().expect("nobody panics while holding it");
        heard.iter().filter_map(warning).collect()
    }
}

impl EventSink for Events {
    fn emit(&self, event: Event) {
        if let EventKind::StepStarted { step, .. } = &event.kind
            && let Some((at, cancel)) =
                &*self.cancel.lock().expect("nobody panics while holding it")
            && at <= step
        {
            cancel.cancel();
        }
        self.heard.lock().expect("nobody panics while holding it").push(event.kind);
    }
}
