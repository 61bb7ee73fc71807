//! `rollback`.

use std::time::Duration;

use serde_json::json;

use crate::support::{FIRST, Running, SECOND, Sandbox, THIRD, all_answered, shell};

/// How long users may have to live with a version that shall go.
const SOON: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_version_before_serves_again_in_seconds_and_nobody_is_cut_off() {
    let sandbox = Sandbox::start().await;
    let users = sandbox.users();
    sandbox.deploy(SECOND, &[]).await.with(0);
    assert_eq!(sandbox.version().await, SECOND);

    let back = Running::start(roll_back(&sandbox)).ended().await.with(0);
    assert!(back.took < SOON, "{:?}", back.took);
    let back = back.telling("shop:2b7f1c9 (build 2) goes; back to green, with shop-dev:1");
    back.telling("done     shop:9e1d00a serves dev on green again, ");
    assert_eq!(sandbox.version().await, FIRST);
    let sets = sandbox.cloud.task_sets().await;
    let states: Vec<_> =
        sets.iter().map(|(_, status, color)| format!("{status} {color}")).collect();
    assert_eq!(states, ["PRIMARY green", "ACTIVE blue"]);
    assert_eq!(sandbox.cloud.tags(2).await["deploy-dev-1a2b3c4d"]["S"], "failure");
    let status = sandbox.cloud.status().await.expect("a status");
    assert_eq!((&status["Done"], &status["Step"]), (&json!(true), &json!(9)));

    let again = Running::start(roll_back(&sandbox)).ended().await.with(2);
    again.telling("the last deploy (shop:2b7f1c9 (build 2)) was rolled back to green");
    sandbox.deploy(THIRD, &[]).await.with(0).telling("1 task set deleted");
    assert_eq!(sandbox.version().await, THIRD);
    let seen = all_answered(users).await;
    assert_eq!(seen, [FIRST, SECOND, THIRD].map(String::from).into());
}

#[tokio::test]
async fn a_deploy_that_failed_past_the_swap_is_rolled_back() {
    let sandbox =
        Sandbox::with_commands(&[], &[shell("test $ECS_DEPLOY_ARTIFACT = shop:9e1d00a")]).await;
    let failed = sandbox.deploy(SECOND, &[]).await.with(6);
    failed.telling("post-deploy command `sh` failed");
    let back = Running::start(roll_back(&sandbox)).ended().await.with(0);
    assert!(back.took < SOON, "{:?}", back.took);
    assert_eq!(sandbox.version().await, FIRST);
    let status = Running::start(sandbox.look(&["lock", "status", "-env", "dev"])).ended().await;
    assert!(status.stdout.contains("lock     shop-dev: free"), "{}", status.stdout);
    assert!(status.stdout.contains(", rolled back to green\n"), "{}", status.stdout);
}

fn roll_back(sandbox: &Sandbox) -> tokio::process::Command {
    let mut command = sandbox.look(&["rollback"]);
    command.args(["-env", "dev"]);
    command
}
