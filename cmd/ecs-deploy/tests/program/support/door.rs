//! A door before the sandbox that holds up one call, so that a test can do something right then.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::oneshot;

use super::proxy;

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
        let (send, held) = oneshot::channel();
        let open = AtomicBool::new(hold.after.is_none());
        let state = Arc::new(State { hold, open, sandbox, held: Mutex::new(Some(send)) });
        let address = proxy::open(move |request| pass(Arc::clone(&state), request)).await;
        Self { address, held }
    }

    /// Waits until the call is there. It goes on when what this gives is dropped.
    pub(crate) async fn held(self) -> oneshot::Sender<()> {
        let held = tokio::time::timeout(std::time::Duration::from_secs(30), self.held).await;
        held.expect("the call in time").unwrap()
    }
}

async fn pass(state: Arc<State>, request: Request<Bytes>) -> Response<Bytes> {
    let headers = request.headers();
    let target = headers.get("x-amz-target").map(|target| target.to_str().unwrap());
    let body = String::from_utf8_lossy(request.body());
    let called = format!("{} {body}", target.unwrap_or_default());
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
    proxy::forward(state.sandbox, request).await
}
