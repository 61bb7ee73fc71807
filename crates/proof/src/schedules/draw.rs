//! What a schedule is made of, all of it drawn from one number.

use std::collections::BTreeMap;
use std::time::Duration;

use ecs_deploy::{CommandPolicy, Mode};
use ecs_deploy_sandbox::model::simulate::Behaviour;
use fastrand::Rng;

use super::meddling::Meddling;
use crate::Mishap;

/// The builds that are deployed in the storm; some of them never come up.
pub(super) const BUILDS: [&str; 3] = ["one", "two", "three"];

/// The build that always comes up, with which the shop is left.
pub(super) const GOOD: &str = "four";

/// Who deploys.
pub(super) const PEOPLE: [&str; 3] = ["ann", "bob", "cyd"];

/// Most faults are drawn among so many calls: a deploy makes about 80.
const CALLS: usize = 90;

/// A course of events that is yet to happen.
#[derive(Debug)]
pub(super) struct Schedule {
    /// How long reads may lag.
    pub lag: Duration,
    /// What is there at the beginning.
    pub beginning: Beginning,
    /// What becomes of the builds.
    pub builds: [Behaviour; BUILDS.len()],
    /// What each person does, one after the other.
    pub people: Vec<Vec<Visit>>,
    /// What is done behind the deployers' backs, each so long after the one before.
    pub meddling: Vec<(Duration, Meddling)>,
    /// How whoever goes on after the storm begins.
    pub recovery: Verb,
}

/// What is there before anybody deploys.
#[derive(Debug, Clone, Copy)]
pub(super) enum Beginning {
    /// Nothing runs yet.
    Empty,
    /// Version 0 serves.
    Serving,
    /// Another set stands on the other color, and a Go program left its row.
    Cluttered,
}

/// What somebody asks of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// A deploy of a build.
    Deploy(Mode, &'static str),
    /// A rollback.
    RollBack(CommandPolicy),
}

/// One run of the program.
#[derive(Debug)]
pub(super) struct Visit {
    /// How long after the one before.
    pub after: Duration,
    /// What is asked; `None` does what the run before advised.
    pub verb: Option<Verb>,
    /// How long it waits for another's deploy.
    pub wait: Duration,
    /// How far the machine's time of day is off, in seconds.
    pub clock_error: i64,
    /// What befalls which call.
    pub troubles: BTreeMap<usize, Trouble>,
    /// How its commands behave.
    pub commands: Temper,
    /// What else is drawn on the way: waits for answers, the fate of commands.
    pub seed: u64,
}

impl Visit {
    /// One that begins at once, and to which nothing happens but this.
    pub(super) fn at_once(verb: Verb, troubles: BTreeMap<usize, Trouble>) -> Self {
        Self {
            after: Duration::ZERO,
            verb: Some(verb),
            wait: Duration::ZERO,
            clock_error: 0,
            troubles,
            commands: Temper::Steady,
            seed: 0,
        }
    }
}

/// What befalls a run at a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trouble {
    /// On the network, or to the process.
    Mishap(Mishap),
    /// The clock by which it measures its lease jumps ahead of its timers, as after a suspend.
    ClockJump(Duration),
    /// Somebody meddles just before, if the call is one that shows it.
    ByHand(Meddling),
}

/// How commands behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Temper {
    /// They end well.
    Steady,
    /// Some fail, and some hang.
    Fickle,
}

impl Schedule {
    /// One in which nobody does anything.
    pub(super) fn calm(beginning: Beginning) -> Self {
        Self {
            lag: Duration::from_millis(500),
            beginning,
            builds: Default::default(),
            people: Vec::new(),
            meddling: Vec::new(),
            recovery: Verb::Deploy(Mode::Fresh, GOOD),
        }
    }

    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let people = rng.usize(2..=PEOPLE.len());
        Self {
            lag: Duration::from_millis(pick(&mut rng, [0, 500, 500, 1000, 2000])),
            beginning: pick(
                &mut rng,
                [Beginning::Empty, Beginning::Serving, Beginning::Serving, Beginning::Cluttered],
            ),
            builds: std::array::from_fn(|_| behaviour(&mut rng)),
            people: (0..people).map(|_| visits(&mut rng)).collect(),
            meddling: meddling(&mut rng),
            recovery: match rng.usize(0..4) {
                0 => Verb::RollBack(CommandPolicy::Run),
                1 => Verb::Deploy(Mode::StartOver, GOOD),
                _ => Verb::Deploy(Mode::Fresh, GOOD),
            },
        }
    }
}

