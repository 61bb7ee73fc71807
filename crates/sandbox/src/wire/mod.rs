//! AWS's protocols over the model: one function from request to response.

mod cloud_tamer;
mod credential;
mod dynamo;
mod ecs;
mod elb;
mod json;
mod query;
mod sts;

use bytes::Bytes;
use http::{Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{ApiError, Cloud, Place, Scope, Time};
use credential::Credential;

/// What a call knows of itself.
pub(crate) struct Call<'a> {
    /// The cloud it acts on.
    pub cloud: &'a mut Cloud,
    /// Whose and where: from the caller's access key and the signature's region.
    pub scope: Scope,
    /// The access key that signed the call.
    pub access_key: String,
    /// The operation, such as `CreateTaskSet`.
    pub operation: String,
    /// The time of the call.
    pub now: Time,
}

impl Call<'_> {
    /// Reads the input as the operation's own type; members that it does not know are noted as
    /// ignored, never silently dropped.
    pub(crate) fn input<T: DeserializeOwned>(&mut self, input: Value) -> Result<T, ApiError> {
        let mut ignored = Vec::new();
        let input = serde_ignored::deserialize(input, |path| ignored.push(path.to_string()))
            .map_err(|error| ApiError::client("SerializationException", error.to_string()))?;
        for member in ignored {
            self.cloud.ignore(&self.operation, &member);
        }
        Ok(input)
    }

    /// The services that the call acts on, with what it takes to change them.
    pub(crate) fn place(&mut self) -> Place<'_> {
        self.cloud.at(&self.scope, self.now)
    }

    /// The answer of a JSON service to an operation that it does not have.
    pub(crate) fn unknown_operation(&self) -> ApiError {
        ApiError::client(
            "UnknownOperationException",
            format!("this local AWS has no operation {}", self.operation),
        )
    }
}

/// A service that this local AWS has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Ecs,
    Dynamo,
    Elb,
    Sts,
}

impl Service {
    fn call(self, call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
        match self {
            Self::Ecs => ecs::call(call, input),
            Self::Dynamo => dynamo::call(call, input),
            Self::Elb => elb::call(call, input),
            Self::Sts => sts::call(call, input),
        }
    }
}

/// How a request is written, and so how its answer has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Protocol {
    /// JSON 1.0 or 1.1: the content type, and the target `PREFIX.Operation`.
    Json { content_type: String, target: String },
    /// Query: a form in, XML out.
    Query,
}

impl Protocol {
    fn of(request: &Request<Bytes>) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        match header("x-amz-target") {
            Some(target) => Self::Json {
                content_type: header("content-type").unwrap_or(json::CONTENT_TYPE).to_owned(),
                target: target.to_owned(),
            },
            None => Self::Query,
        }
    }

    fn answer(
        &self,
        operation: &str,
        outcome: &Result<Value, ApiError>,
        request_id: &str,
    ) -> Response<Bytes> {
        match self {
            Self::Json { content_type, .. } => json::response(content_type, outcome, request_id),
            Self::Query => query_response(operation, outcome, request_id),
        }
    }
}

/// Answers one request of an AWS client: JSON 1.0 and 1.1 (ECS, DynamoDB), Query with XML (ELBv2,
/// STS). What is due by `now` happens first. No signature is checked: the access key alone tells the
/// account, and has to be the account's 12 digits or one that was handed out. Below `/api` CloudTamer
/// answers, if the cloud has one.
pub fn handle(cloud: &mut Cloud, request: Request<Bytes>, now: Time) -> Response<Bytes> {
    cloud.step(now);
    let request_id = cloud.ids.uuid();
    if let Some(answer) = cloud_tamer::answer(cloud, &request, now) {
        return respond(answer.status, "application/json", &request_id, answer.body());
    }
    let protocol = Protocol::of(&request);
    let mut operation = String::new();
    // Every request passes this one point: before it nothing has happened, after it all has.
    let outcome = dispatch(cloud, &protocol, &request, now, &mut operation);
    protocol.answer(&operation, &outcome, &request_id)
}

fn dispatch(
    cloud: &mut Cloud,
    protocol: &Protocol,
    request: &Request<Bytes>,
    now: Time,
    operation: &mut String,
) -> Result<Value, ApiError> {
    let credential = Credential::of(request, protocol)?;
    let (service, input) = match protocol {
        Protocol::Json { target, .. } => {
            let (service, name) = json::target(target)?;
            *operation = name;
            (service, json::body(request.body())?)
        }
        Protocol::Query => {
            let (name, input) = query::decode(request.body())?;
            *operation = name;
            (credential.query_service()?, input)
        }
    };
    let account = credential.account(&cloud.sts, protocol, now)?;
    let scope = Scope { account, region: credential.region };
    let access_key = credential.access_key;
    let mut call = Call { cloud, scope, access_key, operation: operation.clone(), now };
    service.call(&mut call, input)
}

fn query_response(
    operation: &str,
    outcome: &Result<Value, ApiError>,
    request_id: &str,
) -> Response<Bytes> {
    let (status, body) = match outcome {
        Ok(value) => (200, query::encode(operation, value, request_id)),
        Err(error) => (error.status, query::error(operation, error, request_id)),
    };
    respond(status, "text/xml", request_id, body)
}

fn respond(status: u16, content_type: &str, request_id: &str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in [("content-type", content_type), ("x-amzn-requestid", request_id)] {
        if let Ok(value) = http::HeaderValue::from_str(value) {
            headers.insert(http::HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests;
