//! Real sockets: a client, the proxy, and demo programs or hand-made targets behind it.

mod fields;
mod uploads;

use std::net::Ipv4Addr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full, StreamBody};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::run::demo::{Demo, serve as serve_demo};
use crate::run::ports::Reservation;
use crate::run::traffic::Traffic;

/// An idle timeout that no test is to reach.
const LONG: Duration = Duration::from_secs(30);

/// Sends everything to one address, which can be changed.
#[derive(Clone)]
struct Switch(Arc<Mutex<SocketAddr>>);

impl Switch {
    fn set(&self, address: SocketAddr) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = address;
    }
}

impl Router for Switch {
    fn node(&self, _: usize) -> usize {
        0
    }

    fn route(&self, _: usize, head: &RequestHead) -> Route {
        match head.path.as_str() {
            "/nobody" => Route::Gone,
            "/fixed" => Route::Respond(plain(StatusCode::NOT_FOUND, "fixed")),
            path => {
                let address = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
                let cookie = HeaderValue::from_static("AWSALBTG=1");
                let cookie = (path == "/sticky").then_some(cookie);
                let rewritten = if path == "/rewritten" { made() } else { Rewritten::default() };
                Route::Target { address, cookie, rewritten }
            }
        }
    }
}

fn made() -> Rewritten {
    Rewritten {
        host: Some(HeaderValue::from_static("internal.example.com")),
        url: Some("/made?b=2".parse().unwrap()),
    }
}

/// A running proxy; ends with the test.
struct Balancer {
    address: SocketAddr,
    switch: Switch,
    end: CancellationToken,
    done: tokio::task::JoinHandle<()>,
}

async fn balancer(target: SocketAddr, idle_timeout: Duration) -> Balancer {
    let switch = Switch(Arc::new(Mutex::new(target)));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let front = Front { https: false, port: 80 };
    let proxy = Proxy::new(switch.clone(), front, Upstream::new(idle_timeout));
    let end = CancellationToken::new();
    let done =
        tokio::spawn(proxy.run(listener, end.clone().cancelled_owned(), Duration::from_secs(3)));
    Balancer { address, switch, end, done }
}

impl Balancer {
    fn uri(&self, path: &str) -> Uri {
        format!("http://{}{path}", self.address).parse().unwrap()
    }
}

/// A demo program in this process, listening when this returns.
async fn demo(version: &str) -> SocketAddr {
    let reservation = Reservation::new().unwrap();
    let address = reservation.address();
    let demo = Demo::new(version, address);
    tokio::spawn(async move {
        serve_demo(demo, std::future::pending()).await.unwrap();
        drop(reservation);
    });
    while TcpStream::connect(address).await.is_err() {
        tokio::task::yield_now().await;
    }
    address
}

/// A target that treats each connection as `act` says.
async fn target<F>(act: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(act(stream));
        }
    });
    address
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

type TestClient<B> = Client<HttpConnector, B>;

fn client<B>() -> TestClient<B>
where
    B: http_body::Body<Data: Send> + Send,
{
    Client::builder(TokioExecutor::new()).build_http()
}

async fn get(uri: Uri) -> (StatusCode, Bytes) {
    let response = client::<Full<Bytes>>().get(uri).await.unwrap();
    let status = response.status();
    (status, response.into_body().collect().await.unwrap().to_bytes())
}

