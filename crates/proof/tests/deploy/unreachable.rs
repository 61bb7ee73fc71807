//! AWS that can't be reached before anything was done.

use std::time::Duration;

use ecs_deploy::error::{FailureKind, LockLeft};
use ecs_deploy::{Failure, Mode, Success};
use ecs_deploy_proof::{Ending, Line, Mishap};
use tokio::time::Instant;

use crate::Bench;

async fn deployed(bench: &Bench, line: &Line) -> Result<Success, Failure> {
    match bench.ann.deploy_over(line, "one", Mode::Fresh).await {
        Ending::Told(ended) => *ended,
        Ending::Died => panic!("nobody killed it"),
    }
}

/// Deploys while the same befalls every call; tells after which time it was given up.
async fn befallen(mishap: Mishap) -> (Failure, Duration) {
    let bench = Bench::open().await;
    let before = bench.settled().await.to_string();
    let line = Line::default();
    (0..1000).for_each(|call| line.befall(call, mishap));
    let begin = Instant::now();
    let failure = deployed(&bench, &line).await.unwrap_err();
    let took = begin.elapsed();
    assert_eq!((failure.kind, failure.lock), (FailureKind::Refused, LockLeft::NotTaken));
    assert_eq!(bench.settled().await.to_string(), before);
    (failure, took)
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_hangs_is_given_up_after_a_minute() {
    let (failure, took) = befallen(Mishap::Hung).await;
    assert_eq!(
        failure.error.to_string(),
        "sts:GetCallerIdentity: no answer from https://sts.us-east-1.amazonaws.com within 10s"
    );
    assert!((50..=70).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_refuses_or_is_no_aws_is_given_up_at_once() {
    for (mishap, words) in [
        (Mishap::Refused, "connection refused, so nobody listens there"),
        (Mishap::Page(200), "is a proxy or a login page in between"),
    ] {
        let (failure, took) = befallen(mishap).await;
        let told = failure.error.to_string();
        assert!(told.contains(words) && told.contains("https://sts.us-east-1"), "{told}");
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_failure_once_in_the_middle_of_a_deploy_is_tried_again() {
    for mishap in [Mishap::Refused, Mishap::Page(200)] {
        let bench = Bench::open().await;
        let line = Line::default();
        deployed(&bench, &line).await.expect("nothing befalls it");
        let swap = line.made().iter().position(|call| call == "SetRulePriorities").unwrap();
        let (bench, line) = (Bench::open().await, Line::default());
        line.befall(swap, mishap);
        deployed(&bench, &line).await.unwrap_or_else(|it| panic!("{mishap:?}: {}", it.error));
        bench.assert_nothing_violated("it was tried again");
    }
}
