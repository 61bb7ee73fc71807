//! Endpoints at which AWS is not.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::TcpSocket;

use super::case::Case;
use super::theme::Theme;
use crate::support::{Call, Fate, answer};

/// A port that is taken, and at which nobody listens.
fn deaf() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    (socket, url)
}

fn page(_: &Call) -> Fate {
    Fate::Answered(answer(200, "text/html", "<html><title>Sign in</title></html>"))
}

/// The first call is never answered.
fn hangs_once() -> impl Fn(&Call) -> Fate + Send + Sync + 'static {
    let is_first = AtomicBool::new(true);
    move |_| if is_first.swap(false, Ordering::SeqCst) { Fate::Hangs } else { Fate::Passes }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_at_which_aws_is_not_is_told_soon() {
    let mut theme = Theme::new("endpoint").await;
    let (_socket, url) = deaf();
    theme.names(&url, "http://NOBODY");
    let refused = |case: Case| case.set("AWS_ENDPOINT_URL", &url);
    theme
        .all(vec![
            refused(Case::deploy("refuses", "deploy.json", 2)),
            refused(Case::plan("refuses-for-plan", "deploy.json", 2)),
            refused(Case::look("refuses-for-status", "status", "deploy.json", 1)),
            refused(Case::look("refuses-for-lock-status", "lock status", "deploy.json", 1)),
            Case::deploy("of-one-service-refuses", "deploy.json", 2)
                .set("AWS_ENDPOINT_URL_ECS", &url),
            Case::plan("hangs-once", "deploy.json", 0).meddled(hangs_once()),
            Case::deploy("html", "deploy.json", 2).meddled(page),
            Case::look("html-for-status", "status", "deploy.json", 1).meddled(page),
            Case::deploy("other-server", "deploy.json", 2)
                .meddled(|_| Fate::Answered(answer(404, "text/plain", "404 page not found"))),
            Case::deploy("not-a-url", "deploy.json", 2).set("AWS_ENDPOINT_URL", "localhost:4566"),
            Case::deploy("of-one-service-not-a-url", "deploy.json", 2)
                .set("AWS_ENDPOINT_URL_ECS", "localhost:4566"),
        ])
        .await;
    theme.end();
}
