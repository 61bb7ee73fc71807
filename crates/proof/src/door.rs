//! The network between the SDK and the world: a function call.

use std::io;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response};

use crate::World;

/// What can befall a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// There is nobody to connect to.
    Refused,
    /// It never arrives, and nothing is heard of it.
    Hung,
    /// It arrives and takes effect, but its answer is lost.
    AnswerLost,
    /// Somebody else answers: a page with this status.
    Page(u16),
}

/// An HTTP client whose only server is a world.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    world: World,
}

impl Door {
    pub(crate) fn to(world: &World) -> Self {
        Self { world: world.clone() }
    }

    async fn carry(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let mishap = self.world.next_mishap();
        match mishap {
            Some(Mishap::Refused) => return Err(broken(io::ErrorKind::ConnectionRefused)),
            Some(Mishap::Hung) => return std::future::pending().await,
            Some(Mishap::Page(status)) => return received(page(status)),
            Some(Mishap::AnswerLost) | None => {}
        }
        let answer = self.world.answer(sent(request)?);
        match mishap {
            Some(_) => Err(broken(io::ErrorKind::ConnectionReset)),
            None => received(answer),
        }
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

fn sent(request: HttpRequest) -> Result<Request<Bytes>, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    Ok(request.map(|body| Bytes::copy_from_slice(body.bytes().unwrap_or_default())))
}

fn received(response: Response<Bytes>) -> Result<HttpResponse, ConnectorError> {
    HttpResponse::try_from(response.map(SdkBody::from))
        .map_err(|error| ConnectorError::other(error.into(), None))
}

fn broken(kind: io::ErrorKind) -> ConnectorError {
    ConnectorError::io(io::Error::from(kind).into())
}

fn page(status: u16) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", "text/html")
        .body(Bytes::from_static(b"<html><title>Sign in</title></html>"))
        .expect("a status of three digits")
}
