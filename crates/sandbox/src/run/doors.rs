//! A loopback socket for each listener of each Application Load Balancer.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::Response;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::driver::{Core, GRACE};
use super::http::whole;
use super::proxy::{Front, Proxy, Route, Router};
use crate::model::Scope;
use crate::model::elb::{ListenerInfo, RequestHead, Routed};

/// The sockets that are open, by listener ARN.
#[derive(Debug, Default)]
pub(super) struct Doors {
    open: BTreeMap<String, Door>,
}

#[derive(Debug)]
struct Door {
    listener: ServedListener,
    closed: CancellationToken,
}

/// A listener and the loopback socket that serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedListener {
    /// The listener's ARN.
    pub listener: String,
    /// The protocol that the API shows.
    pub protocol: String,
    /// The port that the API shows.
    pub port: u16,
    /// Where it is served.
    pub address: SocketAddr,
    /// Whether it is an HTTPS listener that is served as plain HTTP: there are no certificates
    /// here. Targets are told `https` in `X-Forwarded-Proto` all the same.
    pub https_as_http: bool,
}

impl Doors {
    /// Opens and closes sockets so that they are those of `listeners`. One that cannot be opened is
    /// tried again the next time.
    pub(super) fn follow(&mut self, listeners: Vec<ListenerInfo>, core: &Arc<Core>) {
        let gone = |arn: &String| !listeners.iter().any(|listener| listener.arn == *arn);
        for (_, door) in self.open.extract_if(.., |arn, _| gone(arn)) {
            door.closed.cancel();
        }
        for listener in listeners {
            if !self.open.contains_key(&listener.arn)
                && let Ok(door) = open(listener, core)
            {
                self.open.insert(door.listener.listener.clone(), door);
            }
        }
    }

    /// The listeners that are served.
    pub(super) fn list(&self) -> impl Iterator<Item = &ServedListener> {
        self.open.values().map(|door| &door.listener)
    }
}

fn open(listener: ListenerInfo, core: &Arc<Core>) -> io::Result<Door> {
    let socket = bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let https = listener.protocol == "HTTPS";
    let served = ServedListener {
        listener: listener.arn.clone(),
        protocol: listener.protocol,
        port: listener.port,
        address: socket.local_addr()?,
        https_as_http: https,
    };
    let closed = core.stopping().child_token();
    let router =
        ListenerRouter { core: Arc::clone(core), scope: listener.scope, arn: listener.arn };
    let front = Front { https, port: listener.port };
    let proxy = Proxy::new(router, front, core.upstream());
    core.spawn(proxy.run(socket, closed.clone().cancelled_owned(), GRACE));
    Ok(Door { listener: served, closed })
}

/// A socket that listens, bound without waiting. Needs a tokio runtime.
pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = std::net::TcpListener::bind(address)?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

/// Routes by the cloud's rules of one listener.
struct ListenerRouter {
    core: Arc<Core>,
    scope: Scope,
    arn: String,
}

impl Router for ListenerRouter {
    fn node(&self, connections: usize) -> usize {
        connections % self.core.balancer_nodes().max(1)
    }

    fn route(&self, node: usize, head: &RequestHead) -> Route {
        match self.core.route(&self.scope, &self.arn, node, head) {
            (Routed::Target { cookie, rewritten, .. }, Some(address)) => {
                Route::Target { address, cookie, rewritten }
            }
            (Routed::Target { .. }, None) => Route::Gone,
            (Routed::Respond { status, headers, body }, _) => {
                let mut response = Response::new(whole(body));
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Route::Respond(response)
            }
        }
    }
}
