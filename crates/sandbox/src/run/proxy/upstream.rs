//! The connections to targets.
//!
//! They are kept and used again, one pool for all listeners. Nothing is retried that a target may
//! have seen: a request whose first byte was written and whose connection then breaks is a 502. The
//! one thing that goes to a second connection is a request that was queued on a kept connection
//! which turned out to be closed before anything of it was written: the client hands such a request
//! back untouched, its body unread, and only when the connection was a used one. So a target that
//! closes idle connections, as it may, costs no request; one that closes in the very moment when the
//! request is on its way does, here as on AWS, where a target's keep-alive has to be longer than the
//! balancer's.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Response, Uri, Version, request};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::idle::{Exchange, Passing};
use crate::run::http::{Body, Received, Upload, causes};

/// How long a target may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests to targets.
#[derive(Debug, Clone)]
pub(in crate::run) struct Upstream {
    client: Client<HttpConnector, Passing<Upload>>,
    idle_timeout: Duration,
}

/// Why a target gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It refused the connection, broke it, or spoke something else than HTTP.
    Broken,
    /// Nothing went either way for too long.
    Timeout,
}

impl Upstream {
    /// Connections on which an exchange may be idle for `idle_timeout`.
    pub(in crate::run) fn new(idle_timeout: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(idle_timeout)
            .retry_canceled_requests(true)
            .set_host(false)
            .build(connector);
        Self { client, idle_timeout }
    }

    /// Sends a request to the target at `address`; both bodies stream.
    pub(super) async fn send(
        &self,
        address: SocketAddr,
        request: Received,
    ) -> Result<Response<Body>, Failure> {
        let exchange = Exchange::new(self.idle_timeout);
        let (mut head, body) = request.into_parts();
        aim(&mut head, address)?;
        let body = Passing::new(body, &exchange);
        let answer = self.client.request(http::Request::from_parts(head, body));
        let answer: Response<Incoming> = tokio::select! {
            answer = answer => answer.map_err(|error| classify(&error))?,
            () = exchange.clone().idle() => return Err(Failure::Timeout),
        };
        Ok(answer.map(|body| Passing::new(body, &exchange).boxed_unsync()))
    }
}

/// Turns the request to the target's address.
fn aim(head: &mut request::Parts, address: SocketAddr) -> Result<(), Failure> {
    let mut uri = std::mem::take(&mut head.uri).into_parts();
    uri.scheme = Some(Scheme::HTTP);
    uri.authority = Authority::try_from(address.to_string()).ok();
    uri.path_and_query.get_or_insert_with(|| PathAndQuery::from_static("/"));
    head.uri = Uri::from_parts(uri).map_err(|_| Failure::Broken)?;
    head.version = Version::HTTP_11;
    Ok(())
}

/// A timeout shows as the cause of something else.
fn classify(error: &(dyn Error + 'static)) -> Failure {
    let timed_out = |cause: &(dyn Error + 'static)| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut)
    };
    if causes(error).any(timed_out) { Failure::Timeout } else { Failure::Broken }
}
