//! What a rule's transforms change in a request.

use http::header::HOST;
use http::{Uri, request};

use crate::model::elb::Rewritten;

/// Puts what is new in the place of what the client sent.
pub(super) fn apply(head: &mut request::Parts, rewritten: Rewritten) {
    if let Some(host) = rewritten.host {
        head.headers.insert(HOST, host);
    }
    if let Some(url) = rewritten.url {
        // The address of the target is yet to come: what the request was aimed at goes.
        head.uri = Uri::from(url);
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;

    fn sent() -> request::Parts {
        let request = Request::get("http://shop.example/a?b=c").header(HOST, "shop.example");
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn the_host_and_the_url_are_replaced() {
        let mut head = sent();
        let host = Some(HeaderValue::from_static("internal.example"));
        apply(&mut head, Rewritten { host, url: Some("/x?y=z".parse().unwrap()) });
        assert_eq!(head.headers[HOST], "internal.example");
        assert_eq!(head.uri, "/x?y=z");
    }

    #[test]
    fn what_is_not_rewritten_stays() {
        let mut head = sent();
        apply(&mut head, Rewritten::default());
        assert_eq!(head.headers[HOST], "shop.example");
        assert_eq!(head.uri, "http://shop.example/a?b=c");
    }
}
