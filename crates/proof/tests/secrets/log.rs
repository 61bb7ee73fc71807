//! What an embedder's log hears of the library and of the SDK, at the most verbose level.

use std::fmt::{Debug, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static HEARD: Mutex<String> = Mutex::new(String::new());

fn lock() -> MutexGuard<'static, String> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hears everything from now on.
pub(crate) fn listen() {
    // Several tests begin with it, and one log is enough for all.
    let _ = tracing::subscriber::set_global_default(Log);
    tracing::trace!("the log hears");
    assert!(heard().contains("the log hears"));
}

/// What was heard so far, of all tests.
pub(crate) fn heard() -> String {
    lock().clone()
}

struct Log;

struct Words<'a>(&'a mut String);

impl Visit for Words<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut words = span.metadata().name().to_owned();
        span.record(&mut Words(&mut words));
        lock().push_str(&(words + "\n"));
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        let mut words = String::new();
        values.record(&mut Words(&mut words));
        lock().push_str(&(words + "\n"));
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = event.metadata().target().to_owned();
        event.record(&mut Words(&mut words));
        lock().push_str(&(words + "\n"));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}
