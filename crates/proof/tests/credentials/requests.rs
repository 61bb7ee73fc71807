//! What CloudTamer is asked, request by request.

use bytes::Bytes;
use ecs_deploy_aws::connect;
use ecs_deploy_proof::Line;
use http::Request;
use serde_json::{Value, json};

use super::{Bench, PASSWORD};

/// The requests to CloudTamer over a line.
fn to_cloud_tamer(line: &Line) -> Vec<Request<Bytes>> {
    let sent = line.sent().into_iter();
    sent.filter(|request| request.uri().host() == Some("cloudtamer.example.com")).collect()
}

/// Method, URL, whether a login is shown, and body.
fn seen(request: &Request<Bytes>) -> (String, bool, Value) {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("accept"), Some("application/json"));
    let token =
        header("authorization").map(|token| token.strip_prefix("Bearer ").expect("a token"));
    let body = match request.body().is_empty() {
        true => Value::Null,
        false => {
            assert_eq!(header("content-type"), Some("application/json"));
            serde_json::from_slice(request.body()).unwrap()
        }
    };
    let line = format!("{} {}", request.method(), request.uri());
    (line, token.is_some_and(|token| token.len() == 32), body)
}

#[tokio::test(start_paused = true)]
async fn each_request_is_the_originals() {
    let bench = Bench::new();
    let line = Line::default();
    bench.connect_over(&line).await.unwrap();
    let found: Vec<_> = to_cloud_tamer(&line).iter().map(seen).collect();
    let of = |account: &str, project: u64, role: &str| {
        let url = |path: &str| format!("http://cloudtamer.example.com/api/v3/{path}");
        let roles = format!("project/{project}/cloud-access-role?assumable=true");
        let login = json!({"username": "ann", "password": PASSWORD, "idms": 2});
        let wanted = json!({"account_number": account, "iam_role_name": role});
        [
            (format!("POST {}", url("token")), false, login),
            (format!("GET {}", url("account")), true, Value::Null),
            (format!("GET {}", url(&roles)), true, Value::Null),
            (format!("POST {}", url("temporary-credentials")), true, wanted),
        ]
    };
    let expected = [of("111111111111", 2, "deployer"), of("222222222222", 3, "owner")].concat();
    assert_eq!(found, expected);
}

#[tokio::test(start_paused = true)]
async fn an_account_in_govcloud_differs_by_its_region_alone() {
    let bench = Bench::new();
    let (line, gov) = (Line::default(), "us-gov-west-1".parse().unwrap());
    let (config, mut service) = bench.scopes();
    service.region = gov;
    let connection = connect(&bench.options(&line), &config, &service).await.unwrap();
    bench.assert_in_both_accounts(&connection).await;
    let paths: Vec<String> =
        to_cloud_tamer(&line).iter().map(|request| request.uri().path().to_owned()).collect();
    assert_eq!(
        paths[4..],
        paths[..4].iter().map(|path| path.replace("/2/", "/3/")).collect::<Vec<_>>()
    );
    let asked = line.sent();
    let last = asked.last().unwrap().uri().host().unwrap().to_owned();
    assert_eq!(last, "sts.us-gov-west-1.amazonaws.com");
}
