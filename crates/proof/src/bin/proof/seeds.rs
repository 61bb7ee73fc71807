//! Ranges of seeds, run on threads.

use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use clap::Args;

/// How often a run reports its progress.
const TELL: Duration = Duration::from_secs(30);

/// Which seeds are run, and on how many threads.
#[derive(Debug, Clone, Args)]
pub(crate) struct Seeds {
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    pub(crate) from: u64,
    /// How many seeds.
    #[arg(long)]
    pub(crate) count: NonZeroU64,
    /// How many threads run them.
    #[arg(long, default_value = "1")]
    pub(crate) threads: NonZeroUsize,
}

/// More seeds than there are numbers.
#[derive(Debug, thiserror::Error)]
#[error("there are no {count} seeds from {from} on")]
pub(crate) struct NoSuchSeeds {
    from: u64,
    count: NonZeroU64,
}

/// What the outcomes of seeds add up to.
pub(crate) trait Totals: Default + Send {
    /// What a seed leads to.
    type Outcome;
    /// What is run, in the plural.
    const WHAT: &'static str;

    fn add(&mut self, outcome: Self::Outcome);
    fn ran(&self) -> u64;
    /// In how many something did not hold.
    fn violated(&self) -> u64;
}

impl Seeds {
    /// The seed after the last one.
    pub(crate) fn end(&self) -> Result<u64, NoSuchSeeds> {
        let &Self { from, count, .. } = self;
        from.checked_add(count.get()).ok_or(NoSuchSeeds { from, count })
    }

    /// Runs each seed, and adds the outcomes up.
    pub(crate) fn run<T: Totals>(
        &self,
        one: impl Fn(u64) -> T::Outcome + Sync,
    ) -> Result<T, NoSuchSeeds> {
        let end = self.end()?;
        let totals = Mutex::new(T::default());
        let next = AtomicU64::new(self.from);
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= end {
                    return;
                }
                let outcome = one(seed);
                lock(&totals).add(outcome);
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..self.threads.get()).map(|_| scope.spawn(work)).collect();
            self.watch(&totals, || workers.iter().all(ScopedJoinHandle::is_finished));
        });
        Ok(totals.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// Tells how far the run is, until it has ended.
    fn watch<T: Totals>(&self, totals: &Mutex<T>, is_over: impl Fn() -> bool) {
        let begun = Instant::now();
        let mut told = begun;
        while !is_over() {
            thread::sleep(Duration::from_millis(50));
            if told.elapsed() >= TELL {
                told = Instant::now();
                let (ran, violated) = {
                    let totals = lock(totals);
                    (totals.ran(), totals.violated())
                };
                let (count, what) = (self.count, T::WHAT);
                let pace = ran as f64 / begun.elapsed().as_secs_f64();
                progress(&format!("{ran} of {count} {what}, {pace:.0}/s, {violated} violated"));
            }
        }
    }
}

fn lock<T>(totals: &Mutex<T>) -> MutexGuard<'_, T> {
    totals.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[allow(clippy::print_stderr, reason = "progress is shown to the person who waits")]
fn progress(what: &str) {
    eprintln!("{what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default)]
    struct Sum(Vec<u64>);

    impl Totals for Sum {
        type Outcome = u64;
        const WHAT: &'static str = "numbers";

        fn add(&mut self, outcome: u64) {
            self.0.push(outcome);
        }

        fn ran(&self) -> u64 {
            self.0.len() as u64
        }

        fn violated(&self) -> u64 {
            0
        }
    }

    fn seeds(from: u64, count: u64) -> Seeds {
        Seeds { from, count: NonZeroU64::new(count).unwrap(), threads: NonZeroUsize::MIN }
    }

    #[test]
    fn each_seed_is_run_once() {
        let Sum(mut ran) = seeds(5, 7).run(|seed| seed).unwrap();
        ran.sort_unstable();
        assert_eq!(ran, (5..12).collect::<Vec<_>>());
    }

    #[test]
    fn seeds_beyond_the_last_number_are_refused_instead_of_run_in_part() {
        assert_eq!(seeds(5, 7).end().unwrap(), 12);
        let refused = seeds(u64::MAX, 1).run::<Sum>(|seed| seed).unwrap_err().to_string();
        assert_eq!(refused, format!("there are no 1 seeds from {} on", u64::MAX));
    }
}
