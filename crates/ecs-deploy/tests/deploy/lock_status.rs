//! The state of a lock, as a watch of its row tells it.

use dynamolock::{Attribute, names};
use ecs_deploy::Mode;
use ecs_deploy::cloud::ErrorClass;
use ecs_deploy::event::EventKind;
use ecs_deploy::names::Color;
use ecs_deploy::status::{self, LockReport, LockState, NextStep, StatusError};
use ecs_deploy::steps::Step;
use tokio::time::{Duration, Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::support::faults::{Call, Fault};
use crate::support::locks::text;
use crate::support::row::{go_status, held_by_nobody, released};
use crate::support::world::{KEY, World};

impl World {
    async fn try_lock_status(&self) -> Result<LockReport, StatusError> {
        let (runtime, cancel) = (self.runtime(), CancellationToken::new());
        status::lock(&self.place(), &runtime, &*self.events, &cancel).await
    }

    async fn lock_status(&self) -> LockReport {
        self.try_lock_status().await.expect("it can be read")
    }

    /// The state of a lock whose row a Go program left held with this data.
    async fn left_with(&self, data: &str) -> (LockState, NextStep) {
        self.locks.put_row(KEY, held_by_nobody(data));
        let lock = self.lock_status().await.lock;
        (lock.state, lock.next)
    }
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_nobody_ever_took_is_free() {
    let world = World::serving();
    let report = world.lock_status().await;
    assert_eq!((report.lock.state, report.lock.next), (LockState::Free, NextStep::Deploy));
    assert_eq!((report.lock.deploy, report.lock.owner), (None, None));
    assert_eq!(report.traffic.unwrap().serving_color, Color::Green);
}

#[tokio::test(start_paused = true)]
async fn a_lock_after_a_deploy_that_ended_well_is_free_and_tells_of_it() {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    let lock = world.lock_status().await.lock;
    assert_eq!((lock.state, lock.next), (LockState::Free, NextStep::Deploy));
    let last = lock.deploy.unwrap();
    assert!(last.done && last.artifact.value == "shop:one" && last.failure.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_failed_deploy_is_told_at_once_with_why() {
    let world = World::serving();
    world.cancel_at("one", Step::Rollout).await;
    let begun = Instant::now();
    let lock = world.lock_status().await.lock;
    assert!(begun.elapsed() < Duration::from_secs(1), "nothing is to be watched");
    assert_eq!((lock.state, lock.next), (LockState::Failed, NextStep::Resume));
    let failed = lock.deploy.unwrap();
    assert_eq!((failed.step, failed.new_color), (Step::Rollout, Some(Color::Blue)));
    assert_eq!(failed.failure.as_deref(), Some("interrupted"));
    world.resume("one").await.expect("the one command mends it");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_died_is_abandoned_after_its_lease_and_no_sooner() {
    let world = World::serving();
    world.run_until_crash(&world.order("one", Mode::Fresh), 9).await;
    world.events.take();
    let begun = Instant::now();
    let lock = world.lock_status().await.lock;
    assert_eq!((lock.state, lock.next), (LockState::Abandoned, NextStep::Resume));
    assert!(begun.elapsed() >= Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    let watching = EventKind::WatchingLock { key: KEY.into(), at_most: Duration::from_secs(10) };
    assert!(world.events.take().contains(&watching));
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_when_the_deploy_that_it_watches_does() {
    let world = World::serving();
    let looker = world.of_another("bob");
    let watch = async {
        // A second before the end, by the pace of the fakes.
        sleep(Duration::from_secs(7)).await;
        looker.lock_status().await.lock.state
    };
    let (deployed, seen) = tokio::join!(world.deploy("one"), watch);
    deployed.expect("it is not disturbed");
    assert!(matches!(seen, LockState::Held | LockState::Free), "{seen:?}");
    assert_eq!(looker.lock_status().await.lock.state, LockState::Free);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_a_go_program_left_is_abandoned_and_tells_what_it_can() {
    let world = World::serving();
    let deploying = go_status(7, "blue", "ecs-svc/2");
    let state = world.left_with(&deploying.to_string()).await;
    assert_eq!(state, (LockState::Abandoned, NextStep::Resume));
    let mut done = deploying;
    done["Done"] = true.into();
    let state = world.left_with(&done.to_string()).await;
    assert_eq!(state, (LockState::Abandoned, NextStep::StartOver), "its data are the last one's");
}

#[tokio::test(start_paused = true)]
async fn a_row_whose_data_can_not_be_read_is_told_with_the_reason() {
    let world = World::serving();
    world.locks.put_row(KEY, released("{}}"));
    let lock = world.lock_status().await.lock;
    assert_eq!((lock.state, lock.deploy), (LockState::Free, None));
    assert_eq!(lock.problem.as_deref(), Some("the lock row's data is no status of a deploy"));
}

#[tokio::test(start_paused = true)]
async fn a_row_that_no_client_can_take_is_told_with_what_is_odd() {
    let world = World::serving();
    for (name, value, problem) in [
        (names::IS_RELEASED, Attribute::Bool(true), "isReleased is not the string \"1\""),
        (names::LEASE_DURATION, text("10"), "leaseDuration \"10\" is not a duration"),
    ] {
        let mut item = held_by_nobody("{}");
        item.insert(name.into(), value);
        world.locks.put_row(KEY, item);
        let lock = world.lock_status().await.lock;
        assert_eq!((lock.state, lock.next), (LockState::Unusable, NextStep::DeleteRow), "{name}");
        assert_eq!(lock.problem.as_deref(), Some(problem));
    }
}

#[tokio::test(start_paused = true)]
async fn the_lock_is_told_even_where_what_serves_is_not_known() {
    let world = World::serving();
    world.cloud.faults.always(Call::Service, Fault::Refuse(ErrorClass::Denied));
    let report = world.lock_status().await;
    assert_eq!((report.lock.state, report.traffic.is_none()), (LockState::Free, true));
    let warnings = world.events.warnings();
    assert!(warnings[0].starts_with("what serves is not known: ecs:DescribeServices"));
}

#[tokio::test(start_paused = true)]
async fn a_watch_can_be_stopped() {
    let world = World::serving();
    world.locks.put_row(KEY, held_by_nobody(&go_status(7, "blue", "").to_string()));
    let (runtime, cancel) = (world.runtime(), CancellationToken::new());
    let begun = Instant::now();
    let stop = async {
        sleep(Duration::from_secs(3)).await;
        cancel.cancel();
    };
    let place = world.place();
    let (told, ()) = tokio::join!(status::lock(&place, &runtime, &*world.events, &cancel), stop);
    assert_eq!(told.unwrap_err().error.to_string(), "interrupted");
    assert!(begun.elapsed() < Duration::from_secs(4));
}
