//! How far a run came and what it changed, for the one who asks when it is over.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::effect::Effect;
use crate::error::Change;
use crate::steps::Step;

/// How far a run came.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    /// The step that this run began last; a resumed row may tell of a later one.
    pub step: Step,
    /// What this run changed, in order.
    pub changed: Vec<Change>,
    /// What a person should know if it ends well.
    pub notes: Vec<String>,
}

/// Takes note of it, even if the run is dropped in the middle of a call.
#[derive(Debug)]
pub(crate) struct Progress(Mutex<Reached>);

impl Progress {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Reached { step: Step::Lock, changed: Vec::new(), notes: Vec::new() }))
    }

    pub(crate) fn reached(&self) -> Reached {
        self.lock().clone()
    }

    pub(crate) fn enter(&self, step: Step) {
        self.lock().step = step;
    }

    /// Keeps what a person should know if it ends well.
    pub(crate) fn note(&self, note: String) {
        self.lock().notes.push(note);
    }

    /// Notes a change that perhaps takes place from now on, whatever becomes of the call. Tells
    /// whether it is the first attempt at it.
    pub(crate) fn expect(&self, effect: &Effect) -> bool {
        let changed = &mut self.lock().changed;
        let is_first = changed.last().is_none_or(|last| last.effect != *effect);
        if is_first {
            changed.push(Change { effect: effect.clone(), certain: false });
        }
        is_first
    }

    /// The change that was noted last certainly did not take place.
    pub(crate) fn withdraw(&self) {
        self.lock().changed.pop();
    }

    /// An effect is in place: if this run applied it, that is certain now.
    pub(crate) fn confirm(&self, effect: &Effect) {
        let changed = &mut self.lock().changed;
        if let Some(last) = changed.last_mut().filter(|last| last.effect == *effect) {
            last.certain = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Reached> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
