//! Ctrl-C and SIGTERM.

use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::support::{Door, Ended, Hold, Running, SECOND, Sandbox, shell};

/// A deploy that is interrupted ends within this.
const SOON: Duration = Duration::from_secs(7);

/// Interrupts a deploy while a call is on its way, then resumes it: it has to end right.
async fn interrupted_at(after: Option<&'static str>, action: &'static str) {
    let sandbox = Sandbox::start().await;
    let door = Door::before(sandbox.cloud.endpoint, Hold { after, action }).await;
    let mut running = Running::start(sandbox.command_at(door.address, &[], SECOND, &[]));
    let held = door.held().await;
    running.interrupt().await;
    drop(held);
    ends_in_order(running.ended().await);
    resumes(&sandbox).await;
}

fn ends_in_order(ended: Ended) {
    let ended = ended.with(130).telling("stopping in order; again to stop at once");
    assert!(ended.took < SOON, "it took {:?}", ended.took);
}

/// What was interrupted before it changed anything is run again, all else is resumed.
async fn resumes(sandbox: &Sandbox) {
    let is_begun = sandbox.cloud.status().await.is_some_and(|status| status["Done"] == false);
    let flags: &[&str] = if is_begun { &["-resume"] } else { &[] };
    sandbox.deploy(SECOND, flags).await.with(0);
    is_as_deployed(sandbox).await;
}

/// The cloud has to be as after a deploy that nobody interrupted.
async fn is_as_deployed(sandbox: &Sandbox) {
    assert_eq!(sandbox.version().await, SECOND);
    let sets = sandbox.cloud.task_sets().await;
    let states = sets.iter().map(|(_, status, color)| format!("{status} {color}"));
    assert_eq!(states.collect::<Vec<_>>(), ["ACTIVE green", "PRIMARY blue"]);
    assert_eq!(sandbox.cloud.tags(2).await["deploy-dev-1a2b3c4d"]["S"], "success");
    let status = sandbox.cloud.status().await.expect("a status");
    assert_eq!((&status["Done"], &status["Step"]), (&json!(true), &json!(13)), "{status}");
}

#[tokio::test]
async fn ctrl_c_while_the_lock_is_taken() {
    interrupted_at(None, "PutItem").await;
}

#[tokio::test]
async fn ctrl_c_while_the_color_is_read() {
    interrupted_at(Some("UpdateItem"), "DescribeRules").await;
}

#[tokio::test]
async fn ctrl_c_while_the_task_definition_is_registered() {
    interrupted_at(None, "RegisterTaskDefinition").await;
}

#[tokio::test]
async fn ctrl_c_while_the_task_set_is_created() {
    interrupted_at(None, "CreateTaskSet").await;
}

#[tokio::test]
async fn ctrl_c_while_the_tasks_come_up() {
    interrupted_at(Some("CreateTaskSet"), "DescribeTargetHealth").await;
}

#[tokio::test]
async fn ctrl_c_while_the_priorities_are_exchanged() {
    interrupted_at(None, "SetRulePriorities").await;
}

#[tokio::test]
async fn ctrl_c_while_the_set_is_marked_primary() {
    interrupted_at(None, "UpdateServicePrimaryTaskSet").await;
}

#[tokio::test]
async fn ctrl_c_while_real_traffic_is_watched() {
    interrupted_at(Some("UpdateServicePrimaryTaskSet"), "DescribeTargetHealth").await;
}

#[tokio::test]
async fn ctrl_c_in_the_very_last_call_comes_too_late_to_stop_anything() {
    let sandbox = Sandbox::start().await;
    let hold = Hold { after: Some("UpdateServicePrimaryTaskSet"), action: "\"ArtifactDB\"" };
    let door = Door::before(sandbox.cloud.endpoint, hold).await;
    let mut running = Running::start(sandbox.command_at(door.address, &[], SECOND, &[]));
    let held = door.held().await;
    running.interrupt().await;
    drop(held);
    running.ended().await.with(0).telling("stopping in order");
    is_as_deployed(&sandbox).await;
}

#[tokio::test]
async fn ctrl_c_while_an_old_set_is_deleted() {
    let sandbox = Sandbox::start().await;
    sandbox.deploy(crate::support::THIRD, &[]).await.with(0);
    sandbox.deploy(crate::support::FIRST, &[]).await.with(0);
    let hold = Hold { after: None, action: "DeleteTaskSet" };
    let door = Door::before(sandbox.cloud.endpoint, hold).await;
    let mut running = Running::start(sandbox.command_at(door.address, &[], SECOND, &[]));
    let held = door.held().await;
    running.interrupt().await;
    drop(held);
    ends_in_order(running.ended().await);
    resumes(&sandbox).await;
}

/// A command whose first run takes its time.
fn first_is_slow(mark: &str) -> Value {
    shell(&format!("mkdir {mark} 2>/dev/null && {{ echo begun; exec sleep 60; }}; echo again"))
}

#[tokio::test]
async fn ctrl_c_and_sigterm_end_a_command_and_the_deploy_resumes() {
    let folder = tempfile::tempdir().unwrap();
    let mark = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (pre, post) = (first_is_slow(&mark("pre")), first_is_slow(&mark("post")));
    let sandbox = Sandbox::with_commands(&[pre], &[post]).await;
    let mut before = Running::start(sandbox.command(SECOND, &[]));
    assert_eq!(before.line().await, "[sh] begun");
    before.signal(Signal::SIGINT);
    ends_in_order(before.ended().await);

    let mut after = Running::start(sandbox.command(SECOND, &["-resume"]));
    assert_eq!(after.line().await, "[sh] again", "an interrupted command is run again");
    assert_eq!(after.line().await, "[sh] begun");
    after.signal(Signal::SIGTERM);
    ends_in_order(after.ended().await);
    resumes(&sandbox).await;
}

/// Whether a process ends soon. It is there until its new parent has noticed its end.
async fn is_gone(process: i32) -> bool {
    let gone = async {
        while kill(Pid::from_raw(process), None) != Err(Errno::ESRCH) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, gone).await.is_ok()
}

#[tokio::test]
async fn a_second_ctrl_c_ends_everything_at_once() {
    let stubborn = shell("trap '' TERM; echo $$; while :; do sleep 0.1; done");
    let sandbox = Sandbox::with_commands(&[stubborn], &[]).await;
    let mut running = Running::start(sandbox.command(SECOND, &[]));
    let command: i32 = running.line().await.strip_prefix("[sh] ").unwrap().parse().unwrap();
    running.interrupt().await;
    running.signal(Signal::SIGINT);
    let ended = running.ended().await.with(130);
    assert!(ended.took < Duration::from_secs(1), "it took {:?}", ended.took);
    assert!(is_gone(command).await, "the command lives on");
}
