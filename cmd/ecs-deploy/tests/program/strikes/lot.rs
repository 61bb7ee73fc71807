//! What befalls a deploy, and when, the same for the same seed.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

/// How long after a call was sent something may happen at most: its answer is there by then.
const AFTER_CALL: u64 = 40;

/// What befalls a deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strike {
    /// `kill -9`.
    Killed,
    /// SIGTERM.
    AskedToEnd,
    /// SIGSTOP for longer than the lease, in which nobody else comes.
    Stopped,
    /// SIGSTOP until another has gone on with it.
    Overtaken,
    /// AWS is silent for half a minute.
    CutOff,
}

/// What befalls the deploy of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lot {
    pub(super) strike: Strike,
    /// After which call, in thousandths of those that a deploy makes once it has the lock.
    share: usize,
    /// How long after that.
    pub(super) after: Duration,
}

impl Lot {
    /// What a round of a seed draws.
    pub(super) fn drawn(seed: u64, round: u64) -> Self {
        let mut rng = rng(seed, round);
        // Most are killed: that is over soonest.
        let strike = match rng.u8(0..10) {
            0..5 => Strike::Killed,
            5..7 => Strike::AskedToEnd,
            7 => Strike::Stopped,
            8 => Strike::Overtaken,
            _ => Strike::CutOff,
        };
        Self::of(strike, &mut rng)
    }

    /// A moment for something that is settled.
    pub(super) fn of(strike: Strike, rng: &mut Rng) -> Self {
        let after = Duration::from_millis(rng.u64(0..AFTER_CALL));
        Self { strike, share: rng.usize(0..1000), after }
    }

    /// Which of the calls it is, of `calls` with the lock after `first` without it.
    pub(super) fn call(&self, first: usize, calls: usize) -> usize {
        first + 1 + calls * self.share / 1000
    }
}

/// The lots of a round.
pub(super) fn rng(seed: u64, round: u64) -> Rng {
    let mut seeds = Rng::with_seed(seed);
    let of_seed = seeds.u64(..);
    Rng::with_seed(of_seed ^ round)
}

impl fmt::Display for Lot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = self.share as f64 / 10.0;
        write!(f, "{:?} at {share} % of its calls and {:?}", self.strike, self.after)
    }
}

#[test]
fn a_seed_and_a_round_determine_what_happens_and_everything_does() {
    let lots = |seed| (0..200).map(move |round| Lot::drawn(seed, round));
    assert!(lots(7).eq(lots(7)) && !lots(7).eq(lots(8)));
    use Strike::{AskedToEnd, CutOff, Killed, Overtaken, Stopped};
    for strike in [Killed, AskedToEnd, Stopped, Overtaken, CutOff] {
        assert!(lots(7).any(|lot| lot.strike == strike), "{strike:?}");
    }
    let last = lots(7).map(|lot| lot.call(10, 60)).max();
    assert!(last.is_some_and(|last| (60..=70).contains(&last)), "{last:?}");
}
