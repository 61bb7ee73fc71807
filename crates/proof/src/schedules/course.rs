//! What happened in a schedule: counted, digested and, where somebody wants to read it, told.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard};

use ecs_deploy::error::DeployError;
use tokio::time::Instant;

use crate::{Events, Reached};

/// Counts by what is counted; those of several schedules add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<String, u64>);

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, what: &str) {
        match self.0.get_mut(what) {
            Some(count) => *count += 1,
            None => _ = self.0.insert(what.to_owned(), 1),
        }
    }

    /// All counts together.
    pub fn sum(&self) -> u64 {
        self.0.values().sum()
    }

    /// Takes the counts of another in.
    pub fn add(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what.clone()).or_default() += count;
        }
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.0.iter().map(|(what, count)| format!("{what} {count}"));
        f.write_str(&counts.collect::<Vec<_>>().join(", "))
    }
}

/// Whether the course is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trace {
    /// Only its digest is kept.
    Off,
    /// Every line is.
    On,
}

/// Takes note of what happens; clones are the same course.
#[derive(Clone)]
pub(super) struct Course(Arc<Mutex<Notes>>);

struct Notes {
    begun: Instant,
    trace: Trace,
    digest: DefaultHasher,
    calls: u64,
    endings: Tally,
    troubles: Tally,
    reached: Reached,
    violations: Vec<String>,
    lines: Vec<String>,
}

/// What is left of a course.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub digest: u64,
    pub calls: u64,
    pub endings: Tally,
    pub troubles: Tally,
    pub reached: Reached,
    pub violations: Vec<String>,
    pub lines: Vec<String>,
}

impl Course {
    pub(super) fn new(trace: Trace) -> Self {
        Self(Arc::new(Mutex::new(Notes {
            begun: Instant::now(),
            trace,
            digest: DefaultHasher::new(),
            calls: 0,
            endings: Tally::default(),
            troubles: Tally::default(),
            reached: Reached::default(),
            violations: Vec::new(),
            lines: Vec::new(),
        })))
    }

    /// Notes a call as it leaves.
    pub(super) fn call(&self, who: &str, number: usize, operation: &str) {
        let mut notes = self.notes();
        notes.calls += 1;
        (who, number, operation).hash(&mut notes.digest);
        notes.tell(format_args!("{who} {number:3} {operation}"));
    }

    /// Notes what befalls the call that left last.
    pub(super) fn trouble(&self, name: &str, detail: &dyn fmt::Debug) {
        let mut notes = self.notes();
        notes.troubles.count(name);
        notes.tell(format_args!("      {detail:?}"));
    }

    /// Notes how a run of the program ended.
    pub(super) fn ending(&self, who: &str, ending: &str, why: impl Display) {
        let mut notes = self.notes();
        notes.endings.count(ending);
        (who, ending).hash(&mut notes.digest);
        notes.tell(format_args!("{who} ends: {ending}{why}"));
    }

    /// Notes why a run of the program ended, where it failed.
    pub(super) fn why(&self, error: &DeployError) {
        self.notes().reached.end(error);
    }

    /// Notes what runs of the program told.
    pub(super) fn hear(&self, events: &Events) {
        self.notes().reached.hear(events);
    }

    /// Notes something else.
    pub(super) fn tell(&self, what: impl Display) {
        self.notes().tell(format_args!("{what}"));
    }

    /// Notes what must not be.
    pub(super) fn violation(&self, what: impl Display) {
        let mut notes = self.notes();
        let at = notes.begun.elapsed();
        notes.violations.push(format!("{at:?}: {what}"));
        notes.tell(format_args!("VIOLATION: {what}"));
    }

    pub(super) fn end(&self) -> Told {
        let mut notes = self.notes();
        Told {
            digest: notes.digest.finish(),
            calls: notes.calls,
            endings: std::mem::take(&mut notes.endings),
            troubles: std::mem::take(&mut notes.troubles),
            reached: std::mem::take(&mut notes.reached),
            violations: std::mem::take(&mut notes.violations),
            lines: std::mem::take(&mut notes.lines),
        }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().expect("nobody panics while taking notes")
    }
}

impl Notes {
    /// Times are part of the digest: what happens later is another course.
    fn tell(&mut self, what: fmt::Arguments<'_>) {
        let at = self.begun.elapsed();
        at.hash(&mut self.digest);
        if self.trace == Trace::On {
            self.lines.push(format!("{:8.3} {what}", at.as_secs_f64()));
        }
    }
}