/// Bytes in which a lost, doubled or swapped piece shows.
fn pattern(length: usize) -> Vec<u8> {
    (0..length as u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_stream_both_ways_intact() {
    let balancer = balancer(demo("1").await, LONG).await;
    let sent = pattern(24 << 20);
    let pieces: Vec<Result<_, std::convert::Infallible>> = sent
        .chunks(60_000)
        .map(|piece| Ok(hyper::body::Frame::data(Bytes::copy_from_slice(piece))))
        .collect();
    let body = StreamBody::new(futures_util::stream::iter(pieces));
    let request = Request::post(balancer.uri("/echo")).body(body).unwrap();
    let response = client().request(request).await.unwrap();
    assert_eq!(response.headers()["x-version"], "1");
    assert!(response.headers().get("content-length").is_none());
    let received = response.into_body().collect().await.unwrap().to_bytes();
    assert!(received == sent, "the body changed on its way");
}

#[tokio::test]
async fn a_body_of_known_length_keeps_its_length() {
    let balancer = balancer(demo("1").await, LONG).await;
    let (status, page) = get(balancer.uri("/")).await;
    assert_eq!((status, &page[..]), (StatusCode::OK, &b"{\"version\":\"1\"}\n"[..]));
    let head = Request::head(balancer.uri("/")).body(Full::<Bytes>::default()).unwrap();
    let response = client().request(head).await.unwrap();
    assert_eq!(response.headers()["content-length"], page.len().to_string());
}

#[tokio::test]
async fn a_slow_answer_arrives_piece_by_piece_and_outlasts_the_idle_timeout() {
    let balancer = balancer(demo("1").await, Duration::from_secs(1)).await;
    let started = Instant::now();
    let mut response = client::<Full<Bytes>>().get(balancer.uri("/slow?ms=1300")).await.unwrap();
    let first = response.frame().await.unwrap().unwrap();
    assert!(started.elapsed() < Duration::from_millis(1300), "the answer was held back");
    let rest = response.into_body().collect().await.unwrap().to_bytes();
    assert!(started.elapsed() >= Duration::from_millis(1300));
    assert!(first.data_ref().unwrap().len() + rest.len() > 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serves_200_connections_at_once() {
    let balancer = balancer(demo("1").await, LONG).await;
    let mut requests = tokio::task::JoinSet::new();
    let started = Instant::now();
    for _ in 0..200 {
        requests.spawn(get(balancer.uri("/slow?ms=300")));
    }
    for (status, body) in requests.join_all().await {
        assert_eq!(status, StatusCode::OK);
        assert!(!body.is_empty());
    }
    assert!(started.elapsed() < Duration::from_secs(10), "one after the other");
}

#[tokio::test]
async fn connections_are_kept_on_both_sides() {
    let balancer = balancer(demo("1").await, LONG).await;
    let mut stream = TcpStream::connect(balancer.address).await.unwrap();
    let page = b"{\"version\":\"1\"}\n";
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
        let head = read_head(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let mut body = vec![0; page.len()];
        stream.read_exact(&mut body).await.unwrap();
        assert_eq!(body, page);
    }
}

#[tokio::test]
async fn a_target_that_refuses_or_breaks_is_a_502() {
    let refused = Reservation::new().unwrap();
    let balancer = balancer(refused.address(), LONG).await;
    assert_eq!(get(balancer.uri("/")).await.0, StatusCode::BAD_GATEWAY);
    assert_eq!(get(balancer.uri("/nobody")).await.0, StatusCode::BAD_GATEWAY);
    balancer.switch.set(
        target(|mut stream| async move {
            read_head(&mut stream).await;
        })
        .await,
    );
    assert_eq!(get(balancer.uri("/")).await.0, StatusCode::BAD_GATEWAY);
    assert_eq!(get(balancer.uri("/fixed")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_target_that_stays_silent_is_a_504_after_the_idle_timeout() {
    let silent = |mut stream: TcpStream| async move {
        read_head(&mut stream).await;
        std::future::pending().await
    };
    let idle_timeout = Duration::from_millis(200);
    let balancer = balancer(target(silent).await, idle_timeout).await;
    let started = Instant::now();
    assert_eq!(get(balancer.uri("/")).await.0, StatusCode::GATEWAY_TIMEOUT);
    assert!(started.elapsed() >= idle_timeout);
}

#[tokio::test]
async fn an_answer_that_breaks_off_breaks_off_for_the_client_too() {
    let half = |mut stream: TcpStream| async move {
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").await.unwrap();
    };
    let balancer = balancer(target(half).await, LONG).await;
    let response = client::<Full<Bytes>>().get(balancer.uri("/")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body().collect().await.unwrap_err();
}

#[tokio::test]
async fn a_target_that_closes_idle_connections_costs_no_request() {
    let answers_once = |mut stream: TcpStream| async move {
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
    };
    let balancer = balancer(target(answers_once).await, LONG).await;
    for _ in 0..20 {
        assert_eq!(get(balancer.uri("/")).await.0, StatusCode::OK);
        // The connection counts as kept until the balancer has seen that it was closed.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_swap_under_traffic_fails_no_request_and_leaves_those_in_flight_alone() {
    let (green, blue) = (demo("green").await, demo("blue").await);
    let balancer = balancer(green, LONG).await;
    let in_flight = client::<Full<Bytes>>().get(balancer.uri("/slow?ms=1500")).await.unwrap();
    let started = Instant::now();
    let traffic = Traffic::start(balancer.uri("/"), 50.try_into().unwrap());
    answered(&traffic, "green").await;
    let before = Instant::now();
    balancer.switch.set(blue);
    let after = Instant::now();
    answered(&traffic, "blue").await;
    let samples = traffic.stop().await;

    let due = started.elapsed().as_millis() / 20 + 1;
    assert!((due / 2..=due).contains(&(samples.len() as u128)), "{} of {due}", samples.len());
    for sample in samples {
        assert!(!sample.failed(), "{sample:?}");
        let version = sample.outcome.unwrap().version.unwrap();
        assert!(sample.received > before || version == "green", "blue before the swap");
        assert!(sample.sent < after || version == "blue", "green after the swap");
    }
    assert_eq!(in_flight.headers()["x-version"], "green");
    in_flight.into_body().collect().await.unwrap();
}

/// Waits until a version has answered 20 requests.
async fn answered(traffic: &Traffic, version: &str) {
    let counters = traffic.counters();
    while counters.read().answered.get(version).is_none_or(|&answered| answered < 20) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn trace_is_refused() {
    let balancer = balancer(demo("1").await, LONG).await;
    let request = Request::builder().method(Method::TRACE).uri(balancer.uri("/"));
    let response = client().request(request.body(Full::<Bytes>::default()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_end_lets_requests_in_flight_finish() {
    let balancer = balancer(demo("1").await, LONG).await;
    let response = client::<Full<Bytes>>().get(balancer.uri("/slow?ms=300")).await.unwrap();
    balancer.end.cancel();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body.len() > 5);
    balancer.done.await.unwrap();
}
