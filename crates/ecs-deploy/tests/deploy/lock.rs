//! The lock: who has it, how it is lost, and how it is given back.

use std::time::Duration;

use dynamolock::{Acquire, LockClient, Options};
use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::error::{DeployError, FailureKind, LockLeft};
use ecs_deploy::event::EventKind;
use ecs_deploy::fence::{ATTEMPT_LIMIT, Expired, Permit};
use ecs_deploy::lock::Holder;
use ecs_deploy::names::Color;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Mode};
use tokio::time::{advance, sleep};

use crate::support::commands::Part;
use crate::support::ecs::Behaviour;
use crate::support::faults::{Call, Fault};
use crate::support::locks::WriteFault;
use crate::support::row::{go_status, held_by_nobody, released};
use crate::support::world::{KEY, World};

fn holder(failure: &Failure) -> &Holder {
    let DeployError::Locked(locked) = &failure.error else { panic!("{}", failure.error) };
    assert_eq!(locked.key, KEY);
    assert_eq!((failure.kind, failure.lock), (FailureKind::Locked, LockLeft::NotTaken));
    &locked.holder
}

#[tokio::test(start_paused = true)]
async fn of_two_deploys_at_once_one_wins_and_the_other_says_who_has_it() {
    let world = World::serving();
    let rival = world.of_another("bob");
    let (ours, theirs) = tokio::join!(world.deploy("one"), async {
        sleep(Duration::from_secs(3)).await;
        rival.deploy("two").await
    });
    ours.expect("the first has the lock");
    let failure = theirs.expect_err("the second has not");
    let Holder::Working(told) = holder(&failure) else { panic!("{}", failure.error) };
    assert_eq!(told.artifact, "shop:one (build 1)");
    assert_eq!(told.step, Step::Rollout);
    let by = told.by.as_deref().expect("our row tells");
    assert!(by.starts_with("ann@desk since 2027-01-15T08:00:0"), "{by}");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn of_two_deploys_in_the_same_moment_exactly_one_wins() {
    let world = World::serving();
    let rival = world.of_another("bob");
    let (ours, theirs) = tokio::join!(world.deploy("one"), rival.deploy("two"));
    assert!(ours.is_ok() != theirs.is_ok());
    assert_eq!(world.cloud.model().count(Call::Create), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_deploy_is_told_with_its_reason_and_waits_for_a_decision() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::ZERO, exit: 7 });
    world.deploy("one").await.expect_err("it fails");
    let row = world.row();
    let failure = world.deploy("one").await.expect_err("a decision is asked for");
    let Holder::Failed(told) = holder(&failure) else { panic!("{}", failure.error) };
    assert_eq!(told.step, Step::PreDeploy);
    let why = told.failure.as_deref().expect("a reason");
    assert_eq!(why, "the pre-deploy command `warm` failed: it exited with code 7");
    assert_eq!(world.row(), row);
}

#[tokio::test(start_paused = true)]
async fn a_row_of_the_go_program_is_told_at_once_with_its_step() {
    let world = World::serving();
    let data = go_status(7, "blue", "").to_string();
    world.locks.put_row(KEY, held_by_nobody(&data));
    let begun = world.cloud.now();
    let failure = world.deploy("one").await.expect_err("it is locked");
    let took = world.cloud.now() - begun;
    assert!(took < Duration::from_secs(1), "{took:?}");
    let Holder::Working(told) = holder(&failure) else { panic!("{}", failure.error) };
    assert_eq!((told.step, told.by.as_deref()), (Step::Rollout, None));
}

