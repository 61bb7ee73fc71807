//! A deploy that waits for another to end.

use std::time::Duration;

use dynamolock::names;
use ecs_deploy::error::{DeployError, FailureKind};
use ecs_deploy::event::EventKind;
use ecs_deploy::lock::Holder;
use ecs_deploy::names::Color;
use ecs_deploy::{CommandPolicy, Failure, Mode, Order, RollbackOrder, Success};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::support::commands::Part;
use crate::support::faults::Call;
use crate::support::locks::text;
use crate::support::row::{go_status, held_by_nobody};
use crate::support::world::{KEY, World};

fn waiting(world: &World, sha: &str, wait: Duration) -> Order {
    Order { wait, ..world.order(sha, Mode::Fresh) }
}

async fn wait_for(world: &World, sha: &str, wait: Duration) -> Result<Success, Failure> {
    world.run(&waiting(world, sha, wait)).await
}

/// Waits while another deploy, begun before, is under way; tells how long, too.
async fn wait_behind(rival: &World, wait: Duration) -> (Result<Success, Failure>, Duration) {
    sleep(Duration::from_secs(3)).await;
    let begun = rival.cloud.now();
    let ended = wait_for(rival, "two", wait).await;
    (ended, rival.cloud.now() - begun)
}

fn holder(failure: Failure) -> Holder {
    assert_eq!(failure.kind, FailureKind::Locked);
    let DeployError::Locked(locked) = failure.error else { panic!("{}", failure.error) };
    locked.holder
}

const LONG: Duration = Duration::from_secs(15 * 60);

#[tokio::test(start_paused = true)]
async fn a_deploy_gets_its_turn_when_the_one_under_way_has_ended() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(100), exit: 0 });
    let rival = world.of_another("bob");
    let (first, second) = tokio::join!(world.deploy("one"), wait_behind(&rival, LONG));
    first.expect("the first was not disturbed");
    second.0.expect("the second had its turn");
    world.assert_serves("two", Color::Green);
    assert_eq!(world.images(Color::Blue), ["shop:one"]);
    let told = rival.events.take();
    let waited = |event: &EventKind| matches!(event, EventKind::WaitingForLock { .. });
    assert!(told.iter().any(waited));
}

#[tokio::test(start_paused = true)]
async fn all_who_wait_get_their_turn() {
    let world = World::serving();
    let (bob, eve) = (world.of_another("bob"), world.of_another("eve"));
    let (ours, his, hers) = tokio::join!(
        wait_for(&world, "one", LONG),
        wait_for(&bob, "two", LONG),
        wait_for(&eve, "three", LONG)
    );
    for ended in [ours, his, hers] {
        ended.expect("it had its turn");
    }
    assert_eq!(world.cloud.model().count(Call::Create), 3);
}

