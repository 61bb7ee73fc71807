//! Tasks as real processes behind the real balancer.

use std::collections::BTreeMap;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ecs_deploy_sandbox::run::Program;
use ecs_deploy_sandbox::run::traffic::Traffic;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, mkfifo};
use serde_json::json;

use crate::shop::{BLUE, GREEN, Shop};
use crate::support::{get, open, until};

fn shell(script: &str) -> Program {
    Program { program: "sh".into(), args: vec!["-c".into(), script.into()], env: BTreeMap::new() }
}

/// Sees whether any process is left of those that [`Witness::program`] started, children included:
/// they all hold one end of a pipe.
struct Witness {
    directory: tempfile::TempDir,
}

impl Witness {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let witness = Self { directory };
        mkfifo(&witness.pipe(), Mode::S_IRWXU).unwrap();
        witness
    }

    /// A shell that runs a script while it and its children can be seen.
    fn program(&self, script: &str) -> Program {
        let pipe = self.pipe().into_os_string().into_string().unwrap();
        let mut program = shell(&format!("exec 3<>\"$PIPE\"; {script}"));
        program.env.insert("PIPE".into(), pipe);
        program
    }

    /// Whether a process holds the pipe: without one it cannot be opened to write.
    fn sees_somebody(&self) -> bool {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(self.pipe()).is_ok()
    }

    fn pipe(&self) -> PathBuf {
        self.directory.path().join("pipe")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_swap_between_two_versions_fails_no_request() {
    let shop = Shop::open(|programs| programs).await;
    let green = shop.launch("1", GREEN, json!([])).await;
    shop.steady(&green).await;
    let in_flight = open(shop.address(), Request::get("/"), "/slow?ms=2500", "").await;
    let url = format!("http://{}/", shop.address()).parse().unwrap();
    let traffic = Traffic::start(url, 50.try_into().unwrap());
    let blue = shop.launch("2", BLUE, json!([])).await;
    shop.steady(&blue).await;

    let before = Instant::now();
    shop.swap().await;
    // Every node has followed 250 ms after the swap; until then both versions answer.
    let late = Instant::now() + Duration::from_millis(250);
    let counters = traffic.counters();
    until("blue", async || counters.read().answered.get("2") > Some(&20)).await;
    let which = json!({"cluster": "dev", "service": "shop", "taskSet": green, "force": true});
    shop.ecs("DeleteTaskSet", which).await;
    tokio::time::sleep_until((late + Duration::from_millis(700)).into()).await;
    let samples = traffic.stop().await;

    for sample in &samples {
        assert!(!sample.failed(), "{sample:?}");
        let version = sample.outcome.as_ref().unwrap().version.as_deref();
        assert!(sample.received > before || version == Some("1"), "early: {sample:?}");
        assert!(sample.sent < late || version == Some("2"), "late: {sample:?}");
    }
    assert_eq!(in_flight.headers()["x-version"], "1");
    in_flight.into_body().collect().await.unwrap();
    shop.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_task_that_is_killed_ends_with_137_and_is_replaced() {
    let shop = Shop::open(|programs| programs).await;
    // Else its checks, which fail as well, may be the first to end it.
    shop.have_patience().await;
    let task_set = shop.launch("1", GREEN, json!([])).await;
    shop.steady(&task_set).await;
    let victim = shop.sandbox.tasks().remove(0);
    kill(Pid::from_raw(i32::try_from(victim.process).unwrap()), Signal::SIGKILL).unwrap();
    let stopped = shop.stopped(&victim.task).await;
    assert_eq!(stopped["containers"][0]["exitCode"], 137);
    assert_eq!(stopped["stopCode"], "EssentialContainerExited");
    shop.steady(&task_set).await;
    assert_eq!(get(shop.address(), "/").await.0, StatusCode::OK);
    shop.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_task_that_ecs_stops_ends_in_its_own_way() {
    let polite = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done";
    let shop = Shop::open(|programs| {
        programs.run("shop:sleep", shell("echo ready; exec sleep 60")).run("shop", shell(polite))
    })
    .await;
    shop.have_patience().await;
    for (version, group, code) in [("sleep", GREEN, 143), ("polite", BLUE, 0)] {
        let task_set = shop.launch(version, group, json!([])).await;
        until("ready", async || {
            let tasks = shop.sandbox.tasks();
            tasks.len() == 2
                && tasks.iter().all(|task| shop.sandbox.task_log(&task.task) == ["ready"])
        })
        .await;
        let task = shop.sandbox.tasks().remove(0).task;
        let scale = json!({"value": 0.0, "unit": "PERCENT"});
        let which =
            json!({"cluster": "dev", "service": "shop", "taskSet": task_set, "scale": scale});
        shop.ecs("UpdateTaskSet", which).await;
        assert_eq!(shop.stopped(&task).await["containers"][0]["exitCode"], code, "{version}");
        until("none", async || shop.sandbox.tasks().is_empty()).await;
    }
    shop.sandbox.shutdown().await;
}

#[tokio::test]
async fn ecs_tells_why_a_task_could_not_start_or_ended() {
    let shop = Shop::open(|programs| programs.missing("shop:gone")).await;
    shop.launch("gone", GREEN, json!([])).await;
    let stopped = shop.first_stopped().await;
    let reason = stopped["stoppedReason"].as_str().unwrap();
    assert!(reason.starts_with("CannotPullContainerError: "), "{stopped}");
    assert_eq!(stopped["stopCode"], "TaskFailedToStart");
    shop.sandbox.shutdown().await;

    let shop = Shop::open(|programs| programs).await;
    shop.launch("1", GREEN, json!([{"name": "DEMO_EXIT_AFTER", "value": "10ms:3"}])).await;
    let stopped = shop.first_stopped().await;
    assert_eq!(stopped["containers"][0]["exitCode"], 3, "{stopped}");
    shop.sandbox.shutdown().await;
}

#[tokio::test]
async fn ecs_tells_that_a_version_never_is_healthy() {
    let shop = Shop::open(|programs| programs).await;
    let healthy = shop.launch("1", GREEN, json!([])).await;
    shop.steady(&healthy).await;
    let unhealthy = json!([{"name": "DEMO_HEALTH", "value": "never"}]);
    let task_set = shop.launch("2", BLUE, unhealthy).await;
    let replaced = shop.first_stopped().await;
    assert_eq!(replaced["startedBy"], task_set);
    let reason = replaced["stoppedReason"].as_str().unwrap();
    assert!(reason.starts_with("Task failed ELB health checks"), "{replaced}");
    assert!(get(shop.address(), "/").await.1.contains(r#""version":"1""#));
    shop.sandbox.shutdown().await;
}

#[tokio::test]
async fn nothing_is_left_after_the_shutdown() {
    let witness = Witness::new();
    let stubborn = witness.program("trap '' TERM; sleep 60 & while :; do sleep 0.01; done");
    let shop = Shop::open(|programs| programs.run("shop:2", stubborn)).await;
    shop.have_patience().await;
    shop.launch("1", GREEN, json!([])).await;
    shop.launch("2", BLUE, json!([])).await;
    until("there", async || shop.sandbox.tasks().len() == 4 && witness.sees_somebody()).await;
    let tasks = shop.sandbox.tasks();
    shop.sandbox.shutdown().await;
    for task in tasks {
        let leader = Pid::from_raw(i32::try_from(task.process).unwrap());
        assert_eq!(kill(leader, None), Err(Errno::ESRCH));
    }
    until("gone", async || !witness.sees_somebody()).await;
}

#[tokio::test]
async fn nothing_is_left_after_the_sandbox_is_dropped() {
    let witness = Witness::new();
    let program = witness.program("sleep 60 & sleep 60");
    let shop = Shop::open(|programs| programs.run("shop", program)).await;
    shop.have_patience().await;
    shop.launch("1", GREEN, json!([])).await;
    until("there", async || shop.sandbox.tasks().len() == 2 && witness.sees_somebody()).await;
    drop(shop);
    until("gone", async || !witness.sees_somebody()).await;
}
