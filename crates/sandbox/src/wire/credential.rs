//! Who calls, and where: from the `Authorization` header.

use bytes::Bytes;
use http::Request;

use super::{Protocol, Service};
use crate::model::{ApiError, Time, sts::Sessions};

/// The credential scope of a signed request: `<key>/<date>/<region>/<service>/aws4_request`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credential {
    pub(super) access_key: String,
    pub(super) region: String,
    service: String,
}

impl Credential {
    /// Reads it from the request, whose signature is not checked.
    pub(super) fn of(request: &Request<Bytes>, protocol: &Protocol) -> Result<Self, ApiError> {
        request
            .headers()
            .get(http::header::AUTHORIZATION)
            .and_then(|value| Self::parse(value.to_str().ok()?))
            .ok_or_else(|| unsigned(protocol))
    }

    fn parse(authorization: &str) -> Option<Self> {
        let parameters = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
        let scope =
            parameters.split(',').find_map(|part| part.trim().strip_prefix("Credential="))?;
        let mut parts = scope.split('/');
        let (access_key, _date) = (parts.next()?, parts.next()?);
        let (region, service) = (parts.next()?, parts.next()?);
        (parts.next() == Some("aws4_request")).then(|| Self {
            access_key: access_key.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        })
    }

    /// The service of a Query request, which its body does not name.
    pub(super) fn query_service(&self) -> Result<Service, ApiError> {
        match self.service.as_str() {
            "elasticloadbalancing" => Ok(Service::Elb),
            "sts" => Ok(Service::Sts),
            other => Err(ApiError::client(
                "InvalidAction",
                format!("this local AWS has no Query service {other}"),
            )),
        }
    }

    /// The account whose key it is: the key itself when it is an account's 12 digits, else the
    /// account of the session that it was handed out for, until that expires.
    pub(super) fn account(
        &self,
        sessions: &Sessions,
        protocol: &Protocol,
        now: Time,
    ) -> Result<String, ApiError> {
        let key = &self.access_key;
        if key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(key.clone());
        }
        match sessions.session(key) {
            None => Err(unknown_key(protocol)),
            Some(session) if session.expires <= now => Err(expired(protocol)),
            Some(session) => Ok(session.account.clone()),
        }
    }
}

fn expired(protocol: &Protocol) -> ApiError {
    let message = "The security token included in the request is expired";
    match protocol {
        Protocol::Json { .. } => ApiError::client("ExpiredTokenException", message),
        Protocol::Query { .. } => ApiError::client("ExpiredToken", message).with_status(403),
    }
}

fn unknown_key(protocol: &Protocol) -> ApiError {
    let hint = "the security token included in the request is invalid: the access key has to be an \
                account's 12 digits, or one that was handed out";
    match protocol {
        Protocol::Json { .. } => ApiError::client("UnrecognizedClientException", hint),
        Protocol::Query { .. } => ApiError::client("InvalidClientTokenId", hint).with_status(403),
    }
}

fn unsigned(protocol: &Protocol) -> ApiError {
    let hint = "the request has no Authorization header with a credential scope";
    match protocol {
        Protocol::Json { .. } => ApiError::client("MissingAuthenticationTokenException", hint),
        Protocol::Query { .. } => {
            ApiError::client("MissingAuthenticationToken", hint).with_status(403)
        }
    }
}
