//! The demo web program: what a task runs when no other program is named for its image.
//!
//! | request | answer |
//! | --- | --- |
//! | `/healthz` | 200, or 500 from a version that never becomes healthy |
//! | `/slow?ms=N` | 200, dots streamed for `N` milliseconds |
//! | `/lines?n=N` | 200, `N` lines streamed, each with the version and its own number |
//! | `/echo` | 200 with the body of the request, streamed |
//! | anything else | 200, `{"version":"…"}` |
//!
//! Every answer bears the version in `x-version`.

mod environment;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode, Uri};
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

pub use self::environment::DemoVariableError;
use super::http::{Body, Received, plain, serve as serve_http, whole};

/// How long requests in flight may take once the program is told to end.
const GRACE: Duration = Duration::from_secs(30);

/// The time between two pieces of a slow answer.
const SLOW_PIECE: Duration = Duration::from_millis(20);

/// How many lines one piece of a body has.
const LINES_AT_ONCE: usize = 1000;

/// What the demo program is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// The version that it shows.
    pub version: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it tells health checks.
    pub health: Health,
    /// When it breaks down by itself.
    pub exit: Option<Exit>,
}

/// What the demo program tells health checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// 200, from the start.
    Healthy,
    /// 500, for ever.
    Never,
}

/// A breakdown: connections break and the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// How long after its start.
    pub after: Duration,
    /// The exit code.
    pub code: u8,
}

impl Demo {
    /// A healthy program.
    pub fn new(version: impl Into<String>, address: SocketAddr) -> Self {
        Self { version: version.into(), address, health: Health::Healthy, exit: None }
    }

    async fn answer(&self, request: Received) -> Response<Body> {
        let mut response = match request.uri().path() {
            "/healthz" => self.healthz(),
            "/slow" => Response::new(slow(Duration::from_millis(number(request.uri(), "ms")))),
            "/lines" => Response::new(lines(self.version.clone(), number(request.uri(), "n"))),
            "/echo" => Response::new(request.into_body().map_err(Into::into).boxed_unsync()),
            _ => self.page(),
        };
        if let Ok(version) = HeaderValue::try_from(&self.version) {
            response.headers_mut().insert("x-version", version);
        }
        response
    }

    fn healthz(&self) -> Response<Body> {
        match self.health {
            Health::Healthy => plain(StatusCode::OK, "ok\n"),
            Health::Never => plain(StatusCode::INTERNAL_SERVER_ERROR, "this version is broken\n"),
        }
    }

    fn page(&self) -> Response<Body> {
        let mut page = serde_json::json!({ "version": self.version }).to_string();
        page.push('\n');
        let mut response = Response::new(whole(page));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

/// Serves until `end`, usually [`told_to_end`], then finishes the requests in flight; gives the exit
/// code.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(demo: Demo, end: impl Future<Output = ()>) -> io::Result<u8> {
    let listener = TcpListener::bind(demo.address).await?;
    let breakdown = breakdown(demo.exit);
    let demo = Arc::new(demo);
    let connected = |_peer| {
        let demo = Arc::clone(&demo);
        move |request| {
            let demo = Arc::clone(&demo);
            async move { demo.answer(request).await }
        }
    };
    tokio::select! {
        () = serve_http(listener, end, GRACE, connected) => Ok(0),
        code = breakdown => Ok(code),
    }
}

async fn breakdown(exit: Option<Exit>) -> u8 {
    match exit {
        Some(exit) => {
            tokio::time::sleep(exit.after).await;
            exit.code
        }
        None => std::future::pending().await,
    }
}

/// Comes back on SIGTERM, and when standard input closes: the sandbox holds the other end of it, so
/// that this program does not outlive a sandbox that was killed. Both are watched from the call on.
///
/// # Errors
/// When the signal cannot be watched.
pub fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let (closed, closing) = oneshot::channel();
    // A thread of its own: tokio's standard input would keep the runtime from ending.
    std::thread::Builder::new().name("lifeline".to_owned()).spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = closed.send(());
    })?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = closing => {}
        }
    })
}

/// What a parameter of the query says; 0 where it says nothing.
fn number(uri: &Uri, name: &str) -> u64 {
    let mut pairs = uri.query().unwrap_or_default().split('&').filter_map(|it| it.split_once('='));
    pairs.find(|(key, _)| *key == name).and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

/// Dots for `duration`, as long as somebody listens.
fn slow(duration: Duration) -> Body {
    let (mut sender, body) = Channel::<Bytes, super::http::BodyError>::new(1);
    tokio::spawn(async move {
        let end = tokio::time::Instant::now() + duration;
        while tokio::time::Instant::now() < end
            && sender.send_data(Bytes::from_static(b".")).await.is_ok()
        {
            tokio::time::sleep(SLOW_PIECE).await;
        }
    });
    body.boxed_unsync()
}

/// So many lines with the version, as long as somebody listens.
fn lines(version: String, count: u64) -> Body {
    let (mut sender, body) = Channel::<Bytes, super::http::BodyError>::new(1);
    tokio::spawn(async move {
        for first in (0..count).step_by(LINES_AT_ONCE) {
            let end = count.min(first + LINES_AT_ONCE as u64);
            let piece: String = (first..end).map(|line| format!("{version} {line}\n")).collect();
            if sender.send_data(piece.into()).await.is_err() {
                return;
            }
        }
    });
    body.boxed_unsync()
}
