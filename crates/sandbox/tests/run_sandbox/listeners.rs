//! The doors of the sandbox: the API's and those of its listeners.

use ecs_deploy_sandbox::model::Time;
use ecs_deploy_sandbox::run::{Options, Programs, Sandbox, StartError};
use http::{Request, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{
    BALANCER, LISTENER, authorization, cloud, cloud_with_listener, demo_program, fixed, get,
    request, scope, start,
};

#[tokio::test]
async fn the_endpoint_answers_aws_clients() {
    let sandbox = start(cloud(), Programs::new(demo_program()));
    let call = Request::post("/")
        .header("authorization", authorization("sts"))
        .header("content-type", "application/x-www-form-urlencoded");
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let response = request(sandbox.endpoint(), call, "/", body).await;
    assert_eq!(response.status(), StatusCode::OK);
    let body = String::from_utf8(response.into_body().to_vec()).unwrap();
    assert!(body.contains("<Account>111111111111</Account>"), "{body}");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn a_request_beyond_all_limits_is_refused() {
    let sandbox = start(cloud(), Programs::new(demo_program()));
    let body = vec![b' '; (16 << 20) + 1];
    let response = request(sandbox.endpoint(), Request::post("/"), "/", body).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn listens_on_loopback_only() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let options = Options { listen, ..Options::new(Programs::new(demo_program())) };
    let refused = Sandbox::start(cloud(), options).unwrap_err();
    assert!(matches!(refused, StartError::NotLoopback(address) if address == listen));
}

#[test]
fn needs_a_runtime() {
    let refused = Sandbox::start(cloud(), Options::new(Programs::new(demo_program()))).unwrap_err();
    assert!(matches!(refused, StartError::NoRuntime(_)));
}

#[tokio::test]
async fn a_listener_is_served_when_the_sandbox_starts() {
    let sandbox = start(cloud_with_listener("HTTPS", 443), Programs::new(demo_program()));
    let address = sandbox.listener_address(LISTENER).unwrap();
    assert_eq!(get(address, "/").await, (StatusCode::NOT_FOUND, "nothing here".into()));
    let served = sandbox.listeners();
    assert_eq!(served.len(), 1);
    assert!(served[0].https_as_http && served[0].port == 443, "{served:?}");
    assert!(address.ip().is_loopback());
    sandbox.shutdown().await;
}

#[tokio::test]
async fn listeners_come_and_go_with_the_cloud() {
    let sandbox = start(cloud(), Programs::new(demo_program()));
    assert_eq!(sandbox.listener_address(LISTENER), None);
    sandbox.with_cloud(|cloud| {
        let elb = &mut cloud.region(&scope()).elb;
        elb.put_load_balancer(BALANCER, Time::default()).unwrap();
        let actions = vec![fixed(418, "later")];
        elb.put_listener(LISTENER, "HTTP", 80, actions, Time::default()).unwrap();
    });
    let address = sandbox.listener_address(LISTENER).unwrap();
    let mut kept = TcpStream::connect(address).await.unwrap();
    kept.write_all(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
    let mut status = [0; 12];
    kept.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 418");
    sandbox.with_cloud(|cloud| {
        cloud.region(&scope()).elb.delete_load_balancer(BALANCER, Time::default());
    });
    assert_eq!(sandbox.listener_address(LISTENER), None);
    // Comes to an end only when the connection is closed.
    kept.read_to_end(&mut Vec::new()).await.unwrap();
    sandbox.shutdown().await;
}
