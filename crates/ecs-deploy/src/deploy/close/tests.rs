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

#[test]
fn before_the_swap_users_saw_nothing() {
    for step in (1..9).map(|number| Step::try_from(number).unwrap()) {
        assert_eq!(kind(&denied(), step, false, OLD), FailureKind::BeforeSwap);
        assert_eq!(kind(&denied(), step, false, None), FailureKind::BeforeSwap);
    }
}

#[test]
fn at_the_swap_what_serves_decides_and_doubt_counts_as_swapped() {
    assert_eq!(kind(&denied(), Step::Swap, false, OLD), FailureKind::BeforeSwap);
    assert_eq!(kind(&denied(), Step::Swap, false, NEW), FailureKind::AfterSwap);
    assert_eq!(kind(&denied(), Step::Swap, false, None), FailureKind::AfterSwap);
}

#[test]
fn past_the_swap_users_see_the_new_version_or_may() {
    for step in (10..=13).map(|number| Step::try_from(number).unwrap()) {
        for serving in [OLD, NEW, None] {
            assert_eq!(kind(&denied(), step, false, serving), FailureKind::AfterSwap);
        }
    }
}

#[test]
fn a_refusal_is_one_only_while_nothing_was_changed() {
    assert_eq!(kind(&refused(), Step::ActiveColor, true, OLD), FailureKind::Refused);
    assert_eq!(kind(&refused(), Step::ActiveColor, false, OLD), FailureKind::BeforeSwap);
    assert_eq!(kind(&denied(), Step::ActiveColor, true, OLD), FailureKind::BeforeSwap);
}

#[test]
fn a_stop_as_asked_is_told_as_one_wherever_it_was() {
    for step in [Step::Lock, Step::Swap, Step::Record] {
        let interrupted = kind(&DeployError::Interrupted, step, false, NEW);
        assert_eq!(interrupted, FailureKind::Interrupted);
    }
}

#[test]
fn the_words_of_an_error_hold_its_causes() {
    let cause = dynamolock::AcquireError::ReservedAttribute("key".into());
    let words = words(&DeployError::Lock(cause));
    assert_eq!(words, "the lock can't be taken: key is not free for an additional attribute");
}