fn pick<T: Copy, const N: usize>(rng: &mut Rng, among: [T; N]) -> T {
    among[rng.usize(0..N)]
}

/// Whether something happens that does so one time in `times`.
fn one_in(rng: &mut Rng, times: u32) -> bool {
    rng.u32(0..times) == 0
}

fn millis(rng: &mut Rng, range: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(rng.u64(range))
}

/// What becomes of a build. None is healthy and then ends: what serves would go with it, and no deploy
/// can know.
fn behaviour(rng: &mut Rng) -> Behaviour {
    let good = Behaviour::default();
    match rng.usize(0..8) {
        0 => Behaviour { pull_fails: Some("CannotPullContainerError: gone".into()), ..good },
        1 => Behaviour { healthy_after: None, exits: Some((millis(rng, 0..8000), 1)), ..good },
        2 => Behaviour { healthy_after: None, ..good },
        3 => Behaviour { healthy_after: Some(millis(rng, 0..10_000)), ..good },
        _ => good,
    }
}

fn meddling(rng: &mut Rng) -> Vec<(Duration, Meddling)> {
    let count = if one_in(rng, 2) { 0 } else { rng.usize(1..=3) };
    (0..count).map(|_| (millis(rng, 0..60_000), pick(rng, Meddling::ALL))).collect()
}

fn visits(rng: &mut Rng) -> Vec<Visit> {
    let count = rng.usize(1..=2);
    (0..count).map(|_| visit(rng)).collect()
}

fn visit(rng: &mut Rng) -> Visit {
    let after = match rng.usize(0..4) {
        0 => millis(rng, 0..500),
        1 => millis(rng, 0..60_000),
        _ => millis(rng, 0..15_000),
    };
    Visit {
        after,
        verb: (!one_in(rng, 2)).then(|| verb(rng)),
        wait: Duration::from_secs(pick(rng, [0, 0, 20, 120])),
        clock_error: if one_in(rng, 8) { rng.i64(-3600..3600) } else { 0 },
        troubles: troubles(rng),
        commands: Temper::Fickle,
        seed: rng.u64(..),
    }
}

fn verb(rng: &mut Rng) -> Verb {
    let mode = match rng.usize(0..6) {
        0 => return Verb::RollBack(CommandPolicy::Run),
        1 => Mode::Resume,
        2 => Mode::StartOver,
        _ => Mode::Fresh,
    };
    Verb::Deploy(mode, pick(rng, BUILDS))
}

fn troubles(rng: &mut Rng) -> BTreeMap<usize, Trouble> {
    let mut troubles = BTreeMap::new();
    for _ in 0..pick(rng, [0, 1, 1, 1, 2, 3]) {
        let (trouble, repeats) = trouble(rng);
        let first = rng.usize(0..CALLS);
        troubles.extend((first..first + repeats).map(|call| (call, trouble)));
    }
    troubles
}

/// Something that befalls a run, and at how many calls in a row.
fn trouble(rng: &mut Rng) -> (Trouble, usize) {
    let (mishap, repeats) = match rng.usize(0..11) {
        0 => (Mishap::Failed, rng.usize(1..=3)),
        1 => (Mishap::AnswerLost, rng.usize(1..=3)),
        2 => (Mishap::Hung, rng.usize(1..=2)),
        3 => (Mishap::Throttled, rng.usize(1..=8)),
        4 => (Mishap::DiesBefore, 1),
        5 | 6 => (Mishap::DiesAfter, 1),
        7 => (Mishap::Stopped, 1),
        8 => (Mishap::Paused(millis(rng, 1000..60_000)), 1),
        // Less than a lease outlasts each change by: later it could not be fenced.
        9 => (Mishap::Late(millis(rng, 100..4500)), 1),
        _ => return (Trouble::ClockJump(millis(rng, 1000..60_000)), 1),
    };
    (Trouble::Mishap(mishap), repeats)
}
