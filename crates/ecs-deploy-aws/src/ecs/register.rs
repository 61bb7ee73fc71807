//! Container definitions, sent as they were read.
//!
//! The SDK's own type for them knows only the members of its day: a member that AWS added later
//! would be lost in silence.

use aws_sdk_ecs::config::http::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value};

/// The `containerDefinitions` of a request.
pub(super) struct Containers(Value);

/// The SDK made a request that is not what it has always been.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the request has no body in memory")]
    Missing,
    #[error("the request's body is not a JSON object: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl Containers {
    pub(super) fn new(definitions: &[Value]) -> Self {
        Self(Value::Array(definitions.to_vec()))
    }

    /// Puts them into the SDK's request before it is signed.
    pub(super) fn put_into(&self, mut request: HttpRequest) -> Result<HttpRequest, BodyError> {
        let body = request.body().bytes().ok_or(BodyError::Missing)?;
        let mut members: Map<String, Value> = serde_json::from_slice(body)?;
        members.insert("containerDefinitions".to_owned(), self.0.clone());
        let body = serde_json::to_vec(&members)?;
        request.headers_mut().insert("content-length", body.len().to_string());
        *request.body_mut() = SdkBody::from(body);
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_body_gets_every_member_and_its_new_length() {
        let mut request = HttpRequest::new(SdkBody::from(r#"{"family":"shop","cpu":""}"#));
        request.headers_mut().insert("content-length", "26");
        let definitions = [json!({"name": "web", "aMemberOfTomorrow": {"deep": [1, null]}})];
        let request = Containers::new(&definitions).put_into(request).unwrap();
        let body = request.body().bytes().unwrap();
        assert_eq!(
            serde_json::from_slice::<Value>(body).unwrap(),
            json!({"family": "shop", "cpu": "", "containerDefinitions": definitions})
        );
        assert_eq!(request.headers().get("content-length"), Some(&*body.len().to_string()));
    }

    #[test]
    fn a_body_of_another_form_is_refused() {
        let request = HttpRequest::new(SdkBody::from("family=shop"));
        assert!(Containers::new(&[]).put_into(request).is_err());
    }
}
