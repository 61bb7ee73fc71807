//! Output that nobody takes.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;

use crate::support::{SECOND, Sandbox, shell};

/// More than a pipe holds.
const CHATTY: &str =
    "i=0; while [ $i -lt 20000 ]; do echo a line that nobody reads; i=$((i+1)); done";

#[tokio::test]
async fn a_reader_that_stands_still_does_not_stop_a_deploy() {
    let sandbox = Sandbox::with_commands(&[shell(CHATTY)], &[]).await;
    let mut command = sandbox.command(SECOND, &[]);
    let mut child = piped(&mut command).spawn().unwrap();
    let started = Instant::now();
    while sandbox.version().await != SECOND {
        assert!(started.elapsed() < Duration::from_secs(20), "the deploy stands still");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let status = tokio::time::timeout(Duration::from_secs(20), child.wait()).await;
    assert_eq!(status.expect("an end").unwrap().code(), Some(0));
}

#[tokio::test]
async fn a_reader_that_is_gone_does_not_stop_a_deploy() {
    let sandbox = Sandbox::with_commands(&[shell(CHATTY)], &[]).await;
    let mut command = sandbox.command(SECOND, &[]);
    let mut child = piped(&mut command).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    let status = tokio::time::timeout(Duration::from_secs(20), child.wait()).await;
    assert_eq!(status.expect("an end").unwrap().code(), Some(0));
    assert_eq!(sandbox.version().await, SECOND);
}

fn piped(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped())
}
