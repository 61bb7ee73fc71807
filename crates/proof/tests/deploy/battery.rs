//! Every call of a deploy goes wrong once, in every way.

use std::num::NonZeroUsize;

use ecs_deploy_proof::battery::{
    Fault, Returns, Scenario, Tally, Undisturbed, meet, meet_and_go_back, meetings, must, pairs,
    pairs_going_back,
};

/// Of all runs of a scenario, every so many is run here, and all by the command `proof calls`. A prime, so
/// that a sample does not keep step with anything.
const SAMPLE: usize = 13;

/// The same for pairs of faults, of which there are a hundred times as many.
const SAMPLE_OF_PAIRS: usize = 199;

/// The same where the second is a rollback, which makes few calls.
const SAMPLE_OF_PAIRS_GOING_BACK: usize = 17;

/// Those whose every call meets every fault each time.
const WHOLE: [Scenario; 9] = [
    Scenario::First,
    Scenario::Prune,
    Scenario::Resume,
    Scenario::BadImage,
    Scenario::PreDeployFails,
    Scenario::PostDeployFails,
    Scenario::RollBack,
    Scenario::RollBackFailed,
    Scenario::RollBackEarly,
];

/// Those that are rolled back here after a sample of their faults, and how many belong to one of it;
/// after all of them by the command.
const ROLLED_BACK: [(Scenario, usize); 4] = [
    (Scenario::First, 29),
    (Scenario::Again, 29),
    (Scenario::BadImage, 17),
    (Scenario::PostDeployFails, 17),
];

#[test]
fn whatever_befalls_whichever_call_a_deploy_comes_to_the_end_of_an_undisturbed_one() {
    let mut tally = Tally::default();
    for scenario in Scenario::ALL {
        let undisturbed = Undisturbed::of(scenario).expect("it breaks no invariant");
        let stride = if WHOLE.contains(&scenario) { 1 } else { SAMPLE };
        let chosen: Vec<_> =
            meetings(&undisturbed, &Fault::ALL).into_iter().step_by(stride).collect();
        tally.extend(meet(&chosen));
    }
    assert_right(&tally);
    let missing = tally.reached.missing(must());
    assert!(missing.is_empty(), "it never happened, so nothing is known of it: {missing:?}");
}

#[test]
fn whatever_befell_a_deploy_a_rollback_lets_the_version_before_serve_again() {
    let mut tally = Tally::default();
    for (scenario, stride) in ROLLED_BACK {
        let undisturbed = Undisturbed::of(scenario).expect("it breaks no invariant");
        let returns = Returns::of(&undisturbed).expect("it goes back after a death");
        let chosen: Vec<_> =
            meetings(&undisturbed, &Fault::ALL).into_iter().step_by(stride).collect();
        tally.extend(meet_and_go_back(&chosen, &returns));
    }
    assert_right(&tally);
}

#[test]
fn a_second_fault_while_a_dead_deploy_is_gone_on_with_changes_nothing_about_its_end() {
    let stride = NonZeroUsize::new(SAMPLE_OF_PAIRS).expect("it is not 0");
    let mut tally = Tally::default();
    for scenario in [Scenario::Prune, Scenario::RollBack] {
        let undisturbed = Undisturbed::of(scenario).expect("it breaks no invariant");
        tally.extend(pairs(&undisturbed, stride));
    }
    assert_right(&tally);
}

#[test]
fn a_second_fault_while_a_dead_deploy_is_rolled_back_changes_nothing_about_what_serves() {
    let stride = NonZeroUsize::new(SAMPLE_OF_PAIRS_GOING_BACK).expect("it is not 0");
    let undisturbed = Undisturbed::of(Scenario::PostDeployFails).expect("it breaks no invariant");
    let runs = pairs_going_back(&undisturbed, stride).expect("it goes back after a death");
    let mut tally = Tally::default();
    tally.extend(runs);
    assert!(tally.runs() > 0, "nothing was run");
    assert_right(&tally);
}

#[track_caller]
fn assert_right(tally: &Tally) {
    report(tally);
    let told: Vec<String> = tally.violations.iter().take(10).map(ToString::to_string).collect();
    assert!(told.is_empty(), "{} violations: {}", tally.violations.len(), told.join("\n"));
}

#[allow(clippy::print_stdout, reason = "the counts are for whoever runs the battery")]
fn report(tally: &Tally) {
    println!("{} runs: {:?}", tally.runs(), tally.scenarios);
    for (fault, endings) in &tally.faults {
        println!("{}: {endings:?}", fault.name());
    }
}
