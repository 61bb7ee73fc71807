//! The fields of requests and answers that pass through.

use super::*;

#[tokio::test]
async fn the_target_sees_who_asked_for_what_and_no_hop_by_hop_fields() {
    let echo_head = |mut stream: TcpStream| async move {
        let head = read_head(&mut stream).await;
        let answer = format!(
            "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Kept: 1\r\n\r\n{head}"
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
    };
    let balancer = balancer(target(echo_head).await, LONG).await;
    let request = Request::get(balancer.uri("/a%20b?x=1"))
        .header("host", "shop.example.com")
        .header("connection", "X-Private")
        .header("x-private", "1")
        .header("x-forwarded-for", "192.0.2.7")
        .body(Full::<Bytes>::default())
        .unwrap();
    let response = client().request(request).await.unwrap();
    assert!(response.headers().get("x-hop").is_none());
    assert_eq!(response.headers()["x-kept"], "1");
    let seen = response.into_body().collect().await.unwrap().to_bytes();
    let seen = std::str::from_utf8(&seen).unwrap();
    let mut lines: Vec<_> = seen.trim_end().split("\r\n").collect();
    lines[1..].sort_unstable();
    let expected = [
        "GET /a%20b?x=1 HTTP/1.1",
        "host: shop.example.com",
        "x-forwarded-for: 192.0.2.7, 127.0.0.1",
        "x-forwarded-port: 80",
        "x-forwarded-proto: http",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_cookie_of_the_balancer_stands_beside_those_of_the_target() {
    let own = |mut stream: TcpStream| async move {
        read_head(&mut stream).await;
        let answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: own=1\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
    };
    let balancer = balancer(target(own).await, LONG).await;
    let cookies = async |path| {
        let response = client::<Full<Bytes>>().get(balancer.uri(path)).await.unwrap();
        let cookies = response.headers().get_all(SET_COOKIE).iter().cloned();
        cookies.collect::<Vec<HeaderValue>>()
    };
    assert_eq!(cookies("/sticky").await, ["own=1", "AWSALBTG=1"]);
    assert_eq!(cookies("/").await, ["own=1"]);
}

#[tokio::test]
async fn the_target_gets_the_host_and_the_url_that_a_rule_makes() {
    let echo_head = |mut stream: TcpStream| async move {
        let head = read_head(&mut stream).await;
        let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{head}");
        stream.write_all(answer.as_bytes()).await.unwrap();
    };
    let balancer = balancer(target(echo_head).await, LONG).await;
    let (_, seen) = get(balancer.uri("/rewritten?a=1")).await;
    let seen = std::str::from_utf8(&seen).unwrap();
    let hosts: Vec<&str> = seen.lines().filter(|line| line.starts_with("host:")).collect();
    assert_eq!(seen.lines().next(), Some("GET /made?b=2 HTTP/1.1"));
    assert_eq!(hosts, ["host: internal.example.com"]);
}
