//! A relay before a server that can stand still: nothing comes through in either direction, and what
//! was sent meanwhile arrives afterwards, also if its sender has gone. So does a server behave that
//! is stopped, or a network that is cut for a while.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The relay.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    flow: watch::Sender<Flow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Open,
    Still,
}

impl Relay {
    pub(crate) async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (flow, flows) = watch::channel(Flow::Open);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(relay(client, server, flows.clone()));
            }
        });
        Self { address, flow }
    }

    /// From now on nothing comes through.
    pub(crate) fn stand_still(&self) {
        self.flow.send_replace(Flow::Still);
    }

    /// Everything comes through again.
    pub(crate) fn go_on(&self) {
        self.flow.send_replace(Flow::Open);
    }
}

async fn relay(client: TcpStream, server: SocketAddr, flow: watch::Receiver<Flow>) {
    let server = TcpStream::connect(server).await.unwrap();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(pass(from_client, to_server, flow.clone()), pass(from_server, to_client, flow));
}

/// Passes on what comes, and at last that nothing more will.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut flow: watch::Receiver<Flow>,
) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if flow.wait_for(|flow| *flow == Flow::Open).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
    // The other end may have gone first.
    drop(to.shutdown().await);
}
