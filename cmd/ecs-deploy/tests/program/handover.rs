//! From one deploy to the next: how soon that has the lock, and that there is one writer at a time.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::support::{Door, Hold, Running, SECOND, Sandbox, Tap, shell};

/// How soon the lock is had that a deploy left which failed in order.
const AT_ONCE: Duration = Duration::from_millis(1500);

/// How soon after its death a deploy's lock is had: its lease, and two seconds more.
const AFTER_CRASH: Duration = Duration::from_secs(12);

/// The first look at the new tasks: step 7 is at work.
pub(crate) const ROLLOUT: Hold =
    Hold { after: Some("CreateTaskSet"), action: "DescribeTargetHealth" };

impl Sandbox {
    /// Goes on with the deploy behind a tap of its own, to its end; gives when it had the lock.
    async fn resume_at(&self, tap: &Tap) -> (Instant, crate::support::Ended) {
        let resumed = self.command_at(tap.address, &[], SECOND, &["-resume"]);
        let ended = Running::start(resumed).ended().await.with(0);
        let seen = tap.seen();
        let took = seen.iter().find(|seen| seen.done && seen.call.action == "dynamodb:PutItem");
        (took.expect("it took the lock").at, ended)
    }
}

#[tokio::test]
async fn the_lock_of_a_deploy_that_failed_is_refused_without_a_decision_and_had_at_once_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let mended = folder.path().join("mended");
    let fails = shell(&format!("test -e {}", mended.display()));
    let sandbox = Sandbox::with_commands(&[fails], &[]).await;
    sandbox.deploy(SECOND, &[]).await.with(1).telling("-resume");
    let refused = sandbox.deploy(SECOND, &[]).await.with(3);
    refused
        .telling("a failed deploy waits for a decision: ")
        .telling("at step 2 (pre): the pre-dep");

    std::fs::write(mended, "").unwrap();
    let tap = Tap::on(sandbox.cloud.endpoint).await;
    let begun = Instant::now();
    let (locked, _) = sandbox.resume_at(&tap).await;
    assert!(locked - begun < AT_ONCE, "{:?}", locked - begun);
}

#[tokio::test]
async fn a_rollout_whose_deploy_was_killed_is_gone_on_with_after_its_lease_and_not_begun_again() {
    let sandbox = Sandbox::start().await;
    let door = Door::before(sandbox.cloud.endpoint, ROLLOUT).await;
    let running = Running::start(sandbox.command_at(door.address, &[], SECOND, &[]));
    let held = door.held().await;
    let (revisions, sets) = (sandbox.cloud.revisions().await, sandbox.cloud.task_sets().await);
    let ids = |sets: &[(String, String, String)]| -> Vec<String> {
        sets.iter().map(|(id, ..)| id.clone()).collect()
    };
    let tap = Tap::on(sandbox.cloud.endpoint).await;
    running.signal(Signal::SIGKILL);
    let killed = Instant::now();
    drop(held);
    let (locked, ended) = sandbox.resume_at(&tap).await;
    assert!(locked - killed < AFTER_CRASH, "{:?}", locked - killed);
    let ended = ended.telling("s if its holder is dead, ").telling("@").telling(" since 20");
    ended.telling("deploying shop:2b7f1c9 (build 2), at step 7 (rollout)");
    let made = tap.seen().into_iter().map(|seen| seen.call.action);
    let made_anew = ["ecs:RegisterTaskDefinition", "ecs:CreateTaskSet"];
    assert!(!made.into_iter().any(|action| made_anew.contains(&&*action)));
    assert_eq!(sandbox.cloud.revisions().await, revisions);
    assert_eq!(ids(&sandbox.cloud.task_sets().await), ids(&sets));
    assert_eq!(sandbox.version().await, SECOND);
}

#[tokio::test]
async fn a_deploy_that_stood_still_while_another_went_on_with_it_changes_nothing_and_says_so() {
    let sandbox = Sandbox::start().await;
    let tap = Tap::on(sandbox.cloud.endpoint).await;
    let door = Door::before(tap.address, ROLLOUT).await;
    let running = Running::start(sandbox.command_at(door.address, &[], SECOND, &[]));
    // It waits for an answer, so nothing of it is on its way.
    let held = door.held().await;
    running.signal(Signal::SIGSTOP);
    sandbox.deploy(SECOND, &["-resume"]).await.with(0);
    let (scene, writes) = (sandbox.cloud.scene().await, tap.writes());

    drop(held);
    running.signal(Signal::SIGCONT);
    let ended = running.ended().await.with(1);
    let ended = ended.telling("(another deploy had it since, and has ended); nothing more was");
    let ended = ended.telling("lock     another deploy took it over\n");
    assert!(!ended.stderr.contains(" serves   "), "it can't know: {}", ended.stderr);
    assert_eq!((sandbox.cloud.scene().await, tap.writes()), (scene, writes));
    sandbox.paste(&ended.stderr).await.with(0);
}
