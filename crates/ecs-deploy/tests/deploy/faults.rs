//! Calls that fail, and calls whose answer is lost.

use std::time::Duration;

use ecs_deploy::Mode;
use ecs_deploy::cloud::{ErrorClass, TaskSetStatus};
use ecs_deploy::error::{DeployError, FailureKind, LockLeft};
use ecs_deploy::names::{ByColor, Color};
use ecs_deploy::steps::Step;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::support::ecs::Behaviour;
use crate::support::faults::{Call, Fault};
use crate::support::world::World;

/// A world in which a deploy makes every kind of change once.
fn with_all_to_do() -> World {
    let world = World::serving();
    world.add_set("shop:older", Color::Blue, TaskSetStatus::Active);
    world
}

#[track_caller]
fn assert_each_change_once(world: &World, context: &str) {
    world.assert_serves("one", Color::Blue);
    let model = world.cloud.model();
    for call in Call::CHANGES {
        assert_eq!(model.count(call), 1, "{context}: {call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_is_lost_is_made_exactly_once() {
    for call in Call::CHANGES {
        let world = with_all_to_do();
        world.cloud.faults.plan(call, 1..=1, Fault::LoseAnswer);
        world.deploy("one").await.unwrap_or_else(|failure| panic!("{call:?}: {}", failure.error));
        assert_each_change_once(&world, &format!("{call:?}"));
        assert_eq!(world.cloud.faults.count(call), 1, "{call:?} was sent again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_no_change_that_is_told_as_uncertain_once_it_was_found() {
    let world = with_all_to_do();
    world.cloud.faults.plan(Call::SetPriorities, 1..=1, Fault::LoseAnswer);
    world.cloud.faults.always(Call::SetTag, Fault::Refuse(ErrorClass::Denied));
    let failure = world.deploy("one").await.expect_err("the tag is denied");
    assert_eq!(failure.kind, FailureKind::AfterSwap);
    let certain = failure.changed.iter().all(|change| change.certain);
    assert!(certain, "{:?}", failure.changed);
}

#[tokio::test(start_paused = true)]
async fn a_change_without_effect_or_answer_is_tried_again() {
    for call in Call::CHANGES {
        let world = with_all_to_do();
        world.cloud.faults.plan(call, 1..=2, Fault::Hang);
        world.deploy("one").await.unwrap_or_else(|failure| panic!("{call:?}: {}", failure.error));
        assert_each_change_once(&world, &format!("{call:?}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_is_tried_again_until_it_passes() {
    let reads = [Call::Service, Call::Rules, Call::Health, Call::LatestArtifact, Call::GetArtifact];
    for call in Call::CHANGES.into_iter().chain(reads) {
        let world = with_all_to_do();
        world.cloud.faults.plan(call, 1..=5, Fault::Refuse(ErrorClass::Throttled));
        world.deploy("one").await.unwrap_or_else(|failure| panic!("{call:?}: {}", failure.error));
        assert_each_change_once(&world, &format!("{call:?}"));
        assert!(world.events.retries() >= 5, "{call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_always_throttled_fails_at_the_limit_of_its_step() {
    let world = with_all_to_do();
    world.cloud.faults.always(Call::Register, Fault::Refuse(ErrorClass::Throttled));
    let begun = world.cloud.now();
    let failure = world.deploy("one").await.expect_err("it never passes");
    let took = world.cloud.now() - begun;
    assert!((50..90).contains(&took.as_secs()), "{took:?}");
    assert_eq!((failure.kind, failure.lock), (FailureKind::BeforeSwap, LockLeft::GivenUp));
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn a_denied_change_fails_at_once() {
    for call in Call::CHANGES {
        let world = with_all_to_do();
        world.cloud.faults.always(call, Fault::Refuse(ErrorClass::Denied));
        let failure = world.deploy("one").await.expect_err("it is denied");
        assert_eq!(world.cloud.faults.count(call), 1, "{call:?}");
        let DeployError::Cloud(error) = &failure.error else { panic!("{}", failure.error) };
        assert_eq!(error.action, call.action());
        let after = matches!(call, Call::MakePrimary | Call::SetTag);
        let kind = if after { FailureKind::AfterSwap } else { FailureKind::BeforeSwap };
        assert_eq!((failure.kind, failure.lock), (kind, LockLeft::GivenUp), "{call:?}");
        assert!(world.row().expect("a row").is_given_up(), "{call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_denied_change_is_made_by_a_resume_once_it_is_allowed() {
    for call in Call::CHANGES {
        let world = with_all_to_do();
        world.cloud.faults.always(call, Fault::Refuse(ErrorClass::Denied));
        world.deploy("one").await.expect_err("it is denied");
        world.cloud.faults.clear();
        world.resume("one").await.unwrap_or_else(|failure| panic!("{call:?}: {}", failure.error));
        assert_each_change_once(&world, &format!("{call:?}"));
    }
}

/// Reads that the original never made: a role that was made for it may lack them.
const NEW_READS: [Call; 8] = [
    Call::Listeners,
    Call::Health,
    Call::TaskSetTags,
    Call::Tasks,
    Call::StoppedTasks,
    Call::LatestTaskDefinition,
    Call::DeregistrationDelay,
    Call::ProtectedTasks,
];

#[tokio::test(start_paused = true)]
async fn a_read_that_the_original_did_not_make_may_be_denied() {
    for call in NEW_READS {
        let world = with_all_to_do();
        world.cloud.faults.always(call, Fault::Refuse(ErrorClass::Denied));
        world.deploy("one").await.unwrap_or_else(|failure| panic!("{call:?}: {}", failure.error));
        assert_each_change_once(&world, &format!("{call:?}"));
        let warnings = world.events.warnings();
        let told = format!("{} is denied", call.action());
        assert!(warnings.iter().any(|warning| warning.starts_with(&told)), "{call:?} {warnings:?}");
        assert!(warnings.len() <= 2, "{call:?} {warnings:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_that_was_made_for_the_original_deploys() {
    let world = with_all_to_do();
    for call in NEW_READS {
        world.cloud.faults.always(call, Fault::Refuse(ErrorClass::Denied));
    }
    world.deploy("one").await.expect("all it needs is allowed");
    assert_each_change_once(&world, "all denied");
}

#[tokio::test(start_paused = true)]
async fn without_the_targets_health_a_bad_version_is_still_not_served() {
    let world = World::serving();
    world.cloud.faults.always(Call::Health, Fault::Refuse(ErrorClass::Denied));
    world.cloud.model().behaviours.insert("shop:one".into(), Behaviour::NeverHealthy);
    let failure = world.deploy("one").await.expect_err("it is never steady");
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn reads_without_an_answer_are_made_again() {
    for call in [Call::Service, Call::Rules, Call::Health, Call::ConfigAccount] {
        let world = with_all_to_do();
        world.cloud.faults.plan(call, 2..=3, Fault::Hang);
        world.deploy("one").await.unwrap_or_else(|failure| panic!("{call:?}: {}", failure.error));
        assert_each_change_once(&world, &format!("{call:?}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_during_a_call_without_an_answer_ends_within_seven_seconds() {
    let reads = [
        Call::Service,
        Call::Health,
        Call::DeregistrationDelay,
        Call::LatestTaskDefinition,
        Call::GetArtifact,
    ];
    for call in Call::CHANGES.into_iter().chain(reads) {
        for seconds in (1..40).step_by(3) {
            let context = format!("{call:?} after {seconds} s");
            let took = stopped_after(Duration::from_secs(seconds), call, &context).await;
            assert!(took <= Duration::from_secs(7), "{context}: {took:?}");
        }
    }
}

/// How long a deploy takes to stop in which a call never answers.
async fn stopped_after(wait: Duration, call: Call, context: &str) -> Duration {
    let world = with_all_to_do();
    world.cloud.faults.always(call, Fault::Hang);
    let cancel = CancellationToken::new();
    let order = world.order("one", Mode::Fresh);
    let (ended, asked) = tokio::join!(world.run_until(&order, &cancel), async {
        sleep(wait).await;
        cancel.cancel();
        world.cloud.now()
    });
    if let Err(failure) = ended {
        assert_eq!(failure.kind, FailureKind::Interrupted, "{context}: {}", failure.error);
    }
    world.cloud.now() - asked
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_about_the_rules_does_not_hide_the_swap() {
    let world = with_all_to_do();
    world.cloud.model().balancer.lag = Duration::from_secs(4);
    world.deploy("one").await.expect("it is waited for");
    assert_each_change_once(&world, "late rules");
}

#[tokio::test(start_paused = true)]
async fn rules_that_somebody_changed_meanwhile_are_not_swapped() {
    let world = World::serving();
    let cloud = world.cloud.clone();
    let meddle = move || cloud.model().balancer.priorities.green = 3;
    let failure = world.deploy_with("one", Step::Swap, meddle).await.expect_err("it is not ours");
    let words = failure.error.to_string();
    assert!(words.contains("were changed since step 3"), "{words}");
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    assert_eq!(world.cloud.model().count(Call::SetPriorities), 0);
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn a_swap_that_somebody_takes_back_at_once_is_not_taken_for_done() {
    let world = World::serving();
    world.cloud.model().balancer.overruled = Some(ByColor { blue: 22, green: 21 });
    let failure = world.deploy("one").await.expect_err("the old version serves again");
    let words = failure.error.to_string();
    assert!(words.contains("changed at the same time; now green is live"), "{words}");
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn a_success_does_not_wait_for_what_it_only_tells() {
    let world = World::serving();
    let cloud = world.cloud.clone();
    // The first read there sees that what was done stands.
    let hang = move || {
        let told = cloud.faults.count(Call::Service) + 2;
        cloud.faults.plan(Call::Service, told..=usize::MAX, Fault::Hang);
    };
    let begun = world.cloud.now();
    let success = world.deploy_with("one", Step::Record, hang).await.expect("it succeeds");
    assert_eq!(success.kept, None);
    let took = world.cloud.now() - begun;
    let undisturbed = World::serving().deploy("one").await.expect("it succeeds").took;
    assert!(took < undisturbed + Duration::from_secs(2), "{took:?}, {undisturbed:?}");
}

#[tokio::test(start_paused = true)]
async fn an_exchange_that_perhaps_took_place_is_told_as_perhaps() {
    let world = with_all_to_do();
    world.cloud.faults.always(Call::SetPriorities, Fault::Hang);
    let failure = world.deploy("one").await.expect_err("it never answers");
    assert_eq!(failure.kind, FailureKind::BeforeSwap);
    let last = failure.changed.last().expect("a change");
    assert_eq!(
        (last.effect.to_string().as_str(), last.certain),
        ("exchange the rules' priorities", false)
    );
    world.assert_old_serves();
}
