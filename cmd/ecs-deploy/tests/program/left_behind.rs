//! A command that outlives its deploy, which was killed.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::support::{Running, SECOND, Sandbox, shell};

/// What the journal in the lock's row says.
async fn journal(sandbox: &Sandbox, member: &str) -> Value {
    let status = sandbox.cloud.status().await.unwrap_or_default();
    status["Journal"][member].clone()
}

async fn until(sandbox: &Sandbox, member: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let limit = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let value = journal(sandbox, member).await;
        if is_so(&value) {
            return value;
        }
        assert!(tokio::time::Instant::now() < limit, "{member} is {value}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Notes its begin and its end, with a wait for a file in between.
fn waits_for(go: &Path, log: &Path) -> Value {
    let (go, log) = (go.display(), log.display());
    shell(&format!(
        "echo begin >> {log}; while [ ! -e {go} ]; do sleep 0.05; done; echo end >> {log}"
    ))
}

#[tokio::test]
async fn after_a_kill_the_command_that_still_runs_is_waited_for_and_then_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let (go, log) = (folder.path().join("go"), folder.path().join("log"));
    let sandbox = Sandbox::with_commands(&[waits_for(&go, &log)], &[]).await;

    let killed = Running::start(sandbox.command(SECOND, &[]));
    until(&sandbox, "Running", Value::is_object).await;
    let begun = journal(&sandbox, "At").await;
    killed.signal(Signal::SIGKILL);
    killed.ended().await;

    let resumed = Running::start(sandbox.command(SECOND, &["-resume"]));
    until(&sandbox, "At", |at| *at != begun).await;
    // Time enough for a second run, were there one beside the first.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    std::fs::write(&go, "").unwrap();
    resumed.ended().await.with(0).telling("waiting for pre-deploy command 1 of the deploy before");

    let course = std::fs::read_to_string(&log).unwrap();
    assert_eq!(course.lines().collect::<Vec<_>>(), ["begin", "end", "begin", "end"]);
    assert_eq!(sandbox.version().await, SECOND);
}
