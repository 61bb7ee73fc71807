//! Every call of a deploy goes wrong once, in every way.

use ecs_deploy_proof::battery::{Fault, Scenario, Tally, Undisturbed, meet};

/// Of all pairs of faults, every so many that is looked at each time. A prime, so that every call of
/// both programs comes to be among them.
const SAMPLE: usize = 101;

#[test]
fn a_first_deploy_meets_every_fault_at_every_call() {
    survives(Scenario::First);
}

#[test]
fn a_deploy_with_prune_meets_every_fault_at_every_call() {
    survives(Scenario::Prune);
}

#[test]
fn a_rollback_meets_every_fault_at_every_call() {
    survives(Scenario::RollBack);
}

/// Asserts that a scenario ends as it would have, whatever befalls whichever call.
#[track_caller]
fn survives(scenario: Scenario) {
    let undisturbed = Undisturbed::of(scenario).expect("it holds what it must");
    let mut tally = Tally::default();
    tally.extend(meet(&undisturbed, &Fault::ALL));
    report(&tally);
    assert!(tally.violations.is_empty(), "{}", told(&tally));
}

/// The first violations, in words.
fn told(tally: &Tally) -> String {
    let (all, first) = (tally.violations.len(), tally.violations.iter().take(10));
    first.fold(format!("{all} violations\n"), |told, violation| format!("{told}{violation}\n"))
}

#[allow(clippy::print_stdout, reason = "the counts are for whoever runs the battery")]
fn report(tally: &Tally) {
    for (fault, endings) in &tally.faults {
        println!("{}: {endings:?}", fault.name());
    }
}