#[tokio::test(start_paused = true)]
async fn the_wait_has_its_limit_and_changes_nothing() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(200), exit: 0 });
    let (rival, limit) = (world.of_another("bob"), Duration::from_secs(60));
    let (first, (second, waited)) = tokio::join!(world.deploy("one"), wait_behind(&rival, limit));
    first.expect("the first was not disturbed");
    assert!(matches!(holder(second.expect_err("in vain")), Holder::Working(_)));
    assert!((limit..limit + Duration::from_secs(2)).contains(&waited), "{waited:?}");
    assert_eq!(world.cloud.model().count(Call::Create), 1);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_fails_meanwhile_ends_the_wait_at_once() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(50), exit: 7 });
    let rival = world.of_another("bob");
    let (first, (second, waited)) = tokio::join!(world.deploy("one"), wait_behind(&rival, LONG));
    first.expect_err("it fails");
    assert!(matches!(holder(second.expect_err("a decision is asked for")), Holder::Failed(_)));
    assert!(waited < Duration::from_secs(50), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_died_is_not_waited_for_longer_than_its_lease() {
    let world = World::serving();
    world.locks.put_row(KEY, held_by_nobody(&go_status(7, "blue", "").to_string()));
    let row = world.row();
    let begun = world.cloud.now();
    let ended = world.run(&waiting(&world, "two", LONG)).await;
    assert!(matches!(holder(ended.expect_err("a decision is asked for")), Holder::Died(_)));
    let waited = world.cloud.now() - begun;
    let lease = Duration::from_secs(10);
    assert!((lease..lease + Duration::from_secs(2)).contains(&waited), "{waited:?}");
    assert_eq!(world.row(), row);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_a_dead_deploy_left_without_a_word_is_taken_after_the_wait_for_its_lease() {
    let ended = || {
        let mut status = go_status(12, "blue", "ecs-svc/7");
        status["Done"] = true.into();
        held_by_nobody(&status.to_string())
    };
    let without_data = || {
        let mut row = ended();
        row.remove(names::DATA);
        row
    };
    for row in [ended(), without_data()] {
        let world = World::serving();
        world.locks.put_row(KEY, row);
        let begun = world.cloud.now();
        wait_for(&world, "two", LONG).await.unwrap_or_else(|failure| panic!("{}", failure.error));
        world.assert_serves("two", Color::Blue);
        assert!(world.cloud.now() - begun > Duration::from_secs(20));
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_nobody_can_read_is_not_taken_without_a_decision() {
    let world = World::serving();
    world.locks.put_row(KEY, held_by_nobody("no status"));
    let row = world.row();
    let refused = wait_for(&world, "two", LONG).await.expect_err("a decision is asked for");
    assert!(matches!(holder(refused), Holder::Unknown { .. }));
    assert_eq!(world.row(), row);
}

#[tokio::test(start_paused = true)]
async fn a_dead_deploys_lock_that_another_takes_meanwhile_is_waited_for_once_more() {
    let world = World::serving();
    let mut status = go_status(12, "blue", "ecs-svc/7");
    status["Done"] = true.into();
    world.locks.put_row(KEY, held_by_nobody(&status.to_string()));
    let (bob, eve) = (world.of_another("bob"), world.of_another("eve"));
    let (his, hers) = tokio::join!(wait_for(&bob, "two", LONG), wait_for(&eve, "three", LONG));
    his.expect("it had its turn");
    hers.expect("it had its turn");
    assert_eq!(world.cloud.model().count(Call::Create), 2);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_fails_where_a_dead_one_left_its_lock_is_not_started_over_by_who_waits() {
    let world = World::serving();
    let mut ended = go_status(12, "blue", "ecs-svc/7");
    ended["Done"] = true.into();
    world.locks.put_row(KEY, held_by_nobody(&ended.to_string()));
    let mut failed = held_by_nobody(&go_status(7, "blue", "").to_string());
    failed.insert(names::LEASE_DURATION.to_owned(), text("1ms"));
    failed.insert(names::RECORD_VERSION_NUMBER.to_owned(), text("of-the-next"));
    // The lease was waited for by then, and the takeover is under way.
    let (waited, ()) = tokio::join!(wait_for(&world, "two", LONG), async {
        sleep(Duration::from_secs(15)).await;
        world.locks.put_row(KEY, failed);
    });
    assert!(matches!(holder(waited.expect_err("a decision is asked for")), Holder::Failed(_)));
    assert_eq!(world.cloud.model().changes, []);
    assert!(world.row().expect("a row").is_given_up());
}

/// A version is live, and a deploy of `two` begins where a dead one left its lock; 3 s later somebody asks
/// for a rollback.
async fn roll_back_beside_a_deploy(
    wait: Duration,
) -> (World, Result<Success, Failure>, Result<Success, Failure>) {
    let world = World::serving();
    world.deploy("one").await.expect("it succeeds");
    let row = world.row().expect("a row").data.expect("a status");
    world.locks.put_row(KEY, held_by_nobody(&row));
    let (bob, eve) = (world.of_another("bob"), world.of_another("eve"));
    let (deployed, rolled_back) = tokio::join!(bob.start_over("two"), async {
        sleep(Duration::from_secs(13)).await;
        // Where the first set came from isn't known, and one that has commands asks before it waits.
        let order = RollbackOrder { wait, commands: CommandPolicy::Skip, ..eve.way_back() };
        eve.roll_back_as(&order, &CancellationToken::new()).await
    });
    (world, deployed, rolled_back)
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_waited_does_not_undo_the_deploy_that_ended_well_meanwhile() {
    let (world, deployed, rolled_back) = roll_back_beside_a_deploy(LONG).await;
    deployed.expect("it had the lock first");
    let words = rolled_back.expect_err("it was not meant").error.to_string();
    assert!(words.contains("the deploy of shop:two (build 2) ended well while"), "{words}");
    assert!(words.contains("is live on green"), "{words}");
    world.assert_serves("two", Color::Green);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_without_a_wait_ends_at_the_first_heartbeat_of_a_deploy() {
    let (world, deployed, rolled_back) = roll_back_beside_a_deploy(Duration::ZERO).await;
    deployed.expect("it was not disturbed");
    assert!(matches!(holder(rolled_back.expect_err("it is locked")), Holder::Working(_)));
    world.assert_serves("two", Color::Green);
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_is_asked_for_again_undoes_what_ended_well() {
    let (world, deployed, _) = roll_back_beside_a_deploy(LONG).await;
    deployed.expect("it had the lock first");
    let order = RollbackOrder { commands: CommandPolicy::Skip, ..world.way_back() };
    let ended = world.roll_back_as(&order, &CancellationToken::new()).await;
    ended.unwrap_or_else(|failure| panic!("{}", failure.error));
    assert_eq!(world.serving_color(), Color::Blue);
    assert_eq!(world.tag("two").as_deref(), Some("failure"));
}

#[tokio::test(start_paused = true)]
async fn a_wait_can_be_ended() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(100), exit: 0 });
    let rival = world.of_another("bob");
    let stop = CancellationToken::new();
    let order = waiting(&rival, "two", LONG);
    let waits = async {
        sleep(Duration::from_secs(3)).await;
        rival.run_until(&order, &stop).await
    };
    let (first, second, ()) = tokio::join!(world.deploy("one"), waits, async {
        sleep(Duration::from_secs(30)).await;
        stop.cancel();
    });
    first.expect("the first was not disturbed");
    assert_eq!(second.expect_err("it was stopped").kind, FailureKind::Interrupted);
    world.assert_serves("one", Color::Blue);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_starts_over_waits_for_a_living_one_for_as_long() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(100), exit: 0 });
    let rival = world.of_another("bob");
    let (first, second) = tokio::join!(world.deploy("one"), async {
        sleep(Duration::from_secs(3)).await;
        let order = Order { wait: LONG, ..rival.order("two", Mode::StartOver) };
        rival.run(&order).await
    });
    first.expect("the first was not disturbed");
    second.expect("the second had its turn");
    world.assert_serves("two", Color::Green);
}

#[tokio::test(start_paused = true)]
async fn what_is_deployed_is_looked_up_again_after_a_wait() {
    let world = World::serving();
    world.commands.play("warm", Part { takes: Duration::from_secs(100), exit: 0 });
    let rival = world.of_another("bob");
    let order = waiting(&rival, "two", LONG);
    let waits = async {
        sleep(Duration::from_secs(3)).await;
        rival.run(&order).await
    };
    let (first, second, ()) = tokio::join!(world.deploy("one"), waits, async {
        sleep(Duration::from_secs(30)).await;
        let mut model = world.cloud.model();
        let two = model.artifacts.iter_mut().find(|artifact| artifact.tags["SHA"] == "two");
        two.expect("it is there").value = "shop:two-built-again".into();
    });
    first.expect("the first was not disturbed");
    second.expect("the second had its turn");
    assert_eq!(world.images(Color::Green), ["shop:two-built-again"]);
}
