use http::Request;
use serde_json::json;

use super::*;
use crate::model::Settings;

const NOW: Time = Time(std::time::Duration::from_secs(1_700_000_000));

fn request(target: &str, key: &str, body: &'static str) -> Request<Bytes> {
    Request::post("/")
        .header("x-amz-target", target)
        .header("content-type", "application/x-amz-json-1.1")
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/ecs/aws4_request, \
                 SignedHeaders=host, Signature=00"
            ),
        )
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

fn ask(request: Request<Bytes>) -> (u16, String, Value) {
    let response = handle(&mut Cloud::new(Settings::default()), request, NOW);
    assert!(response.headers().contains_key("x-amzn-requestid"));
    let kind = response.headers().get("x-amzn-errortype").map(|code| code.to_str().unwrap());
    let body = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), kind.unwrap_or_default().to_owned(), body)
}

const DESCRIBE: &str = "AmazonEC2ContainerServiceV20141113.DescribeClusters";

#[test]
fn an_error_is_told_in_the_body_and_in_the_header() {
    let (status, kind, body) =
        ask(request("AmazonEC2ContainerServiceV20141113.Sing", "111111111111", "{}"));
    assert_eq!((status, kind.as_str()), (400, "UnknownOperationException"));
    assert_eq!(body["__type"], json!("UnknownOperationException"));
    assert!(body["message"].as_str().unwrap().contains("Sing"));
}

#[test]
fn a_service_that_is_not_there_is_an_unknown_operation() {
    let (_, kind, _) = ask(request("AWSLambda.Invoke", "111111111111", "{}"));
    assert_eq!(kind, "UnknownOperationException");
}

#[test]
fn only_an_accounts_digits_or_a_session_are_an_access_key() {
    for key in ["AKIAIOSFODNN7EXAMPLE", "12345678901", "1234567890123", "12345678901a"] {
        let (_, kind, _) = ask(request(DESCRIBE, key, "{}"));
        assert_eq!(kind, "UnrecognizedClientException", "{key}");
    }
    assert_eq!(ask(request(DESCRIBE, "111111111111", "{}")).0, 200);
}

#[test]
fn an_unsigned_request_is_refused() {
    let mut unsigned = request(DESCRIBE, "111111111111", "{}");
    unsigned.headers_mut().remove("authorization");
    assert_eq!(ask(unsigned).1, "MissingAuthenticationTokenException");
}

#[test]
fn a_malformed_body_is_a_serialization_exception() {
    for body in ["{", "[]", "null", r#"{"clusters": 7}"#, r#"{"include": [7]}"#] {
        let (status, kind, _) = ask(request(DESCRIBE, "111111111111", body));
        assert_eq!((status, kind.as_str()), (400, "SerializationException"), "{body}");
    }
}

#[test]
fn an_answer_has_the_content_type_of_its_request() {
    for (target, version) in [(DESCRIBE, "1.1"), ("DynamoDB_20120810.ListTables", "1.0")] {
        let kind = format!("application/x-amz-json-{version}");
        let mut asked = request(target, "111111111111", "{}");
        asked.headers_mut().insert("content-type", kind.parse().unwrap());
        let response = handle(&mut Cloud::default(), asked, NOW);
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &kind.parse().unwrap())
        );
    }
}

