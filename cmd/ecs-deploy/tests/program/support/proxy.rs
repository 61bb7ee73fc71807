//! What stands between the program and the sandbox.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

/// Opens a port at which every request is answered by `answer`.
pub(super) async fn open<A, F>(answer: A) -> SocketAddr
where
    A: Fn(Request<Bytes>) -> F + Send + Sync + 'static,
    F: Future<Output = Response<Bytes>> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let answer = Arc::clone(&answer);
            let service = service_fn(move |request| {
                let answer = Arc::clone(&answer);
                async move {
                    // Whoever asks may be killed before it has asked.
                    let answered = answer(whole(request).await?).await;
                    Ok::<Response<Full<Bytes>>, hyper::Error>(answered.map(Full::from))
                }
            });
            let served = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            tokio::spawn(served);
        }
    });
    address
}

async fn whole(request: Request<Incoming>) -> hyper::Result<Request<Bytes>> {
    let (head, body) = request.into_parts();
    Ok(Request::from_parts(head, body.collect().await?.to_bytes()))
}

/// Lets the sandbox answer.
pub(super) async fn forward(sandbox: SocketAddr, mut request: Request<Bytes>) -> Response<Bytes> {
    *request.uri_mut() = format!("http://{sandbox}/").parse().unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let (head, body) = client.request(request.map(Full::from)).await.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}
