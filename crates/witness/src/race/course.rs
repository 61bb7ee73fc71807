//! The race as a whole.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::racer::Programs;
use super::seat::{Seat, Tale};
use super::tenure::{Side, Tenure};

/// Clients of each language.
const CLIENTS: u64 = 16;

/// The locks that they race for.
const LOCKS: usize = 8;

/// A race in which nothing has changed hands for so long is stuck.
const STUCK: Duration = Duration::from_secs(60);

/// When a race is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// After this time.
    Time(Duration),
    /// After so many hand-overs.
    HandOvers(usize),
}

/// A race and its state.
pub(crate) struct Course {
    pub(super) programs: Programs,
    pub(super) seed: u64,
    pub(super) locks: usize,
    holders: Mutex<BTreeMap<String, (&'static str, u64)>>,
    hand_overs: AtomicUsize,
    over: AtomicBool,
}

/// What all clients told.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(super) tenures: Vec<Tenure>,
    pub(super) faults: Vec<String>,
}

impl Course {
    pub(crate) fn new(programs: Programs, seed: u64) -> Self {
        let (holders, hand_overs, over) = Default::default();
        Self { programs, seed, locks: LOCKS, holders, hand_overs, over }
    }

    /// Lets the clients race until the goal is reached.
    pub(crate) fn run(&self, goal: Goal) -> Record {
        thread::scope(|scope| {
            let seats = Side::BOTH
                .into_iter()
                .flat_map(|side| (0..CLIENTS).map(move |number| Seat::new(self, side, number)));
            let racing: Vec<_> = seats.map(|seat| scope.spawn(|| seat.race())).collect();
            let faults = self.watch(goal);
            self.end();
            let mut record = Record { faults, ..Record::default() };
            for seat in racing {
                record.add(seat.join());
            }
            record
        })
    }

    fn watch(&self, goal: Goal) -> Vec<String> {
        let begin = Instant::now();
        let mut last = (0, begin);
        while !self.is_over() && !self.reached(goal, begin) {
            thread::sleep(Duration::from_millis(100));
            let hand_overs = self.hand_overs.load(Ordering::Relaxed);
            if hand_overs != last.0 {
                last = (hand_overs, Instant::now());
            }
            if last.1.elapsed() > STUCK {
                return vec![format!("stuck after {hand_overs} hand-overs")];
            }
        }
        Vec::new()
    }

    fn reached(&self, goal: Goal, begin: Instant) -> bool {
        match goal {
            Goal::Time(time) => begin.elapsed() >= time,
            Goal::HandOvers(enough) => self.hand_overs.load(Ordering::Relaxed) >= enough,
        }
    }

    /// Counts the hand-over, if the lock was last with another client.
    pub(super) fn acquired(&self, lock: &str, side: Side, seat: u64) {
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        let before = holders.insert(lock.to_owned(), (side.name(), seat));
        if before.is_some_and(|before| before != (side.name(), seat)) {
            self.hand_overs.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

impl Record {
    fn add(&mut self, told: thread::Result<Tale>) {
        match told {
            Ok(tale) => {
                self.tenures.extend(tale.tenures);
                self.faults.extend(tale.faults);
            }
            Err(_) => self.faults.push("a seat was given up".into()),
        }
    }
}
