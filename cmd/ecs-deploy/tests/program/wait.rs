//! `-wait`.

use crate::support::{Running, SECOND, Sandbox, THIRD, shell};

#[tokio::test]
async fn a_deploy_waits_for_the_one_under_way_and_says_so() {
    let sandbox = Sandbox::with_commands(&[shell("echo begun; sleep 3")], &[]).await;
    let mut first = Running::start(sandbox.command(SECOND, &[]));
    while !first.line().await.contains("begun") {}
    let refused = sandbox.deploy(THIRD, &["-skip-pre-post"]).await.with(3);
    refused.telling("-skip-pre-post -wait 15m   # waits for that one to end");
    let second = sandbox.deploy(THIRD, &["-skip-pre-post", "-wait=1m"]).await.with(0);
    let second = second.telling("for the lock, 60s at most: another deploy has it: ");
    first.ended().await.with(0);
    assert_eq!(sandbox.version().await, THIRD);
    assert!(second.stderr.matches("waiting ").count() <= 3, "{}", second.stderr);
}
