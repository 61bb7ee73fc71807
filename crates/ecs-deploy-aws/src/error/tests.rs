use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;

use super::*;

type Failure = SdkError<Refusal, HttpResponse>;

/// What an operation's own error type looks like to the classifier.
#[derive(Debug)]
struct Refusal(ErrorMetadata);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

fn response(status: u16, content_type: &'static str, body: &'static str) -> HttpResponse {
    let mut response =
        HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
    response.headers_mut().insert("content-type", content_type);
    response.headers_mut().insert("x-amzn-RequestId", "id-1");
    response
}

fn told(failure: &Failure) -> CloudError {
    classify("ecs:CreateTaskSet", Some("http://127.0.0.1:4566"), failure)
}

#[test]
fn an_answer_of_aws_keeps_code_text_and_request_id() {
    let meta = ErrorMetadata::builder().code("ThrottlingException").message("Rate exceeded");
    let failure = Failure::service_error(
        Refusal(meta.build()),
        response(400, "application/x-amz-json-1.1", "{}"),
    );
    let error = told(&failure);
    assert_eq!(error.class, ErrorClass::Throttled);
    assert_eq!(
        error.to_string(),
        "ecs:CreateTaskSet: ThrottlingException: Rate exceeded (request id-1)"
    );
}

#[test]
fn a_denial_says_what_to_do() {
    let meta = ErrorMetadata::builder().code("ExpiredTokenException").message("too old");
    let failure = Failure::service_error(Refusal(meta.build()), response(400, "", "{}"));
    let error = told(&failure);
    assert_eq!(error.class, ErrorClass::Denied);
    assert!(error.message.starts_with("too old; renew the credentials"), "{error}");
}

#[test]
fn an_html_page_is_called_one_and_leaves_the_outcome_open() {
    for (kind, body) in [("text/html; charset=utf-8", "hello"), ("", "\n <!DOCTYPE HTML><p>")] {
        let page = response(200, kind, body);
        let error = told(&Failure::response_error("expected value", page));
        assert_eq!(error.class, ErrorClass::Astray);
        assert!(
            error.message.contains("http://127.0.0.1:4566 answered with an HTML page"),
            "{error}"
        );
    }
}

#[test]
fn an_answer_without_a_code_tells_its_status() {
    let refusal = Refusal(ErrorMetadata::builder().build());
    let error = told(&Failure::service_error(refusal, response(502, "", "bad gateway")));
    assert_eq!(error.class, ErrorClass::Transient);
    assert!(error.message.contains("status 502"), "{error}");
}

#[test]
fn a_refused_connection_names_the_endpoint() {
    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    let failure = Failure::dispatch_failure(ConnectorError::io(refused.into()));
    let error = told(&failure);
    assert_eq!(error.class, ErrorClass::Astray);
    assert_eq!(
        error.message,
        "no answer from http://127.0.0.1:4566: connection refused, so nobody listens there"
    );
    assert!(!error.class.is_certain() && error.class.may_pass());
}

#[test]
fn a_name_that_cannot_be_resolved_and_a_connection_that_breaks_are_told_apart() {
    let unresolved = std::io::Error::other("dns error: no such host");
    let error = told(&Failure::dispatch_failure(ConnectorError::io(unresolved.into())));
    assert_eq!(error.class, ErrorClass::Astray);
    assert!(error.message.contains("its name can't be resolved"), "{error}");
    let broken = std::io::Error::from_raw_os_error(104);
    let error = told(&Failure::dispatch_failure(ConnectorError::io(broken.into())));
    assert_eq!(error.class, ErrorClass::Transient);
    assert!(!error.message.contains("os error"), "{error}");
}

#[test]
fn an_expired_permit_is_found_however_deep_it_is() {
    let expired = Expired { left: Duration::from_secs(2) };
    let failure = Failure::dispatch_failure(ConnectorError::other(expired.into(), None));
    let error = told(&failure);
    assert_eq!(error.class, ErrorClass::Fenced);
    assert!(error.class.is_certain());
}

#[test]
fn a_call_that_never_left_says_so() {
    let limit = Duration::from_secs(5);
    assert!(timed_out("ecs:X", None, limit).message.contains("nothing was sent"));
    assert!(timed_out("ecs:X", Some("http://a"), limit).message.contains("http://a within 5s"));
}
