//! A lock that is lost: stolen, or not renewed in time.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use dynamolock::{Attribute, Item};
use ecs_deploy::effect::Effect;
use ecs_deploy::error::{DeployError, LockLeft};
use ecs_deploy::lock::Holder;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Mode, Success};
use tokio::time::{Instant, advance, sleep};
use tokio_util::sync::CancellationToken;

use crate::support::faults::{Call, Fault};
use crate::support::locks::WriteFault;
use crate::support::row::{go_status, held_by_nobody, released};
use crate::support::world::{KEY, World};

/// At every step: once the lock is stolen, nothing more is changed.
#[tokio::test(start_paused = true)]
async fn a_deploy_whose_lock_is_stolen_changes_nothing_more() {
    for step in (2..=13).map(|number| Step::try_from(number).unwrap()) {
        let world = World::serving();
        let (cloud, locks) = (world.cloud.clone(), world.locks.clone());
        let stolen = Arc::new(std::sync::Mutex::new(Duration::ZERO));
        let at = stolen.clone();
        let steal = move || {
            locks.steal(KEY);
            *at.lock().unwrap() = cloud.now();
        };
        let failure = world.deploy_with("one", step, steal).await.expect_err("it is lost");
        assert!(matches!(failure.error, DeployError::Lost(_)), "{step}: {}", failure.error);
        assert_eq!(failure.lock, LockLeft::Lost, "{step}");
        let stolen = *stolen.lock().unwrap();
        let model = world.cloud.model();
        let after: Vec<_> = model.changes.iter().filter(|(at, _)| *at > stolen).collect();
        // A call that is under way may still take effect; no other is begun.
        assert!(after.len() <= 1, "{step}: {after:?}");
        let row = world.locks.row(KEY).expect("the thief's row");
        assert_eq!(row["ownerName"], Attribute::S("thief".into()), "{step}");
    }
}

const PAUSE: Duration = Duration::from_secs(3600);

/// At every moment, also while a call is under way.
#[tokio::test(start_paused = true)]
async fn a_deploy_that_was_paused_past_its_lease_changes_nothing_more() {
    let mut lost = 0;
    for moment in 4..60 {
        let world = World::serving();
        let begun = world.cloud.now();
        let Some(ended) = paused_at(&world, moment, |_| {}).await else { continue };
        let failure = ended.expect_err("its lease is over");
        assert!(matches!(failure.error, DeployError::Lost(_)), "{moment}: {}", failure.error);
        let model = world.cloud.model();
        let late = model.changes.iter().filter(|(at, _)| *at > begun + PAUSE);
        assert_eq!(late.count(), 0, "moment {moment}");
        lost += 1;
    }
    assert!(lost > 20, "{lost}");
}

/// A moment at which a deploy has changed something.
const MIDDLE: usize = 30;

#[tokio::test(start_paused = true)]
async fn a_deploy_that_was_paused_leaves_its_row_to_a_resume_if_nobody_took_it() {
    let world = World::serving();
    let ended = paused_at(&world, MIDDLE, |_| {}).await.expect("it was at work");
    let failure = ended.expect_err("its lease is over");
    assert_eq!(failure.lock, LockLeft::GivenUp, "{}", failure.error);
    assert!(failure.serving.is_some());
    assert!(world.row().expect("its row").is_given_up());
    world.resume("one").await.expect("it is had at once");
    assert_eq!(world.tag("one").as_deref(), Some("success"));
}

/// A deploy that was paused, and another client's row instead of its own.
async fn taken_over_by(row: Item) -> (World, Failure) {
    let world = World::serving();
    let take = |world: &World| world.locks.put_row(KEY, row);
    let ended = paused_at(&world, MIDDLE, take).await.expect("it was at work");
    (world, ended.expect_err("its lease is over"))
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_was_paused_says_who_took_the_lock_and_leaves_it_alone() {
    let theirs = held_by_nobody(&go_status(7, "blue", "ecs-svc/9").to_string());
    let (world, failure) = taken_over_by(theirs.clone()).await;
    let DeployError::Lost(lost) = &failure.error else { panic!("{}", failure.error) };
    assert!(matches!(lost.holder, Some(Holder::Working(_))), "{lost}");
    assert_eq!((failure.lock, failure.serving), (LockLeft::Lost, None));
    assert_eq!(world.locks.row(KEY), Some(theirs));
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_was_paused_says_that_another_came_and_went() {
    let (_, failure) =
        taken_over_by(released(&go_status(13, "blue", "ecs-svc/9").to_string())).await;
    assert_eq!(failure.lock, LockLeft::Lost);
    let told = failure.error.to_string();
    assert!(told.contains("another deploy had it since, and has ended"), "{told}");
}

/// Polls a deploy until a moment, then not for an hour in which something else happens; `None` where
/// it ends before.
async fn paused_at(
    world: &World,
    moment: usize,
    meanwhile: impl FnOnce(&World),
) -> Option<Result<Success, Failure>> {
    let fuse = world.cloud.fuse.clone();
    let mut run = Box::pin(world.deploy("one"));
    let is_reached = poll_fn(|context| match run.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(false),
        Poll::Pending if fuse.ticks() >= moment => Poll::Ready(true),
        Poll::Pending => Poll::Pending,
    });
    if !is_reached.await {
        return None;
    }
    advance(PAUSE + Duration::from_secs(1)).await;
    meanwhile(world);
    Some(run.await)
}

#[tokio::test(start_paused = true)]
async fn a_change_that_was_under_way_when_the_lock_was_lost_is_told_as_perhaps_made() {
    let world = World::serving();
    world.cloud.faults.always(Call::SetPriorities, Fault::Hang);
    let (ended, ()) = tokio::join!(world.deploy("one"), async {
        while world.cloud.faults.count(Call::SetPriorities) == 0 {
            sleep(Duration::from_millis(100)).await;
        }
        world.locks.steal(KEY);
    });
    let failure = ended.expect_err("it is lost");
    assert!(matches!(failure.error, DeployError::Lost(_)), "{}", failure.error);
    let last = failure.changed.last().expect("a change");
    assert!(matches!(last.effect, Effect::ExchangePriorities { .. }), "{last:?}");
    assert!(!last.certain);
}

#[tokio::test(start_paused = true)]
async fn a_lock_table_that_fails_for_longer_than_the_lease_ends_the_deploy() {
    let world = World::serving();
    let locks = world.locks.clone();
    let refuse = move || locks.fail_next([WriteFault::Refuse; 200]);
    let failure = world.deploy_with("one", Step::Rollout, refuse).await.expect_err("it is lost");
    assert!(matches!(failure.error, DeployError::Lost(_)), "{}", failure.error);
    assert_eq!(failure.lock, LockLeft::RunsOut);
    world.assert_old_serves();
}

#[tokio::test(start_paused = true)]
async fn a_stop_while_the_lock_table_refuses_ends_within_seven_seconds() {
    for (refuses, stops) in (1..12).flat_map(|part| [(part, 1), (part, 4)]) {
        let world = World::serving();
        let (cancel, order) = (CancellationToken::new(), world.order("one", Mode::Fresh));
        let ((ended, over), asked) = tokio::join!(
            async { (world.run_until(&order, &cancel).await, Instant::now()) },
            async {
                sleep(Duration::from_millis(20 * refuses)).await;
                world.locks.fail_next([WriteFault::Refuse; 200]);
                sleep(Duration::from_secs(stops)).await;
                cancel.cancel();
                Instant::now()
            }
        );
        ended.expect_err("the lock can't be renewed");
        assert!(over - asked <= Duration::from_secs(7), "{refuses}, {stops}: {:?}", over - asked);
    }
}
