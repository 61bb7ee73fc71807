//! What a proxy changes in the headers that pass through it.

use std::net::IpAddr;

use http::header::{CONNECTION, EXPECT, HeaderMap, HeaderName, HeaderValue, TE, TRANSFER_ENCODING};
use http::header::{PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, UPGRADE};

/// The fields that mean one connection only, besides those that `Connection` names (RFC 9110, 7.6.1
/// and 11.7).
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How a listener shows in the model: what `X-Forwarded-Proto` and `X-Forwarded-Port` tell, so that
/// a program behind an HTTPS listener sees what it would see on AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::run) struct Front {
    pub(in crate::run) https: bool,
    pub(in crate::run) port: u16,
}

/// Removes what means the connection and not the message.
pub(super) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

/// Makes a client's headers into those that the target gets. `Host` stays as the client sent it.
pub(super) fn forward(headers: &mut HeaderMap, client: IpAddr, front: &Front) {
    strip_hop_by_hop(headers);
    // The server that received the request has answered the expectation already.
    headers.remove(EXPECT);
    let before = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = before.collect();
    let hops = match hops.as_slice() {
        [] => client.to_string(),
        hops => format!("{}, {client}", hops.join(", ")),
    };
    if let Ok(hops) = HeaderValue::try_from(hops) {
        headers.insert(FORWARDED_FOR, hops);
    }
    let protocol = if front.https { "https" } else { "http" };
    headers.insert(FORWARDED_PROTO, HeaderValue::from_static(protocol));
    headers.insert(FORWARDED_PORT, HeaderValue::from(front.port));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn removes_hop_by_hop_fields_and_those_that_connection_names() {
        let mut sent = headers(&[
            ("connection", "close, X-Secret-Hop"),
            ("connection", "x-other"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("x-secret-hop", "1"),
            ("x-other", "1"),
            ("accept", "text/plain"),
        ]);
        strip_hop_by_hop(&mut sent);
        assert_eq!(sent, headers(&[("accept", "text/plain")]));
    }

    #[test]
    fn adds_the_client_to_those_it_came_through_and_keeps_the_host() {
        let mut sent = headers(&[
            ("host", "shop.example.com"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-for", "192.0.2.2"),
            ("x-forwarded-proto", "gopher"),
            ("expect", "100-continue"),
        ]);
        forward(&mut sent, [127, 0, 0, 1].into(), &Front { https: true, port: 443 });
        let expected = headers(&[
            ("host", "shop.example.com"),
            ("x-forwarded-for", "192.0.2.1, 192.0.2.2, 127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-port", "443"),
        ]);
        assert_eq!(sent, expected);
    }
}
