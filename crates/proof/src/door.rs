//! The network between the SDK and the world: a function call.

use std::io;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::json;
use tokio::time::sleep;

use crate::{Line, Passage, World};

/// What can befall a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It arrives, and the service fails before it does anything: AWS's own error with status 500.
    Failed,
    /// It arrives, and the service says that there were too many, before it does anything.
    Throttled,
    /// It arrives, and the caller may not do that.
    Denied,
    /// There is nobody to connect to.
    Refused,
    /// It never arrives, and nothing is heard of it.
    Hung,
    /// It arrives and takes effect, but its answer is lost.
    AnswerLost,
    /// Somebody else answers: a page with this status.
    Page(u16),
    /// Somebody answers with an error of this status, in the service's protocol, that repeats
    /// everything that was sent: headers and body.
    Repeated(u16),
    /// Just then the program is asked to stop; the request goes its way.
    Stopped,
    /// It arrives and takes effect so much later, whether anybody still waits for the answer or not.
    Late(Duration),
    /// It takes effect, and the program that sent it is not run for so long, as one that is stopped.
    Paused(Duration),
    /// It takes effect, and the program that sent it is not run any more until it is woken, as one
    /// whose machine sleeps.
    Held,
    /// The program that is about to send it dies.
    DiesBefore,
    /// It takes effect, and the program that sent it dies.
    DiesAfter,
}

/// An HTTP client whose only server is a world.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    world: World,
    line: Line,
}

impl Door {
    /// The way of one program into a world.
    pub(crate) fn new(world: &World, line: &Line) -> Self {
        Self { world: world.clone(), line: line.clone() }
    }

    async fn carry(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = sent(request).await?;
        let Passage { mishap, takes } = self.line.leave(&request);
        let mishap = mishap.or_else(|| self.world.next_mishap());
        let answer = self.reach(request, mishap).await;
        if !takes.is_zero() {
            sleep(takes).await;
        }
        answer
    }

    async fn reach(
        &self,
        request: Request<Bytes>,
        mishap: Option<Mishap>,
    ) -> Result<HttpResponse, ConnectorError> {
        match mishap {
            Some(Mishap::Refused) => return Err(broken(io::ErrorKind::ConnectionRefused)),
            Some(Mishap::Hung) => return std::future::pending().await,
            Some(Mishap::Page(status)) => return received(page(status)),
            Some(Mishap::Failed) => return received(error(&request, &FAILURE)),
            Some(Mishap::Throttled) => return received(error(&request, &THROTTLE)),
            Some(Mishap::Denied) => return received(error(&request, &DENIAL)),
            Some(Mishap::Repeated(status)) => return received(echo(&request, status)),
            Some(Mishap::DiesBefore) => return self.line.die().await,
            Some(Mishap::Stopped) => self.line.stop().cancel(),
            Some(
                Mishap::AnswerLost
                | Mishap::DiesAfter
                | Mishap::Late(_)
                | Mishap::Paused(_)
                | Mishap::Held,
            )
            | None => {}
        }
        self.world.hear_of(&self.line, &request);
        if let Some(Mishap::Late(after)) = mishap {
            return received(self.late(request, after).await);
        }
        let answer = self.world.answer_to(&self.line, request);
        match mishap {
            Some(Mishap::DiesAfter) => self.line.die().await,
            Some(Mishap::AnswerLost) => return Err(broken(io::ErrorKind::ConnectionReset)),
            Some(Mishap::Paused(pause)) => self.line.pause(pause).await,
            Some(Mishap::Held) => self.line.hold().await,
            _ => {}
        }
        received(answer)
    }

    /// What has left arrives, whatever becomes of the program that sent it.
    async fn late(&self, request: Request<Bytes>, after: Duration) -> Response<Bytes> {
        let (world, line) = (self.world.clone(), self.line.clone());
        let arrival = tokio::spawn(async move {
            sleep(after).await;
            world.answer_to(&line, request)
        });
        arrival.await.expect("a world answers")
    }
}

impl HttpClient for Door {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Door {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().carry(request))
    }
}

async fn sent(request: HttpRequest) -> Result<Request<Bytes>, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(ConnectorError::user)?;
    Ok(Request::from_parts(head, body.to_bytes()))
}

fn received(response: Response<Bytes>) -> Result<HttpResponse, ConnectorError> {
    HttpResponse::try_from(response.map(SdkBody::from))
        .map_err(|error| ConnectorError::other(error.into(), None))
}

fn broken(kind: io::ErrorKind) -> ConnectorError {
    ConnectorError::io(io::Error::from(kind).into())
}

/// A service's way of saying no, in each of the protocols.
struct No {
    json: (u16, &'static str),
    query: (u16, &'static str),
}

const FAILURE: No = No { json: (500, "InternalServerError"), query: (500, "InternalFailure") };
const THROTTLE: No = No { json: (400, "ThrottlingException"), query: (400, "Throttling") };
const DENIAL: No = No { json: (400, "AccessDeniedException"), query: (403, "AccessDenied") };

fn error(request: &Request<Bytes>, no: &No) -> Response<Bytes> {
    let (status, body) = if request.headers().contains_key("x-amz-target") {
        let (status, code) = no.json;
        (status, json!({"__type": code, "message": "told to the battery"}).to_string())
    } else {
        let (status, code) = no.query;
        let message = "<Message>told to the battery</Message>";
        let error = format!("<Error><Code>{code}</Code>{message}</Error>");
        (status, format!("<ErrorResponse>{error}</ErrorResponse>"))
    };
    Response::builder().status(status).body(Bytes::from(body)).expect("a status of three digits")
}

/// An error in the request's protocol that repeats the request.
fn echo(request: &Request<Bytes>, status: u16) -> Response<Bytes> {
    let headers = request.headers().iter();
    let headers: String =
        headers.map(|(name, value)| format!("{name}: {}\n", text(value.as_bytes()))).collect();
    let sent =
        format!("{} {}\n{headers}\n{}", request.method(), request.uri(), text(request.body()));
    let body = if request.uri().path().starts_with("/api/") {
        json!({"status": status, "data": {"message": sent}}).to_string()
    } else if request.headers().contains_key("x-amz-target") {
        json!({"__type": "ClientException", "message": sent}).to_string()
    } else {
        let sent = sent.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<ErrorResponse><Error><Code>Odd</Code><Message>{sent}</Message></Error></ErrorResponse>"
        )
    };
    Response::builder().status(status).body(Bytes::from(body)).expect("a status of three digits")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn page(status: u16) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", "text/html")
        .body(Bytes::from_static(b"<html><title>Sign in</title></html>"))
        .expect("a status of three digits")
}