#[tokio::test(start_paused = true)]
async fn a_row_that_tells_nothing_is_still_somebodys() {
    let world = World::serving();
    world.locks.put_row(KEY, held_by_nobody("no status"));
    let failure = world.deploy("one").await.expect_err("it is locked");
    assert_eq!(*holder(&failure), Holder::Unknown { owner: "go-program".into() });
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_living_deploy_ends_with_who_has_it() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(100), exit: 0 });
    let rival = world.of_another("bob");
    let (ours, theirs) = tokio::join!(world.deploy("one"), async {
        sleep(Duration::from_secs(3)).await;
        let begun = world.cloud.now();
        let ended = rival.resume("one").await;
        (ended, world.cloud.now() - begun)
    });
    ours.expect("the lock was kept");
    let (ended, waited) = theirs;
    assert!(matches!(holder(&ended.expect_err("it waited in vain")), Holder::Working(_)));
    assert!((20..25).contains(&waited.as_secs()), "{waited:?}");
    let told = rival.events.take();
    assert!(told.iter().any(|event| matches!(event, EventKind::WaitingForLock { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_given_up_row_is_had_within_a_second() {
    let world = World::serving();
    world.cloud.model().behaviours.insert("shop:one".into(), Behaviour::NoImage);
    world.deploy("one").await.expect_err("it fails");
    world.cloud.model().behaviours.clear();
    let begun = world.cloud.now();
    world.start_over("two").await.expect("it succeeds");
    let model = world.cloud.model();
    let first = model.changes.iter().find(|(at, _)| *at > begun).expect("a change").0;
    assert!(first - begun < Duration::from_secs(1), "{:?}", first - begun);
}

#[tokio::test(start_paused = true)]
async fn a_permit_holds_only_while_an_attempt_fits_in_the_lease() {
    let world = World::serving();
    let client = LockClient::new(world.locks.clone(), world.runtime().clock, Options::default());
    let lease = client.acquire(KEY, Acquire::default(), &mut |_| {}).await.expect("it is free");
    let permit = Permit::new(lease.validity());
    let left = lease.validity().remaining();
    advance(left - ATTEMPT_LIMIT).await;
    assert_eq!(permit.check(), Ok(()));
    advance(Duration::from_millis(1)).await;
    let left = ATTEMPT_LIMIT - Duration::from_millis(1);
    assert_eq!(permit.check(), Err(Expired { left }));
}

#[tokio::test(start_paused = true)]
async fn lost_answers_of_the_lock_table_do_not_cost_the_lock() {
    let world = World::serving();
    let locks = world.locks.clone();
    let lose = move || locks.fail_next([WriteFault::LoseAnswer; 3]);
    world.deploy_with("one", Step::Rollout, lose).await.expect("the row tells");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_lock_table_does_not_cost_the_lock() {
    let world = World::serving();
    let locks = world.locks.clone();
    let refuse = move || locks.fail_next([WriteFault::Refuse; 8]);
    world.deploy_with("one", Step::Register, refuse).await.expect("it is tried again");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_lock_table_does_not_keep_a_deploy_from_the_lock() {
    let world = World::serving();
    world.locks.fail_next([WriteFault::Refuse; 4]);
    world.deploy("one").await.expect("it is tried again");
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_when_the_lock_was_taken_is_found_in_the_row() {
    let world = World::serving();
    world.locks.fail_next([WriteFault::LoseAnswer]);
    world.deploy("one").await.expect("the row tells");
    world.assert_serves("one", Color::Blue);
}

/// A deploy that is refused before its first effect.
async fn denied_at_once(world: &World, mode: Mode) -> Failure {
    world.cloud.faults.always(Call::Register, Fault::Refuse(ErrorClass::Denied));
    let mut order = world.order("one", mode);
    order.commands = ecs_deploy::CommandPolicy::Skip;
    // Stopped at step 3: no effect was begun.
    let cancel = tokio_util::sync::CancellationToken::new();
    world.events.take();
    let token = cancel.clone();
    let stop = move || token.cancel();
    world.run_at(&order, Step::Prune, stop, &cancel).await.expect_err("it was stopped")
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_any_effect_leaves_no_row_where_there_was_none() {
    let world = World::serving();
    let failure = denied_at_once(&world, Mode::Fresh).await;
    assert_eq!((failure.kind, failure.lock), (FailureKind::Interrupted, LockLeft::PutBack));
    assert_eq!(failure.changed, []);
    assert_eq!(world.locks.row(KEY), None);
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_any_effect_releases_a_released_row_with_its_data() {
    let world = World::serving();
    let mut data = go_status(13, "green", "ecs-svc/1");
    data["Done"] = true.into();
    world.locks.put_row(KEY, released(&data.to_string()));
    let before = world.row().expect("a row");
    denied_at_once(&world, Mode::Fresh).await;
    assert_eq!(world.row(), Some(before));
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_any_effect_gives_up_a_failed_deploys_row_with_its_data() {
    for mode in [Mode::Resume, Mode::StartOver] {
        let world = World::serving();
        let data = go_status(5, "blue", "").to_string();
        world.locks.put_row(KEY, held_by_nobody(&data));
        let failure = denied_at_once(&world, mode).await;
        assert_eq!(failure.lock, LockLeft::PutBack);
        let row = world.row().expect("a row");
        assert!(row.is_given_up(), "{row:?}");
        assert_eq!(row.data, Some(data));
    }
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_is_stopped_while_it_waits_for_the_lock_leaves_the_row_alone() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(60), exit: 0 });
    let rival = world.of_another("bob");
    let cancel = tokio_util::sync::CancellationToken::new();
    let order = rival.order("one", Mode::Resume);
    let (ours, theirs, ()) = tokio::join!(
        world.deploy("one"),
        async {
            sleep(Duration::from_secs(3)).await;
            rival.run_until(&order, &cancel).await
        },
        async {
            sleep(Duration::from_secs(8)).await;
            cancel.cancel();
        }
    );
    ours.expect("it was left alone");
    let failure = theirs.expect_err("it was stopped");
    assert_eq!((failure.kind, failure.lock), (FailureKind::Interrupted, LockLeft::NotTaken));
}

#[tokio::test(start_paused = true)]
async fn a_row_that_may_not_be_deleted_is_released_by_a_deploy_that_changed_nothing() {
    let world = World::serving();
    world.locks.deny_delete();
    let failure = world.resume("one").await.expect_err("there is nothing to resume");
    assert_eq!(failure.lock, LockLeft::PutBack);
    assert!(world.row().expect("it is still there").is_released);
    world.deploy("one").await.expect("the lock is free");
    world.assert_serves("one", Color::Blue);
}
