//! A door before the sandbox that holds up one call, so that a test can do something right then.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Which call to hold up: the first that is this action after that other one was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hold {
    pub(crate) after: Option<&'static str>,
    pub(crate) action: &'static str,
}

/// The door.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    held: oneshot::Receiver<oneshot::Sender<()>>,
}

struct State {
    hold: Hold,
    open: AtomicBool,
    sandbox: SocketAddr,
    held: Mutex<Option<oneshot::Sender<oneshot::Sender<()>>>>,
}

impl Door {
    pub(crate) async fn before(sandbox: SocketAddr, hold: Hold) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (send, held) = oneshot::channel();
        let open = AtomicBool::new(hold.after.is_none());
        let state = Arc::new(State { hold, open, sandbox, held: Mutex::new(Some(send)) });
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let state = Arc::clone(&state);
                let service = service_fn(move |request| pass(Arc::clone(&state), request));
                let served = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service);
                tokio::spawn(served);
            }
        });
        Self { address, held }
    }

    /// Waits until the call is there. It goes on when what this gives is dropped.
    pub(crate) async fn held(self) -> oneshot::Sender<()> {
        let held = tokio::time::timeout(std::time::Duration::from_secs(30), self.held).await;
        held.expect("the call in time").unwrap()
    }
}

async fn pass(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let target = head.headers.get("x-amz-target").map(|target| target.to_str().unwrap().to_owned());
    let called = format!("{} {}", target.unwrap_or_default(), String::from_utf8_lossy(&body));
    if state.open.load(Ordering::SeqCst) && called.contains(state.hold.action) {
        let hold = state.held.lock().unwrap().take();
        if let Some(hold) = hold {
            let (release, released) = oneshot::channel();
            let _ = hold.send(release);
            let _ = released.await;
        }
    }
    if state.hold.after.is_some_and(|after| called.contains(after)) {
        state.open.store(true, Ordering::SeqCst);
    }
    head.uri = format!("http://{}/", state.sandbox).parse().unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let answer = client.request(Request::from_parts(head, Full::from(body))).await.unwrap();
    let (head, body) = answer.into_parts();
    Ok(Response::from_parts(head, Full::from(body.collect().await.unwrap().to_bytes())))
}