#[test]
fn a_member_that_has_no_effect_is_known() {
    let mut cloud = Cloud::default();
    for _ in 0..2 {
        handle(&mut cloud, request(DESCRIBE, "111111111111", r#"{"colour": "blue"}"#), NOW);
    }
    let ignored: Vec<_> = cloud.ignored().collect();
    assert_eq!(ignored, [("DescribeClusters", "colour", 2)]);
}

#[test]
fn the_sandbox_tells_its_operations_and_what_it_ignored() {
    let mut cloud = Cloud::default();
    handle(&mut cloud, request(DESCRIBE, "111111111111", r#"{"colour": "blue"}"#), NOW);
    let asked = Request::get("/_sandbox").body(Bytes::new()).unwrap();
    let told: Value = serde_json::from_slice(handle(&mut cloud, asked, NOW).body()).unwrap();
    assert!(told["Operations"]["ecs"].as_array().unwrap().contains(&json!("CreateTaskSet")));
    assert!(told["Operations"]["elbv2"].as_array().unwrap().contains(&json!("SetRulePriorities")));
    let ignored = json!([{"Operation": "DescribeClusters", "Member": "colour", "Count": 1}]);
    assert_eq!(told["Ignored"], ignored);
}

#[test]
fn what_is_missing_or_not_allowed_is_an_error_that_the_operation_lists() {
    let create = "AmazonEC2ContainerServiceV20141113.CreateTaskSet";
    let tasks = "AmazonEC2ContainerServiceV20141113.ListTasks";
    let asked = [
        (create, r#"{"cluster": "main"}"#),
        (tasks, r#"{"desiredStatus": "ASLEEP"}"#),
        (tasks, r#"{"maxResults": -1}"#),
        (DESCRIBE, r#"{"include": ["COLOUR"]}"#),
    ];
    for (target, body) in asked {
        let (_, kind, _) = ask(request(target, "111111111111", body));
        assert_eq!(kind, "InvalidParameterException", "{body}");
    }
    let table = r#"{"TableName": "locks", "KeySchema": [{"KeyType": "HASH"}]}"#;
    let (_, kind, _) = ask(request("DynamoDB_20120810.CreateTable", "111111111111", table));
    assert_eq!(kind, "ValidationException");
}

#[test]
fn a_member_that_would_change_the_outcome_is_refused_by_name() {
    let ecs = "AmazonEC2ContainerServiceV20141113";
    let asked = [
        (format!("{ecs}.ListTasks"), r#"{"launchType": "EC2"}"#, "launchType"),
        (
            format!("{ecs}.CreateService"),
            r#"{"serviceName": "shop", "deploymentConfiguration": {"strategy": "BLUE_GREEN"}}"#,
            "deploymentConfiguration.strategy",
        ),
        (
            format!("{ecs}.RegisterTaskDefinition"),
            r#"{"containerDefinitions": [{}, {"restartPolicy": {"enabled": true}}]}"#,
            "containerDefinitions.restartPolicy.enabled",
        ),
        (
            format!("{ecs}.CreateTaskSet"),
            r#"{"loadBalancers": [{"loadBalancerName": "classic"}]}"#,
            "loadBalancers.loadBalancerName",
        ),
        (
            "DynamoDB_20120810.CreateTable".to_owned(),
            r#"{"TableName": "locks", "DeletionProtectionEnabled": true}"#,
            "DeletionProtectionEnabled",
        ),
    ];
    for (target, body, member) in asked {
        let (status, _, body) = ask(request(&target, "111111111111", body));
        let message = body["message"].as_str().unwrap();
        assert_eq!(status, 400);
        assert_eq!(message, format!("this local AWS does not support the parameter {member}"));
    }
}

#[test]
fn what_a_cluster_can_not_show_is_noted() {
    let mut cloud = Cloud::default();
    let body = r#"{"include": ["TAGS", "STATISTICS"]}"#;
    handle(&mut cloud, request(DESCRIBE, "111111111111", body), NOW);
    assert_eq!(cloud.ignored().collect::<Vec<_>>(), [("DescribeClusters", "include", 1)]);
}

#[test]
fn an_error_is_in_the_namespace_of_the_api_that_was_asked() {
    for (version, namespace) in [
        ("2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
        ("2015-12-01", "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"),
    ] {
        let form = format!("Action=Sing&Version={version}");
        let unsigned = Request::post("/").body(Bytes::from(form)).unwrap();
        let response = handle(&mut Cloud::default(), unsigned, NOW);
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(text.contains(&format!("<ErrorResponse xmlns=\"{namespace}\"><Error>")), "{text}");
    }
}
