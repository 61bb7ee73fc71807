//! Members of a call in the API's own shape, sent as they were read.
//!
//! The SDK's own types know only the members of their day: one that AWS added later would be lost in
//! silence.

use aws_sdk_ecs::config::http::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value};

/// Members to put into a request.
pub(super) struct RawMembers(Map<String, Value>);

/// The SDK made a request that is not what it has always been.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the request has no body in memory")]
    Missing,
    #[error("the request's body is not a JSON object: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl RawMembers {
    pub(super) fn new(members: &Map<String, Value>) -> Self {
        Self(members.clone())
    }

    /// Adds container definitions, as `RegisterTaskDefinition` takes them.
    pub(super) fn with_containers(mut self, definitions: &[Value]) -> Self {
        self.0.insert("containerDefinitions".to_owned(), definitions.into());
        self
    }

    /// Puts them into the SDK's request before it is signed.
    pub(super) fn put_into(&self, mut request: HttpRequest) -> Result<HttpRequest, BodyError> {
        let body = request.body().bytes().ok_or(BodyError::Missing)?;
        let mut members: Map<String, Value> = serde_json::from_slice(body)?;
        members.extend(self.0.clone());
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

    fn members(value: Value) -> RawMembers {
        RawMembers(value.as_object().unwrap().clone())
    }

    #[test]
    fn the_body_gets_every_member_and_its_new_length() {
        let mut request = HttpRequest::new(SdkBody::from(r#"{"family":"shop","cpu":""}"#));
        request.headers_mut().insert("content-length", "26");
        let definitions = [json!({"name": "web", "aMemberOfTomorrow": {"deep": [1, null]}})];
        let raw = members(json!({"pidMode": "task"})).with_containers(&definitions);
        let request = raw.put_into(request).unwrap();
        let body = request.body().bytes().unwrap();
        assert_eq!(
            serde_json::from_slice::<Value>(body).unwrap(),
            json!({"family": "shop", "cpu": "", "pidMode": "task",
                   "containerDefinitions": definitions})
        );
        assert_eq!(request.headers().get("content-length"), Some(&*body.len().to_string()));
    }

    #[test]
    fn a_body_of_another_form_is_refused() {
        let request = HttpRequest::new(SdkBody::from("family=shop"));
        assert!(members(json!({})).put_into(request).is_err());
    }
}
