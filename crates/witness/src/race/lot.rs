//! What a race decides by lot, the same for the same seed.

use std::ops::Range;
use std::time::Duration;

/// How one holder's round ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It releases the lock.
    Release,
    /// It is killed this long after it acquired the lock.
    Kill(Duration),
    /// It is stopped this long after it acquired the lock, and goes on after a pause.
    Stop { after: Duration, pause: Duration },
}

/// One round of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Round {
    pub(super) lock: usize,
    pub(super) hold: Duration,
    pub(super) fate: Fate,
}

/// How a client holds locks and waits for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) lease: Duration,
    pub(super) heartbeat: Duration,
    pub(super) refresh: Duration,
}

/// A sequence of numbers that a seed determines (splitmix64).
#[derive(Debug, Clone)]
pub(super) struct Lots(u64);

impl Lots {
    /// The lots of one seat in the race of a seed.
    pub(super) fn of(seed: u64, seat: u64) -> Self {
        let mut lots = Self(seed ^ seat.wrapping_mul(0xA076_1D64_78BD_642F));
        lots.next();
        lots
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn milliseconds(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(range.start + self.below(range.end - range.start))
    }

    pub(super) fn terms(&mut self) -> Terms {
        let lease = self.milliseconds(300..1001);
        Terms { lease, heartbeat: lease / 4, refresh: self.milliseconds(20..60) }
    }

    /// Of 100 holders 6 are killed and 6 are stopped past their lease; of the others some hold the
    /// lock for so long that they need heartbeats.
    pub(super) fn round(&mut self, locks: usize, lease: Duration) -> Round {
        let lock = self.below(locks as u64) as usize;
        let long = lease.as_millis() as u64;
        match self.below(100) {
            0..6 => self.ended(lock, lease, Fate::Kill),
            6..12 => {
                let pause = lease + self.milliseconds(50..long);
                self.ended(lock, lease, |after| Fate::Stop { after, pause })
            }
            12..18 => Round { lock, hold: self.milliseconds(long..2 * long), fate: Fate::Release },
            _ => Round { lock, hold: self.milliseconds(0..50), fate: Fate::Release },
        }
    }

    /// A round in which something happens to the holder before it releases the lock.
    fn ended(&mut self, lock: usize, lease: Duration, fate: impl Fn(Duration) -> Fate) -> Round {
        let after = self.milliseconds(0..lease.as_millis() as u64);
        Round { lock, hold: 2 * lease, fate: fate(after) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(seed: u64, seat: u64) -> Vec<Round> {
        let mut lots = Lots::of(seed, seat);
        let terms = lots.terms();
        (0..1000).map(|_| lots.round(8, terms.lease)).collect()
    }

    #[test]
    fn a_seed_and_a_seat_determine_all_rounds() {
        assert_eq!(rounds(1, 2), rounds(1, 2));
        assert_ne!(rounds(1, 2), rounds(1, 3));
        assert_ne!(rounds(1, 2), rounds(2, 2));
    }

    #[test]
    fn every_lock_is_raced_for_and_every_fate_is_met() {
        let rounds = rounds(7, 0);
        assert!((0..8).all(|lock| rounds.iter().any(|round| round.lock == lock)));
        let killed = rounds.iter().filter(|round| matches!(round.fate, Fate::Kill(_))).count();
        let stopped = rounds.iter().filter(|round| matches!(round.fate, Fate::Stop { .. })).count();
        assert!(killed > 30 && stopped > 30, "{killed} killed, {stopped} stopped");
    }

    #[test]
    fn who_is_stopped_is_stopped_past_the_lease() {
        let mut lots = Lots::of(3, 3);
        let lease = lots.terms().lease;
        let fates = (0..1000).map(|_| lots.round(8, lease).fate);
        let pauses: Vec<Duration> = fates
            .filter_map(|fate| match fate {
                Fate::Stop { pause, .. } => Some(pause),
                _ => None,
            })
            .collect();
        assert!(!pauses.is_empty() && pauses.iter().all(|pause| *pause > lease));
    }
}
