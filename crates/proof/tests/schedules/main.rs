//! Random schedules of fixed seeds: a sample, and those that once found a defect.

use std::num::NonZeroUsize;
use std::thread;

use ecs_deploy_proof::schedules::{Outcome, Scene, Tally, Trace, intrude, run};
use ecs_deploy_proof::{Milestone, Reached, Why};

/// Seeds that found a defect, each with a word of what it was. They mean something only for as long as
/// schedules are drawn as they were then; what they found has a test of its own, too.
const FOUND: &str = include_str!("found.txt");

/// How many seeds are looked at each time, from 0.
const SAMPLE: u64 = 40;

fn found() -> impl Iterator<Item = u64> {
    let lines = FOUND.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(' ').next().unwrap().parse().unwrap())
}

fn assert_nothing_violated(seed: u64, outcome: &Outcome) {
    let Outcome { violations, .. } = outcome;
    let replay = format!("proof schedules --from {seed} --count 1 --trace");
    assert!(violations.is_empty(), "{replay}\n{violations:#?}");
}

/// Runs the schedules of the seeds, on two threads.
fn run_all(seeds: Vec<u64>) -> Vec<(u64, Outcome)> {
    let some = |seeds: &[u64]| -> Vec<_> {
        seeds.iter().map(|seed| (*seed, run(*seed, Trace::Off))).collect()
    };
    let (one, other) = seeds.split_at(seeds.len() / 2);
    thread::scope(|scope| {
        let one = scope.spawn(|| some(one));
        let mut all = some(other);
        all.extend(one.join().expect("a schedule catches its panics"));
        all
    })
}

#[test]
fn nothing_is_violated_in_a_sample_that_meets_all_there_is() {
    let (mut endings, mut troubles) = (Tally::default(), Tally::default());
    for (seed, outcome) in run_all((0..SAMPLE).chain(found()).collect()) {
        assert_nothing_violated(seed, &outcome);
        endings.add(&outcome.endings);
        troubles.add(&outcome.troubles);
    }
    for ending in ["deploy: done", "deploy: died", "deploy: Interrupted", "rollback: done"] {
        assert!(endings.0.contains_key(ending), "no {ending} in {endings}");
    }
    for trouble in ["paused", "clock jumped", "hung", "answer lost", "SwapRules", "MarkAnother"] {
        assert!(troubles.0.contains_key(trouble), "no {trouble} in {troubles}");
    }
}

#[test]
fn a_seed_takes_the_same_course_each_time() {
    for seed in 0..4 {
        let [one, other] = [Trace::On, Trace::Off].map(|trace| run(seed, trace));
        assert_eq!(one.digest, other.digest, "{seed}");
        assert_ne!(one.digest, run(seed + 1, Trace::Off).digest, "{seed}");
    }
}

/// Of all calls, every so many at which somebody meddles.
const SAMPLE_OF_INTRUSIONS: usize = 16;

#[test]
fn whoever_meddles_at_whatever_moment_nothing_is_violated() {
    let stride = NonZeroUsize::new(SAMPLE_OF_INTRUSIONS).expect("it is not 0");
    let mut reached = Reached::default();
    for scene in Scene::ALL {
        for (intrusion, outcome) in intrude(scene, stride) {
            let Outcome { violations, .. } = outcome;
            assert!(violations.is_empty(), "{intrusion:?}\n{violations:#?}");
            reached.join(outcome.reached);
        }
    }
    let noticed = [Why::Meddled, Why::NewSetGone, Why::SwitchedOff, Why::Unfit, Why::NotRollable];
    let missing = reached.missing(noticed.map(Milestone::End).into_iter());
    assert!(missing.is_empty(), "{missing:?}");
}
