//! Uploads that nobody reads.

use super::*;

/// More than the system keeps for a connection.
const LENGTH: usize = 12 << 20;

/// Sends all of a request before it looks at the answer, as many clients do.
async fn sent_whole(stream: &mut TcpStream, path: &str) -> String {
    let head = format!("POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Length: {LENGTH}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    for piece in pattern(LENGTH).chunks(1 << 16) {
        stream.write_all(piece).await.unwrap();
    }
    read_head(stream).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_an_upload_that_the_target_does_not_read_reaches_the_client() {
    let balancer = balancer(demo("1").await, LONG).await;
    let mut stream = TcpStream::connect(balancer.address).await.unwrap();
    for _ in 0..2 {
        let head = sent_whole(&mut stream, "/").await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let mut page = vec![0; b"{\"version\":\"1\"}\n".len()];
        stream.read_exact(&mut page).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_the_balancer_itself_outlasts_the_upload() {
    let balancer = balancer(demo("1").await, LONG).await;
    for (path, status) in [("/fixed", "404"), ("/nobody", "502")] {
        let mut stream = TcpStream::connect(balancer.address).await.unwrap();
        let head = sent_whole(&mut stream, path).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    }
}
