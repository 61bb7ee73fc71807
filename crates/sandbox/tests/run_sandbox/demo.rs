//! The demo program as a process.

use std::net::SocketAddr;
use std::process::Stdio;

use ecs_deploy_sandbox::run::demo::{Demo, serve, told_to_end};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::{TcpSocket, TcpStream};
use tokio::process::{Child, Command};

use crate::support::{get, open, until};

/// Not a test: what the tests start as the demo program, being the program at hand.
#[test]
#[ignore = "the demo program itself, which other tests start"]
fn demo_program() {
    let variable = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let address = variable("DEMO_LISTEN").parse().unwrap();
    let demo = Demo::new("", address).configure(std::env::vars()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let code = runtime.block_on(async { serve(demo, told_to_end().unwrap()).await.unwrap() });
    std::process::exit(code.into());
}

struct Started {
    child: Child,
    address: SocketAddr,
    _port: Option<TcpSocket>,
}

/// Starts the demo program with a variable set and waits until it listens. Its port is kept for it
/// where the system allows that.
async fn started(name: &str, value: &str) -> Started {
    let port = TcpSocket::new_v4().unwrap();
    port.set_reuseaddr(true).unwrap();
    port.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = port.local_addr().unwrap();
    let _port = cfg!(target_os = "linux").then_some(port);
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "demo::demo_program", "--ignored", "--nocapture"])
        .env("DEMO_LISTEN", address.to_string())
        .env(name, value)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    until("listening", async || TcpStream::connect(address).await.is_ok()).await;
    Started { child, address, _port }
}

impl Started {
    fn terminate(&self) {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        kill(Pid::from_raw(id), Signal::SIGTERM).unwrap();
    }

    /// Waits for its end, which closes no standard input.
    async fn code(&mut self) -> Option<i32> {
        let lifeline = self.child.stdin.take();
        let status = self.child.wait().await.unwrap();
        drop(lifeline);
        status.code()
    }
}

#[tokio::test]
async fn shows_its_version_and_its_health() {
    let healthy = started("DEMO_VERSION", "9e1").await;
    assert_eq!(
        get(healthy.address, "/any").await,
        (StatusCode::OK, "{\"version\":\"9e1\"}\n".into())
    );
    assert_eq!(get(healthy.address, "/healthz").await.0, StatusCode::OK);
    let never = started("DEMO_HEALTH", "never").await;
    assert_eq!(get(never.address, "/healthz").await.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(get(never.address, "/").await.0, StatusCode::OK);
}

#[tokio::test]
async fn bears_its_version_in_every_line_of_a_long_body() {
    let demo = started("DEMO_VERSION", "9e1").await;
    let (status, body) = get(demo.address, "/lines?n=2500").await;
    let lines: Vec<String> = (0..2500).map(|line| format!("9e1 {line}")).collect();
    assert_eq!(
        (status, body.lines().collect::<Vec<_>>()),
        (StatusCode::OK, lines.iter().map(String::as_str).collect())
    );
    assert_eq!(get(demo.address, "/lines").await, (StatusCode::OK, String::new()));
}

#[tokio::test]
async fn finishes_requests_in_flight_when_it_is_terminated() {
    let mut demo = started("DEMO_VERSION", "1").await;
    let slow = open(demo.address, Request::get("/"), "/slow?ms=400", "").await;
    demo.terminate();
    let body = slow.into_body().collect().await.unwrap().to_bytes();
    assert!(body.len() > 3, "{body:?}");
    assert_eq!(demo.code().await, Some(0));
}

#[tokio::test]
async fn ends_when_its_standard_input_closes() {
    let mut demo = started("DEMO_VERSION", "1").await;
    drop(demo.child.stdin.take());
    assert_eq!(demo.code().await, Some(0));
}

#[tokio::test]
async fn breaks_down_when_it_is_told_to() {
    let mut demo = started("DEMO_EXIT_AFTER", "200ms:3").await;
    assert_eq!(demo.code().await, Some(3));
}
