//! Hears what happens, and does something at a step.

use std::sync::{Arc, Mutex};

use ecs_deploy::event::{Event, EventKind, EventSink};
use ecs_deploy::steps::Step;

use super::faults::Fuse;

type Action = Box<dyn Fn() + Send + Sync>;

pub(crate) struct Events {
    heard: Mutex<Vec<EventKind>>,
    at_step: Mutex<Option<(Step, Action)>>,
    fuse: Arc<Fuse>,
}

impl Events {
    pub(crate) fn new(fuse: Arc<Fuse>) -> Self {
        Self { heard: Mutex::default(), at_step: Mutex::default(), fuse }
    }

    /// Does something when a step starts.
    pub(crate) fn at_step(&self, step: Step, action: impl Fn() + Send + Sync + 'static) {
        *self.at_step.lock().unwrap() = Some((step, Box::new(action)));
    }

    /// What was heard since the last time this was asked.
    pub(crate) fn take(&self) -> Vec<EventKind> {
        self.at_step.lock().unwrap().take();
        std::mem::take(&mut self.heard.lock().unwrap())
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let warning = |event: &EventKind| match event {
            EventKind::Warning { message } => Some(message.clone()),
            _ => None,
        };
        heard.iter().filter_map(warning).collect()
    }

    pub(crate) fn steps(&self) -> Vec<u8> {
        let heard = self.heard.lock().unwrap();
        let step = |event: &EventKind| match event {
            EventKind::StepStarted { step, .. } => Some(step.number()),
            _ => None,
        };
        heard.iter().filter_map(step).collect()
    }

    /// What was told of the course of the steps.
    pub(crate) fn notes(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let note = |event: &EventKind| match event {
            EventKind::StepProgress { detail, .. } | EventKind::StepFinished { detail, .. } => {
                Some(detail.to_string())
            }
            _ => None,
        };
        heard.iter().filter_map(note).collect()
    }

    pub(crate) fn retries(&self) -> usize {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|event| matches!(event, EventKind::Retrying { .. })).count()
    }
}

impl EventSink for Events {
    fn emit(&self, event: Event) {
        if self.fuse.is_blown() {
            return;
        }
        self.fuse.tick();
        if let EventKind::StepStarted { step, .. } = &event.kind
            && let Some((at, action)) = &*self.at_step.lock().unwrap()
            && at == step
        {
            action();
        }
        self.heard.lock().unwrap().push(event.kind);
    }
}
