//! A door before the sandbox that notes which calls changed something, and that may answer in AWS's
//! place.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use tokio::sync::watch;

use super::proxy;

/// A call of AWS.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// As IAM names it, such as `ecs:CreateTaskSet`.
    pub(crate) action: String,
    pub(crate) body: String,
}

/// What becomes of a call.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    /// The sandbox answers.
    Passes,
    /// This is answered, and the sandbox hears nothing of it.
    Answered(Response<Bytes>),
    /// Nothing is ever answered.
    Hangs,
}

type Meddle = Box<dyn Fn(&Call) -> Fate + Send + Sync>;

/// The door.
pub(crate) struct Tap {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    sandbox: Option<SocketAddr>,
    meddle: Meddle,
    /// How many calls came.
    came: watch::Sender<usize>,
    /// The calls that were answered, in order.
    seen: Mutex<Vec<Seen>>,
}

/// A call that was answered.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) call: Call,
    /// Whether the sandbox answered, and well.
    pub(crate) done: bool,
    /// When.
    pub(crate) at: Instant,
}

impl Tap {
    /// A tap; without a sandbox behind it, every call is answered as a server does that failed.
    pub(crate) async fn before(sandbox: Option<SocketAddr>, meddle: Meddle) -> Self {
        let (came, seen) = (watch::Sender::default(), Mutex::default());
        let state = Arc::new(State { sandbox, meddle, came, seen });
        let behind = Arc::clone(&state);
        let address = proxy::open(move |request| pass(Arc::clone(&behind), request)).await;
        Self { address, state }
    }

    /// A tap that lets everything pass.
    pub(crate) async fn on(sandbox: SocketAddr) -> Self {
        Self::before(Some(sandbox), Box::new(|_| Fate::Passes)).await
    }

    /// How many calls came so far.
    pub(crate) fn count(&self) -> usize {
        *self.state.came.borrow()
    }

    /// Waits until so many calls came.
    pub(crate) async fn came(&self, count: usize) {
        let mut came = self.state.came.subscribe();
        came.wait_for(|came| *came >= count).await.unwrap();
    }

    /// The calls that were answered so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    /// How many calls changed something.
    pub(crate) fn writes(&self) -> usize {
        let seen = self.seen();
        seen.iter().filter(|seen| seen.done && seen.call.change().is_some()).count()
    }

    /// In words, which calls changed something, each once.
    pub(crate) fn changes(&self) -> String {
        let seen = self.state.seen.lock().unwrap();
        if seen.is_empty() {
            return "none; AWS was not asked".to_owned();
        }
        let mut changes: Vec<String> = Vec::new();
        let done = seen.iter().filter(|seen| seen.done);
        for change in done.filter_map(|seen| seen.call.change()) {
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
        if changes.is_empty() { "none".to_owned() } else { changes.join(", ") }
    }
}

impl Call {
    fn of(request: &Request<Bytes>) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let (authorization, target) = (header("authorization"), header("x-amz-target"));
        let scope = authorization.split("Credential=").nth(1).unwrap_or_default();
        let service = scope.split('/').nth(3).unwrap_or_default();
        let operation = match target.rsplit_once('.') {
            Some((_, operation)) => operation,
            None => {
                let mut members = body.split('&');
                members.find_map(|member| member.strip_prefix("Action=")).unwrap_or_default()
            }
        };
        Self { action: format!("{service}:{operation}"), body }
    }

    /// What it changes, if it does.
    fn change(&self) -> Option<String> {
        let (_, operation) = self.action.split_once(':')?;
        let reads = ["Describe", "Get", "List", "Query"];
        if reads.iter().any(|read| operation.starts_with(read)) {
            return None;
        }
        let table = ["DeployLock", "ArtifactDB"].iter().find(|table| self.body.contains(*table));
        Some(match table {
            Some(table) => format!("{} of {table}", self.action),
            None => self.action.clone(),
        })
    }

    /// AWS's refusal of it, in its own protocol.
    pub(crate) fn refused(&self, code: &str, message: &str) -> Fate {
        let is_query = self.body.contains("Action=");
        let body = match is_query {
            true => format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
                 <Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
            ),
            false => json!({"__type": format!("{code}Exception"), "message": message}).to_string(),
        };
        let kind = if is_query { "text/xml" } else { "application/x-amz-json-1.1" };
        Fate::Answered(answer(if is_query { 403 } else { 400 }, kind, body))
    }
}

/// An answer that a test makes up.
pub(crate) fn answer(status: u16, content_type: &str, body: impl Into<String>) -> Response<Bytes> {
    let answer = Response::builder().status(status).header("content-type", content_type);
    answer.body(Bytes::from(body.into())).unwrap()
}

async fn pass(state: Arc<State>, request: Request<Bytes>) -> Response<Bytes> {
    let call = Call::of(&request);
    state.came.send_modify(|came| *came += 1);
    let (answer, done) = match ((state.meddle)(&call), state.sandbox) {
        (Fate::Passes, Some(sandbox)) => {
            let answer = proxy::forward(sandbox, request).await;
            let done = answer.status().is_success();
            (answer, done)
        }
        (Fate::Passes, None) => (answer(500, "text/plain", "nobody is here"), false),
        (Fate::Answered(answer), _) => (answer, false),
        (Fate::Hangs, _) => {
            state.note(call, false);
            return std::future::pending().await;
        }
    };
    state.note(call, done);
    answer
}

impl State {
    fn note(&self, call: Call, done: bool) {
        self.seen.lock().unwrap().push(Seen { call, done, at: Instant::now() });
    }
}
