//! AWS's protocols over the model: one function from request to response.

mod about;
mod cloud_tamer;
mod credential;
mod dynamo;
mod ecs;
mod elb;
mod json;
mod query;
mod refused;
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
    /// The service that it is for.
    service: Service,
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
        let input = serde_ignored::deserialize(input, |path| ignored.push(member(&path)))
            .map_err(|error| self.service.misfit(&error))?;
        for member in ignored {
            self.cloud.ignore(&self.operation, &member);
        }
        Ok(input)
    }

    /// The services that the call acts on, with what it takes to change them.
    pub(crate) fn place(&mut self) -> Place<'_> {
        self.cloud.at(&self.scope, self.now)
    }
}

/// The path of a member, its parts joined by dots.
fn member(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    let below = |parent: &Path<'_>, part: &str| match member(parent) {
        parent if parent.is_empty() => part.to_owned(),
        parent => format!("{parent}.{part}"),
    };
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => below(parent, &index.to_string()),
        Path::Map { parent, key } => below(parent, key),
        Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => member(parent),
    }
}

/// An operation of a service: its name, and what answers it.
type Operation = (&'static str, fn(&mut Call<'_>, Value) -> Result<Value, ApiError>);

/// A service that this local AWS has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Ecs,
    Dynamo,
    Elb,
    Sts,
}

impl Service {
    const ALL: [Self; 4] = [Self::Ecs, Self::Dynamo, Self::Elb, Self::Sts];

    /// Its name among AWS's clients.
    fn name(self) -> &'static str {
        match self {
            Self::Ecs => "ecs",
            Self::Dynamo => "dynamodb",
            Self::Elb => "elbv2",
            Self::Sts => "sts",
        }
    }

    fn operations(self) -> &'static [Operation] {
        match self {
            Self::Ecs => ecs::OPERATIONS,
            Self::Dynamo => dynamo::OPERATIONS,
            Self::Elb => elb::OPERATIONS,
            Self::Sts => sts::OPERATIONS,
        }
    }

    fn call(self, call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
        let known = self.operations().iter().find(|(name, _)| *name == call.operation);
        let (_, answer) = known.ok_or_else(|| self.unknown_operation(&call.operation))?;
        match refused::first(self.refused(), &call.operation, &input) {
            Some(member) => {
                Err(self.invalid(format!("this local AWS does not support the parameter {member}")))
            }
            None => answer(call, input),
        }
    }

    fn unknown_operation(self, operation: &str) -> ApiError {
        let code = match self {
            Self::Ecs | Self::Dynamo => "UnknownOperationException",
            Self::Elb | Self::Sts => "InvalidAction",
        };
        ApiError::client(code, format!("this local AWS has no operation {operation}"))
    }

    /// The members that it refuses.
    fn refused(self) -> &'static [&'static str] {
        match self {
            Self::Ecs => ecs::REFUSED,
            Self::Dynamo => dynamo::REFUSED,
            Self::Elb => elb::REFUSED,
            // Nothing is permitted or denied here, so a session's policies change nothing.
            Self::Sts => &[],
        }
    }

    /// The error for an input that breaks a rule.
    fn invalid(self, message: String) -> ApiError {
        let code = match self {
            Self::Ecs => "InvalidParameterException",
            Self::Dynamo => "ValidationException",
            Self::Elb | Self::Sts => "ValidationError",
        };
        ApiError::client(code, message)
    }

    /// The error for an input that does not fit the operation's type.
    fn misfit(self, error: &serde_json::Error) -> ApiError {
        let message = error.to_string();
        // So serde begins when a value is of another type; JSON services don't even read that on.
        match self {
            Self::Ecs | Self::Dynamo if message.starts_with("invalid type") => {
                ApiError::client("SerializationException", message)
            }
            _ => self.invalid(message),
        }
    }
}

/// How a request is written, and so how its answer has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Protocol {
    /// JSON 1.0 or 1.1: the content type, and the target `PREFIX.Operation`.
    Json { content_type: String, target: String },
    /// Query: a form in, XML of the API's namespace out.
    Query { namespace: &'static str },
}

impl Protocol {
    fn of(request: &Request<Bytes>) -> Self {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        match header("x-amz-target") {
            Some(target) => Self::Json {
                content_type: header("content-type").unwrap_or(json::CONTENT_TYPE).to_owned(),
                target: target.to_owned(),
            },
            None => Self::Query { namespace: query::namespace(request.body()) },
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
            Self::Query { namespace } => query::response(namespace, operation, outcome, request_id),
        }
    }
}

/// Answers one request of an AWS client: JSON 1.0 and 1.1 (ECS, DynamoDB), Query with XML (ELBv2,
/// STS). What is due by `now` happens first. No signature is checked: the access key alone tells the
/// account, and has to be the account's 12 digits or one that was handed out. Below `/api` CloudTamer
/// answers, if the cloud has one; `GET /_sandbox` tells the operations, and the members of requests
/// that were ignored.
pub fn handle(cloud: &mut Cloud, request: Request<Bytes>, now: Time) -> Response<Bytes> {
    cloud.step(now);
    let request_id = cloud.ids.uuid();
    if let Some(answer) = cloud_tamer::answer(cloud, &request, now) {
        return respond(answer.status, "application/json", &request_id, answer.body());
    }
    if let Some(body) = about::answer(cloud, &request) {
        return respond(200, "application/json", &request_id, body);
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
        Protocol::Query { .. } => {
            let (name, input) = query::decode(request.body())?;
            *operation = name;
            (credential.query_service()?, input)
        }
    };
    let account = credential.account(&cloud.sts, protocol, now)?;
    let scope = Scope { account, region: credential.region };
    let access_key = credential.access_key;
    let mut call = Call { cloud, scope, access_key, service, operation: operation.clone(), now };
    service.call(&mut call, input)
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
