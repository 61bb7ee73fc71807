//! As many rounds as are asked for:
//!
//! ```text
//! cargo test -p ecs-deploy-cli --test program -- --ignored --nocapture strikes rounds=100 seed=7
//! ```
//!
//! Without a seed the clock gives one. A round that fails is told with the command that plays it alone.

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::StreamExt;
use futures_util::stream;

use super::lot::Lot;
use super::round::Undisturbed;

/// How many rounds are played if no number is given.
const ROUNDS: u64 = 100;

/// How many are played at once: as many as there is room for sandboxes.
const AT_ONCE: usize = 4;

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Terms {
    seed: u64,
    first: u64,
    rounds: u64,
}

impl Terms {
    /// What stands on the command line beside the names of tests, which is all that the test harness
    /// takes `seed=7` for.
    fn of(arguments: &[String], clock: u64) -> Self {
        let number = |name: &str| {
            let given = arguments.iter().find_map(|it| it.strip_prefix(name)?.strip_prefix('='))?;
            Some(given.parse().unwrap_or_else(|_| panic!("{name}={given} is no number")))
        };
        let seed = number("seed").unwrap_or(clock);
        match number("round") {
            Some(first) => Self { seed, first, rounds: 1 },
            None => Self { seed, first: 0, rounds: number("rounds").unwrap_or(ROUNDS) },
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; a few rounds are played every time"]
async fn many_deploys_are_struck_and_gone_on_with_and_nobody_is_cut_off() {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let terms = Terms::of(&std::env::args().collect::<Vec<_>>(), clock);
    let Terms { seed, first, rounds } = terms;
    say(&format!("seed={seed}, {rounds} rounds"));
    let undisturbed = Undisturbed::known().await;
    let play = |round| {
        let lot = Lot::drawn(seed, round);
        let failed = Failed { seed, round };
        async move {
            say(&format!("round {round}: {}", undisturbed.compare(lot).await));
            failed.did_not();
        }
    };
    stream::iter(first..first + rounds).map(play).buffer_unordered(AT_ONCE).count().await;
    say(&format!("{rounds} rounds of seed={seed}, 0 failed"));
}

/// Tells of a round that did not come to its end.
struct Failed {
    seed: u64,
    round: u64,
}

impl Failed {
    fn did_not(self) {
        std::mem::forget(self);
    }
}

impl Drop for Failed {
    fn drop(&mut self) {
        let Self { seed, round } = self;
        say(&format!(
            "round {round} did not end well, or was broken off: strikes seed={seed} round={round}"
        ));
    }
}

#[allow(clippy::print_stdout, reason = "the rounds are for whoever plays them")]
fn say(line: &str) {
    println!("{line}");
}

#[test]
fn the_terms_stand_among_the_names_of_tests() {
    let of =
        |line: &str| Terms::of(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>(), 5);
    assert_eq!(of("--ignored strikes"), Terms { seed: 5, first: 0, rounds: ROUNDS });
    assert_eq!(of("strikes rounds=3 seed=7"), Terms { seed: 7, first: 0, rounds: 3 });
    assert_eq!(of("strikes seed=7 round=31"), Terms { seed: 7, first: 31, rounds: 1 });
}
