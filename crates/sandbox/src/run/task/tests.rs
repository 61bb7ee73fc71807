//! Real processes, all of them `sh`.

use std::collections::BTreeMap;
use std::time::Instant;

use nix::sys::signal::kill;
use tokio::io::AsyncWriteExt;
use tokio::process::ChildStdin;

use super::*;

fn launch(stop_timeout: Duration) -> Launch {
    Launch {
        scope: Scope { account: "111111111111".into(), region: "us-east-1".into() },
        task: "arn:task/1".into(),
        image: "shop:7".into(),
        environment: BTreeMap::from([("COLOR".into(), "green".into())]),
        command: Vec::new(),
        ip: [10, 0, 0, 1].into(),
        port: 80,
        stop_timeout,
    }
}

fn shell(script: &str) -> Program {
    let args = vec!["-c".into(), script.into(), "sh".into(), "{ip}:{port}".into(), "{tag}".into()];
    Program {
        program: "sh".into(),
        args,
        env: BTreeMap::from([("LISTEN".into(), "{port}".into())]),
    }
}

fn start(tasks: &mut Tasks, script: &str) -> Process {
    let launch = launch(Duration::from_millis(300));
    tasks.start(&launch, &shell(script)).unwrap().unwrap()
}

async fn printed(log: &Log, line: &str) {
    while !log.lines().iter().any(|printed| printed == line) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The exit code of a task that is asked to end once it has printed `ready`.
async fn stopped(script: &str) -> i32 {
    let mut tasks = Tasks::default();
    let process = start(&mut tasks, script);
    let (log, ended) = (Arc::clone(&process.log), tokio::spawn(process.ended()));
    printed(&log, "ready").await;
    tasks.stop("arn:task/1");
    ended.await.unwrap()
}

/// Starts a shell that leaves a child behind; both hold the given standard input open.
fn start_with_child(tasks: &mut Tasks, then: &str) -> (Process, ChildStdin) {
    let mut process = start(tasks, &format!("exec 3<&0; sleep 60 & echo ready; {then}"));
    let stdin = process.child.stdin.take().unwrap();
    (process, stdin)
}

/// Waits until nobody holds the other end of a standard input.
async fn gone(mut stdin: ChildStdin) {
    let started = Instant::now();
    while stdin.write_all(b"?").await.is_ok() {
        assert!(started.elapsed() < Duration::from_secs(5), "somebody is still there");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn the_exit_code_of_a_task_is_that_of_its_process() {
    let mut tasks = Tasks::default();
    assert_eq!(start(&mut tasks, "exit 3").ended().await, 3);
}

#[tokio::test]
async fn a_task_that_is_killed_ends_with_137() {
    let mut tasks = Tasks::default();
    let process = start(&mut tasks, "exec sleep 60");
    kill(process.group.0, Signal::SIGKILL).unwrap();
    assert_eq!(process.ended().await, 137);
}

#[tokio::test]
async fn a_task_that_is_stopped_ends_with_143_or_as_it_likes() {
    assert_eq!(stopped("echo ready; exec sleep 60").await, 143);
    assert_eq!(stopped("trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done").await, 0);
}

#[tokio::test]
async fn a_task_that_does_not_end_in_time_is_killed() {
    let started = Instant::now();
    assert_eq!(stopped("trap '' TERM; echo ready; while :; do sleep 0.01; done").await, 137);
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn what_a_task_started_ends_with_it() {
    let mut tasks = Tasks::default();
    let (process, stdin) = start_with_child(&mut tasks, "exit 0");
    assert_eq!(process.ended().await, 0);
    gone(stdin).await;
}

#[tokio::test]
async fn a_task_that_nobody_waits_for_any_more_is_killed() {
    let mut tasks = Tasks::default();
    let (process, stdin) = start_with_child(&mut tasks, "wait");
    drop(process);
    gone(stdin).await;
}

#[tokio::test]
async fn a_task_ends_when_its_standard_input_closes_if_it_watches_it() {
    let mut tasks = Tasks::default();
    let mut process = start(&mut tasks, "cat; exit 9");
    drop(process.child.stdin.take());
    assert_eq!(process.ended().await, 9);
}

#[tokio::test]
async fn a_task_is_told_its_address_and_sees_no_environment_but_its_own() {
    let mut tasks = Tasks::default();
    let script = r#"echo "$1 $2 $COLOR $LISTEN"; env | cut -d= -f1 | sort | tr '\n' ' '"#;
    let process = start(&mut tasks, script);
    let address = tasks.list()[0].address;
    process.ended().await;
    tasks.ended("arn:task/1");
    let lines = tasks.log("arn:task/1").unwrap().lines();
    assert_eq!(lines[0], format!("{address} 7 green {}", address.port()));
    let names: Vec<_> = lines[1].split_whitespace().collect();
    let own_to_sh = ["OLDPWD", "PWD", "SHLVL", "_"];
    let passed: Vec<_> = names.into_iter().filter(|name| !own_to_sh.contains(name)).collect();
    assert_eq!(passed, ["COLOR", "LISTEN", "PATH"]);
}

#[tokio::test]
async fn a_command_that_is_not_used_is_told_of() {
    let mut tasks = Tasks::default();
    let launch = Launch { command: vec!["serve".into()], ..launch(Duration::ZERO) };
    let process = tasks.start(&launch, &shell("exit 0")).unwrap().unwrap();
    let log = Arc::clone(&process.log);
    process.ended().await;
    assert!(log.lines()[0].contains(r#"the container's command ["serve"] is not used"#));
}

#[tokio::test]
async fn a_running_task_is_found_by_the_address_that_the_api_shows() {
    let mut tasks = Tasks::default();
    let process = start(&mut tasks, "exec sleep 60");
    let Launch { scope, ip, port, .. } = launch(Duration::ZERO);
    let found = tasks.address(&scope, Target { ip, port });
    assert_eq!(found, Some(tasks.list()[0].address));
    assert_eq!(tasks.address(&scope, Target { ip, port: 81 }), None);
    let elsewhere = Scope { region: "eu-west-1".into(), ..scope };
    assert_eq!(tasks.address(&elsewhere, Target { ip, port }), None);
    drop(process);
}

#[tokio::test]
async fn nothing_starts_after_the_end() {
    let mut tasks = Tasks::default();
    tasks.close();
    let started = tasks.start(&launch(Duration::ZERO), &shell("exit 0")).unwrap();
    assert!(started.is_none());
}
