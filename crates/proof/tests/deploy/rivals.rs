//! Two deployers at once.

use std::time::Duration;

use ecs_deploy::Mode;
use ecs_deploy::error::FailureKind;
use ecs_deploy_proof::Deployer;

use crate::Bench;

#[tokio::test(start_paused = true)]
async fn of_two_deployers_one_wins_and_the_other_learns_who() {
    let alone = Bench::open().await;
    alone.ann.deploy("one", Mode::Fresh).await.expect("nobody is in the way");
    let undisturbed = alone.settled().await.to_string();
    let mut told = 0;
    for delay in (0..1500).step_by(50) {
        let bench = Bench::open().await;
        let bob = Deployer::new(&bench.world, &bench.shop, "bob");
        let later = async {
            tokio::time::sleep(Duration::from_millis(delay)).await;
            bob.deploy("one", Mode::Fresh).await
        };
        let ended = tokio::join!(bench.ann.deploy("one", Mode::Fresh), later);
        let (winner, failure) = match ended {
            (Ok(_), Err(failure)) => ("ann", failure),
            (Err(failure), Ok(_)) => ("bob", failure),
            both => panic!("{delay} ms: {both:?}"),
        };
        assert_eq!(failure.kind, FailureKind::Locked, "{delay} ms: {}", failure.error);
        told += usize::from(failure.error.to_string().contains(&format!("{winner}@desk")));
        let settled = bench.settled().await.to_string().replace("bob", "ann");
        assert_eq!(settled, undisturbed, "{delay} ms");
        bench.assert_nothing_violated(&format!("{delay} ms"));
    }
    assert!(told > 10, "{told}");
}
