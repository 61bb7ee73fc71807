//! The load balancer: a reverse proxy that asks for each request where it goes.
//!
//! A request is routed once, when its head has been read, and keeps to that: rules that change and
//! targets that are deregistered meanwhile do not touch it. Upgrades (WebSocket) are not passed on, CONNECT and TRACE are refused.

mod headers;
mod idle;
mod rewrite;
mod upstream;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::header::{HOST, HeaderValue, SET_COOKIE};
use http::{Method, Response, StatusCode, request};
use tokio::net::TcpListener;

pub(super) use self::headers::Front;
use self::upstream::Failure;
pub(super) use self::upstream::Upstream;
use super::http::{Body, Received, plain, serve};
use crate::model::elb::{RequestHead, Rewritten};

/// Where a request goes.
pub(super) enum Route {
    /// To a target.
    Target {
        /// Where it listens.
        address: SocketAddr,
        /// What the client is to keep of it.
        cookie: Option<HeaderValue>,
        /// What it gets in place of what the client sent.
        rewritten: Rewritten,
    },
    /// To a target that nothing listens for.
    Gone,
    /// Nowhere: the balancer answers itself.
    Respond(Response<Body>),
}

/// Decides where requests go.
pub(super) trait Router: Send + Sync + 'static {
    /// The next node of the balancer; a connection stays on its own.
    fn node(&self, connections: usize) -> usize;

    /// Where `node` sends this request.
    fn route(&self, node: usize, head: &RequestHead) -> Route;
}

/// One listener of a balancer.
pub(super) struct Proxy<R> {
    router: R,
    front: Front,
    upstream: Upstream,
    connections: AtomicUsize,
}

impl<R: Router> Proxy<R> {
    pub(super) fn new(router: R, front: Front, upstream: Upstream) -> Self {
        Self { router, front, upstream, connections: AtomicUsize::new(0) }
    }

    /// Serves `listener` until `end`, then gives requests in flight `grace` to finish.
    pub(super) async fn run(
        self,
        listener: TcpListener,
        end: impl Future<Output = ()>,
        grace: Duration,
    ) {
        let proxy = Arc::new(self);
        let connected = |peer: SocketAddr| {
            let proxy = Arc::clone(&proxy);
            let node = proxy.router.node(proxy.connections.fetch_add(1, Ordering::Relaxed));
            move |request| {
                let proxy = Arc::clone(&proxy);
                async move { proxy.answer(node, peer, request).await }
            }
        };
        serve(listener, end, grace, connected).await;
    }

    async fn answer(&self, node: usize, client: SocketAddr, request: Received) -> Response<Body> {
        if matches!(*request.method(), Method::CONNECT | Method::TRACE) {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "405 Method Not Allowed\n");
        }
        let (mut head, body) = request.into_parts();
        match self.router.route(node, &request_head(&head, client)) {
            Route::Respond(response) => response,
            Route::Gone => bad_gateway(),
            Route::Target { address, cookie, rewritten } => {
                headers::forward(&mut head.headers, client.ip(), &self.front);
                rewrite::apply(&mut head, rewritten);
                let request = Received::from_parts(head, body);
                let mut response = self.forward(address, request).await;
                response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
                response
            }
        }
    }

    async fn forward(&self, address: SocketAddr, request: Received) -> Response<Body> {
        match self.upstream.send(address, request).await {
            Ok(mut response) => {
                headers::strip_hop_by_hop(response.headers_mut());
                response
            }
            Err(Failure::Broken) => bad_gateway(),
            Err(Failure::Timeout) => plain(StatusCode::GATEWAY_TIMEOUT, "504 Gateway Time-out\n"),
        }
    }
}

fn bad_gateway() -> Response<Body> {
    plain(StatusCode::BAD_GATEWAY, "502 Bad Gateway\n")
}

/// What rules look at. The host of an absolute request target goes before the `Host` field.
fn request_head(head: &request::Parts, client: SocketAddr) -> RequestHead {
    let field = || head.headers.get(HOST).and_then(|host| host.to_str().ok());
    RequestHead {
        method: head.method.clone(),
        host: head
            .uri
            .authority()
            .map(http::uri::Authority::as_str)
            .or_else(field)
            .unwrap_or_default()
            .to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head.headers.clone(),
        source: client.ip(),
    }
}

#[cfg(test)]
mod tests;
