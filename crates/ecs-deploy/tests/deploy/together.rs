//! Several people at once: two deploy, and one rolls back, in every order.

use std::time::Duration;

use ecs_deploy::event::EventKind;
use ecs_deploy::{CommandPolicy, Failure, Order, RollbackOrder, Success};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::support::world::World;

/// When somebody begins: before, in and after each part of the deploy of somebody who began at once.
const BEGINNINGS: [u64; 6] = [0, 1, 3, 6, 12, 30];

const LONG: Duration = Duration::from_secs(15 * 60);

/// How something ended, and when.
struct Ended {
    result: Result<Success, Failure>,
    begun: Duration,
    at: Duration,
}

async fn after(
    seconds: u64,
    world: &World,
    run: impl Future<Output = Result<Success, Failure>>,
) -> Ended {
    sleep(Duration::from_secs(seconds)).await;
    let begun = world.cloud.now();
    let result = run.await;
    Ended { result, begun, at: world.cloud.now() }
}

fn deploy(who: &World, sha: &str) -> Order {
    Order { wait: LONG, ..who.order(sha, ecs_deploy::Mode::Fresh) }
}

/// What a rollback that ended well has rolled back, by its image.
fn rolled_back(who: &World) -> Option<String> {
    let told = who.events.take();
    told.iter().rev().find_map(|event| match event {
        EventKind::RollingBack { artifact, .. } => Some(artifact.value.clone()),
        _ => None,
    })
}

/// Lets ann and bob deploy and eve roll back, from these seconds on; asserts that no success that came after
/// eve had asked is undone.
async fn together(ann_at: u64, bob_at: u64, eve_at: u64, wait: Duration) {
    let world = World::serving();
    world.deploy("three").await.expect("there is something to roll back");
    let (ann, bob, eve) =
        (world.of_another("ann"), world.of_another("bob"), world.of_another("eve"));
    let (one, two) = (deploy(&ann, "one"), deploy(&bob, "two"));
    let back = RollbackOrder { wait, commands: CommandPolicy::Skip, ..eve.way_back() };
    let stop = CancellationToken::new();
    let (first, second, rolled) = tokio::join!(
        after(ann_at, &world, ann.run(&one)),
        after(bob_at, &world, bob.run(&two)),
        after(eve_at, &world, eve.roll_back_as(&back, &stop)),
    );
    let when = format!("ann {ann_at}s, bob {bob_at}s, eve {eve_at}s, waits {wait:?}");
    for (ended, sha) in [(&first, "one"), (&second, "two")] {
        // A deploy may be refused: somebody has to decide on the one that the rollback left.
        let Ok(success) = &ended.result else { continue };
        assert_eq!(success.artifact.value, format!("shop:{sha}"), "{when}");
        let is_tagged = world.tag(sha).as_deref() == Some("success");
        assert!(is_tagged || ended.at <= rolled.begun, "{sha} was undone: {when}");
    }
    if rolled.result.is_ok() {
        let undone = rolled_back(&eve).expect("it told what it rolled back");
        for (ended, sha) in [(&first, "one"), (&second, "two")] {
            let is_it = undone == format!("shop:{sha}") && ended.result.is_ok();
            assert!(!is_it || ended.at <= rolled.begun, "{sha} was rolled back: {when}");
        }
    }
    let ends = [&first, &second, &rolled].map(|ended| ended.result.is_ok());
    assert!(ends.contains(&true), "somebody comes to an end: {when}");
}

#[tokio::test(start_paused = true)]
async fn a_rollback_never_undoes_a_success_that_came_after_it_was_asked_for() {
    for wait in [Duration::ZERO, LONG] {
        for ann in BEGINNINGS {
            for bob in BEGINNINGS {
                for eve in BEGINNINGS {
                    together(ann, bob, eve, wait).await;
                }
            }
        }
    }
}
