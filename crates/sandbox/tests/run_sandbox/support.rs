//! A sandbox to test, and what talks to it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use ecs_deploy_sandbox::model::elb::{Action, ActionKind, FixedResponse};
use ecs_deploy_sandbox::model::{Cloud, Scope, Settings, Time};
use ecs_deploy_sandbox::run::{Options, Program, Programs, Sandbox};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const BALANCER: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/shop/50dc6c495c0c9188";
pub(crate) const LISTENER: &str = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2";

pub(crate) fn scope() -> Scope {
    Scope { account: ACCOUNT.into(), region: "us-east-1".into() }
}

/// This very test program, running the demo program: see `demo::demo_program`.
pub(crate) fn demo_program() -> Program {
    let args = ["--exact", "demo::demo_program", "--ignored", "--nocapture"];
    Program {
        program: std::env::current_exe().unwrap(),
        args: args.map(str::to_owned).to_vec(),
        env: BTreeMap::from([
            ("DEMO_LISTEN".into(), "{ip}:{port}".into()),
            ("DEMO_VERSION".into(), "{tag}".into()),
        ]),
    }
}

/// A cloud that follows changes almost at once.
pub(crate) fn cloud() -> Cloud {
    let settings = Settings {
        answer_lag: Duration::ZERO,
        rule_delay_first: Duration::from_millis(50),
        rule_delay_last: Duration::from_millis(250),
        task_start_delay: Duration::from_millis(50),
        restart_delay: Duration::from_millis(50),
        ..Settings::default()
    };
    Cloud::new(settings)
}

/// A cloud with a listener that answers 404.
pub(crate) fn cloud_with_listener(protocol: &str, port: u16) -> Cloud {
    let mut cloud = cloud();
    let elb = &mut cloud.region(&scope()).elb;
    let now = Time::default();
    elb.put_load_balancer(BALANCER, now).unwrap();
    elb.put_listener(LISTENER, protocol, port, vec![fixed(404, "nothing here")], now).unwrap();
    cloud
}

pub(crate) fn start(cloud: Cloud, programs: Programs) -> Sandbox {
    Sandbox::start(cloud, Options::new(programs)).unwrap()
}

/// Who calls a service; nobody checks the signature.
pub(crate) fn authorization(service: &str) -> String {
    let credential = format!("{ACCOUNT}/20260101/us-east-1/{service}/aws4_request");
    format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=00")
}

pub(crate) fn fixed(status: u16, body: &str) -> Action {
    let response = FixedResponse { status, content_type: None, body: Some(body.to_owned()) };
    Action { order: 1, kind: ActionKind::FixedResponse(response) }
}

/// Sends a request and gives the answer as soon as its head is there.
pub(crate) async fn open(
    address: SocketAddr,
    request: http::request::Builder,
    path: &str,
    body: impl Into<Bytes>,
) -> Response<Incoming> {
    let uri = format!("http://{address}{path}");
    let request: Request<Full<Bytes>> = request.uri(uri).body(Full::new(body.into())).unwrap();
    Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap()
}

pub(crate) async fn request(
    address: SocketAddr,
    request: http::request::Builder,
    path: &str,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let (head, body) = open(address, request, path, body).await.into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> (StatusCode, String) {
    let response = request(address, Request::get("/"), path, "").await;
    (response.status(), String::from_utf8(response.into_body().to_vec()).unwrap())
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < Duration::from_secs(10), "still not: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
