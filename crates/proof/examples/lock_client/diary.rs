//! What the client tells: one line of JSON for each event, times in nanoseconds since boot.

use std::io::{self, Write, stdout};
use std::time::Duration;

use dynamolock::{BootClock, Clock, Validity};
use serde_json::{Value, json};

/// How far apart two readings of the clock may be to count as one.
const AT_ONCE: Duration = Duration::from_millis(1);

/// Since when and until when the lock is believed to be held.
pub(crate) struct Belief {
    pub(crate) from: Duration,
    pub(crate) until: Duration,
}

impl Belief {
    /// What the lease itself says now.
    pub(crate) fn of(validity: &Validity) -> Self {
        // The process can be stopped between two readings.
        loop {
            let from = BootClock.now();
            let until = from + validity.remaining();
            if BootClock.now() - from < AT_ONCE {
                return Self { from, until };
            }
        }
    }
}

pub(crate) fn acquired(lock: &str, belief: &Belief, found: Option<&[u8]>) -> io::Result<()> {
    let (from, until) = (nanos(belief.from), nanos(belief.until));
    let data = text(found.unwrap_or_default());
    write(&json!({"Event": "Acquired", "Lock": lock, "From": from, "Until": until, "Data": data}))
}

pub(crate) fn held(lock: &str, belief: &Belief) -> io::Result<()> {
    let (from, until) = (nanos(belief.from), nanos(belief.until));
    write(&json!({"Event": "Held", "Lock": lock, "From": from, "Until": until}))
}

pub(crate) fn writing(lock: &str, data: &str) -> io::Result<()> {
    write(&json!({"Event": "Writing", "Lock": lock, "Data": data}))
}

pub(crate) fn wrote(lock: &str, data: &str) -> io::Result<()> {
    write(&json!({"Event": "Wrote", "Lock": lock, "Data": data}))
}

pub(crate) fn leaving(lock: &str) -> io::Result<()> {
    write(&json!({"Event": "Leaving", "Lock": lock, "At": nanos(BootClock.now())}))
}

pub(crate) fn fault(reason: &str) -> io::Result<()> {
    write(&json!({"Event": "Fault", "Reason": reason}))
}

pub(crate) fn over() -> io::Result<()> {
    write(&json!({"Event": "Over"}))
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// In one piece, so that a killed process leaves no half of a line.
fn write(event: &Value) -> io::Result<()> {
    let mut stdout = stdout().lock();
    stdout.write_all(format!("{event}\n").as_bytes())?;
    stdout.flush()
}
