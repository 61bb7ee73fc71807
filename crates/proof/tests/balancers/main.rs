//! Random balancers of fixed seeds.

use std::thread;

use ecs_deploy_proof::balancers::{Kind, Outcome, run};
use ecs_deploy_proof::schedules::Tally;

/// How many seeds are looked at each time, from 0.
const SAMPLE: u64 = 400;

/// Runs the balancers of the seeds, on two threads.
fn run_all(count: u64) -> Vec<(u64, Outcome)> {
    let some = |first: u64| -> Vec<_> {
        (first..count).step_by(2).map(|seed| (seed, run(seed))).collect()
    };
    thread::scope(|scope| {
        let odd = scope.spawn(move || some(1));
        let mut all = some(0);
        all.extend(odd.join().expect("a balancer's panics are caught"));
        all
    })
}

#[test]
fn what_is_said_of_rules_is_what_requests_meet() {
    let (mut kinds, mut moved_ever) = (Tally::default(), 0);
    for (seed, Outcome { kinds: own, moved, violations, .. }) in run_all(SAMPLE) {
        moved_ever += moved;
        let replay = format!("proof balancers --from {seed} --count 1");
        assert!(violations.is_empty(), "{replay}\n{}", violations.join("\n"));
        kinds.add(&own);
    }
    assert!(moved_ever > SAMPLE, "{moved_ever}");
    let missing: Vec<_> =
        Kind::must().filter(|kind| !kinds.0.contains_key(&kind.to_string())).collect();
    assert!(missing.is_empty(), "{missing:?} are not among {kinds}");
}

#[test]
fn a_seed_is_the_same_balancer_each_time() {
    for seed in 0..10 {
        let [one, other] = [run(seed), run(seed)];
        assert_eq!((one.kinds, one.requests), (other.kinds, other.requests), "{seed}");
    }
}
