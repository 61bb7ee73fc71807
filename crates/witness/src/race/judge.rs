//! Holds what the clients told against each other.

mod data;
mod overlap;
mod shares;

use super::tenure::Tenure;
use crate::tally::Check;

/// The checks of a race that has been run.
pub(crate) fn judge(record: &super::course::Record) -> Vec<Check> {
    let mut tenures: Vec<&Tenure> = record.tenures.iter().collect();
    tenures.sort_by_key(|tenure| tenure.begin());
    let locks = by_lock(&tenures);
    let shares = shares::count(&locks);
    vec![
        Check { check: "every client did what it was told".into(), faults: record.faults.clone() },
        Check {
            check: format!("no two clients believe to hold a lock at once ({shares})"),
            faults: locks.iter().flat_map(|lock| overlap::faults(lock)).collect(),
        },
        Check {
            check: "who acquires a lock finds the data of its last holder".into(),
            faults: locks.iter().flat_map(|lock| data::faults(lock)).collect(),
        },
        Check {
            check: "each language has its share, and reads the other's data".into(),
            faults: shares.faults(),
        },
    ]
}

/// The tenures of each lock, in their order.
fn by_lock<'a>(tenures: &[&'a Tenure]) -> Vec<Vec<&'a Tenure>> {
    let mut locks = std::collections::BTreeMap::<&str, Vec<&Tenure>>::new();
    for tenure in tenures {
        locks.entry(&tenure.lock).or_default().push(tenure);
    }
    locks.into_values().collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::event::Belief;
    use super::super::tenure::{Side, Write};
    use super::*;

    /// Times in milliseconds.
    pub(super) fn tenure(side: Side, seat: u64, beliefs: &[(u64, u64)], found: &str) -> Tenure {
        let at = Duration::from_millis;
        let beliefs =
            beliefs.iter().map(|&(from, until)| Belief { from: at(from), until: at(until) });
        Tenure {
            side,
            seat,
            lock: "a".into(),
            found: found.into(),
            beliefs: beliefs.collect(),
            writes: Vec::new(),
            left: None,
        }
    }

    pub(super) fn wrote(mut tenure: Tenure, data: &str, answered: bool) -> Tenure {
        tenure.writes.push(Write { data: data.into(), answered });
        tenure
    }
}
