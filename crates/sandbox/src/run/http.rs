//! One accept loop for everything here that speaks HTTP/1.1.

mod upload;

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

pub(super) use self::upload::Upload;

/// What may go wrong while a body streams.
pub(super) type BodyError = Box<dyn Error + Send + Sync>;

/// A body that is streamed or whole.
pub(super) type Body = UnsyncBoxBody<Bytes, BodyError>;

/// A request as it comes in.
pub(super) type Received = Request<Upload>;

/// A whole body.
pub(super) fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// How long a connection may be idle between requests.
const KEEP_ALIVE: Duration = Duration::from_secs(60);

/// How long to rest when the system has no more sockets to give.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(50);

/// Serves connections until `end`, each with the service that `connected` makes for its peer; then
/// closes the idle ones and gives requests in flight `grace` to finish. Dropping it breaks them.
pub(super) async fn serve<S, F>(
    listener: TcpListener,
    end: impl Future<Output = ()>,
    grace: Duration,
    connected: impl Fn(SocketAddr) -> S,
) where
    S: Fn(Received) -> F + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut end = std::pin::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, connected(peer), &graceful));
                }
                Err(_) => tokio::time::sleep(OUT_OF_SOCKETS).await,
            },
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(grace, graceful.shutdown()).await;
}

/// One connection. Its errors are the peer's doing and are the peer's to see.
fn connection<S, F>(
    stream: TcpStream,
    answer: S,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<S, F>
where
    S: Fn(Received) -> F + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    // Small answers must not wait for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let answered = answer(request.map(Upload::new));
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(KEEP_ALIVE)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    async move { drop(connection.await) }
}

/// An answer of plain text.
pub(super) fn plain(status: http::StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(whole(text));
    *response.status_mut() = status;
    response
}

/// An error and what caused it, outermost first.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
