//! Health probes: one request to a target's real socket.

use std::net::SocketAddr;
use std::time::Duration;

use http::header::{HOST, USER_AGENT};
use http::{HeaderValue, Request};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::model::ProbeOutcome;
use crate::model::elb::Target;

/// Gets `path` from `target` at `address`, on a connection of its own, within `timeout`.
pub(super) async fn probe(
    target: Target,
    address: SocketAddr,
    path: &str,
    timeout: Duration,
) -> ProbeOutcome {
    match tokio::time::timeout(timeout, status(target, address, path)).await {
        Ok(Ok(status)) => ProbeOutcome::Status(status),
        Ok(Err(_)) => ProbeOutcome::Refused,
        Err(_) => ProbeOutcome::Timeout,
    }
}

async fn status(
    target: Target,
    address: SocketAddr,
    path: &str,
) -> Result<u16, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TokioIo::new(TcpStream::connect(address).await?);
    let (mut sender, connection) = http1::handshake(stream).await?;
    let request = Request::get(path)
        .header(HOST, HeaderValue::try_from(format!("{}:{}", target.ip, target.port))?)
        .header(USER_AGENT, "ELB-HealthChecker/2.0")
        .body(Empty::<bytes::Bytes>::new())?;
    let answer = sender.send_request(request);
    let mut connection = std::pin::pin!(connection);
    let mut answer = std::pin::pin!(answer);
    let mut ended = false;
    loop {
        tokio::select! {
            answer = &mut answer => return Ok(answer?.status().as_u16()),
            // What broke the connection, the answer tells: it may have come just before.
            _ = &mut connection, if !ended => ended = true,
        }
    }
}
