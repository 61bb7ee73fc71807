//! Versions that do not come up: the old one serves on, and the reason is told.

use crate::support::{FIRST, SECOND, Sandbox, all_answered};

/// Deploys a bad version under traffic: it has to be refused with this reason.
async fn refused(sha: &str, reason: &str) -> Sandbox {
    let sandbox = Sandbox::start().await;
    let users = sandbox.users();
    let ended = sandbox.deploy(sha, &[]).await.with(1);
    let ended = ended.telling(reason).telling("serves   green, with the version before");
    assert!(ended.took.as_secs() < 25, "it took {:?}", ended.took);
    assert_eq!(sandbox.cloud.serving().await, "green");
    let seen = all_answered(users).await;
    assert_eq!(seen, [FIRST.to_owned()].into());
    sandbox
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_never_is_healthy() {
    refused("0ddba11", "Task failed ELB health checks in (target-group ").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_breaks_down() {
    refused("deadbea", "container shop exited with 3").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_ends_by_itself() {
    refused("0ff0ff0", "EssentialContainerExited: Essential container in task exited").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_image_is_missing_waits_for_a_decision() {
    let sandbox = refused("badf00d", "CannotPullContainerError").await;

    let other = sandbox.deploy(SECOND, &[]).await.with(3);
    let other = other.telling("a failed deploy waits for a decision");
    let other = other.telling("deploying shop:badf00d (build 7), at step 7 (rollout)");
    other.telling(&format!("-sha {SECOND} -config-sha 1a2b3c4d -start-over"));
    sandbox.deploy(SECOND, &["-resume"]).await.with(2).telling("is of shop:badf00d (build 7)");

    sandbox.deploy(SECOND, &["--start-over"]).await.with(0).telling("1 task set deleted");
    assert_eq!(sandbox.version().await, SECOND);
    sandbox.deploy(SECOND, &["-resume"]).await.with(2).telling("there is nothing to resume");
}
