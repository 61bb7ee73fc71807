use super::*;
use crate::cloud::{CloudError, ErrorClass};
use crate::plan::Refusal;

fn denied() -> DeployError {
    CloudError::new("ecs:CreateTaskSet", ErrorClass::Denied, "no").into()
}

fn refused() -> DeployError {
    Refusal::NothingDesired { running: 1 }.into()
}

const OLD: Option<Serving> = Some(Serving::Old(Color::Green));
const NEW: Option<Serving> = Some(Serving::New(Color::Blue));

fn at(step: Step, untouched: bool, serving: Option<Serving>) -> End {
    End { step, recorded: step, untouched, serving }
}

#[test]
fn a_refused_resume_tells_of_its_own_step_and_not_of_the_one_on_record() {
    let end = |serving| End { recorded: Step::Primary, ..at(Step::Lock, true, serving) };
    assert_eq!(kind(&refused(), &end(OLD)), FailureKind::Refused);
    assert_eq!(kind(&refused(), &end(NEW)), FailureKind::AfterSwap);
    assert_eq!(kind(&refused(), &end(None)), FailureKind::AfterSwap);
}

#[test]
fn before_the_swap_users_saw_nothing() {
    for step in (1..9).map(|number| Step::try_from(number).unwrap()) {
        assert_eq!(kind(&denied(), &at(step, false, OLD)), FailureKind::BeforeSwap);
        assert_eq!(kind(&denied(), &at(step, false, None)), FailureKind::BeforeSwap);
    }
}

#[test]
fn at_the_swap_what_serves_decides_and_doubt_counts_as_swapped() {
    assert_eq!(kind(&denied(), &at(Step::Swap, false, OLD)), FailureKind::BeforeSwap);
    assert_eq!(kind(&denied(), &at(Step::Swap, false, NEW)), FailureKind::AfterSwap);
    assert_eq!(kind(&denied(), &at(Step::Swap, false, None)), FailureKind::AfterSwap);
}

#[test]
fn past_the_swap_users_see_the_new_version_or_may() {
    for step in (10..=13).map(|number| Step::try_from(number).unwrap()) {
        for serving in [OLD, NEW, None] {
            assert_eq!(kind(&denied(), &at(step, false, serving)), FailureKind::AfterSwap);
        }
    }
}

#[test]
fn a_refusal_is_one_only_while_nothing_was_changed() {
    assert_eq!(kind(&refused(), &at(Step::ActiveColor, true, OLD)), FailureKind::Refused);
    assert_eq!(kind(&refused(), &at(Step::ActiveColor, false, OLD)), FailureKind::BeforeSwap);
    assert_eq!(kind(&denied(), &at(Step::ActiveColor, true, OLD)), FailureKind::BeforeSwap);
}

#[test]
fn a_stop_as_asked_is_told_as_one_wherever_it_was() {
    for step in [Step::Lock, Step::Swap, Step::Record] {
        let interrupted = kind(&DeployError::Interrupted, &at(step, false, NEW));
        assert_eq!(interrupted, FailureKind::Interrupted);
    }
}

#[test]
fn the_words_of_an_error_hold_its_causes() {
    let cause = dynamolock::TableError::refused("it is full");
    assert_eq!(
        chain(&DeployError::Lock(dynamolock::AcquireError::Table(cause))),
        "the lock could not be acquired: the lock table refused the call: it is full"
    );
}
