//! What a client tells, line by line.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// One line. All times are since boot, so that those of several processes can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "Event", rename_all_fields = "PascalCase")]
pub(super) enum Event {
    /// It has the lock, with the data that its last holder left.
    Acquired {
        lock: String,
        #[serde(flatten)]
        belief: Belief,
        #[serde(default)]
        data: String,
    },
    /// A heartbeat was answered.
    Held {
        #[serde(flatten)]
        belief: Belief,
    },
    /// It is about to write data.
    Writing { data: String },
    /// The data stand in the row.
    Wrote { data: String },
    /// It is about to release the lock, and believes no longer that it holds it.
    Leaving {
        #[serde(deserialize_with = "nanoseconds")]
        at: Duration,
    },
    /// Something went wrong that is no part of the race.
    Fault { reason: String },
    /// The round has ended, with the lock or without.
    Over,
}

/// From when until when a client may believe that it holds a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Belief {
    /// Since the answer to its write.
    #[serde(deserialize_with = "nanoseconds")]
    pub(super) from: Duration,
    /// A lease after the moment before that write.
    #[serde(deserialize_with = "nanoseconds")]
    pub(super) until: Duration,
}

fn nanoseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Event {
        serde_json::from_str(line).unwrap()
    }

    #[test]
    fn the_lines_of_both_languages_are_understood() {
        let belief = Belief { from: Duration::from_nanos(5), until: Duration::from_nanos(9) };
        let acquired = Event::Acquired { lock: "a".into(), belief, data: String::new() };
        assert_eq!(read(r#"{"Event":"Acquired","Lock":"a","From":5,"Until":9}"#), acquired);
        assert_eq!(
            read(r#"{"Data":"","Event":"Acquired","From":5,"Lock":"a","Until":9}"#),
            acquired
        );
        assert_eq!(
            read(r#"{"Event":"Held","Lock":"a","From":5,"Until":9}"#),
            Event::Held { belief }
        );
        assert_eq!(read(r#"{"Event":"Over"}"#), Event::Over);
    }
}
