//! What this local AWS tells of itself: its operations, and the members that it ignored.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::Service;
use crate::model::Cloud;

/// Where it tells; AWS's services are all served at the root.
const PATH: &str = "/_sandbox";

/// The answer to a request that asks for it.
pub(super) fn answer(cloud: &Cloud, request: &Request<Bytes>) -> Option<Bytes> {
    let asks = request.method() == Method::GET && request.uri().path() == PATH;
    asks.then(|| json!({"Operations": operations(), "Ignored": ignored(cloud)}).to_string().into())
}

fn operations() -> Value {
    let names = |service: Service| service.operations().iter().map(|(name, _)| *name).collect();
    let service = |service: Service| (service.name().to_owned(), names(service));
    Service::ALL.into_iter().map(service).collect::<serde_json::Map<_, _>>().into()
}

fn ignored(cloud: &Cloud) -> Value {
    let member = |(operation, member, count)| json!({"Operation": operation, "Member": member, "Count": count});
    cloud.ignored().map(member).collect()
}
