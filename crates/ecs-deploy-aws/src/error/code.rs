//! AWS's error codes.

use ecs_deploy::cloud::ErrorClass;

const THROTTLED: [&str; 7] = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "TooManyRequestsException",
    "PriorRequestNotComplete",
];

const CONFLICT: [&str; 7] = [
    "ConditionalCheckFailedException",
    "ConflictException",
    "PriorityInUse",
    "ResourceInUse",
    "ResourceInUseException",
    "TransactionConflictException",
    "UpdateInProgressException",
];

const TRANSIENT: [&str; 8] = [
    "HealthUnavailable",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServerException",
    "ServiceUnavailable",
];

/// What kind of failure a code is, `status` being the answer's.
pub(super) fn class(code: &str, status: u16) -> ErrorClass {
    if code.starts_with("Throttling") || code.starts_with("Throttled") || THROTTLED.contains(&code)
    {
        ErrorClass::Throttled
    } else if Denial::of(code).is_some() {
        ErrorClass::Denied
    } else if CONFLICT.contains(&code) {
        ErrorClass::Conflict
    } else if status >= 500 || TRANSIENT.contains(&code) {
        ErrorClass::Transient
    } else if code.contains("NotFound") {
        ErrorClass::NotFound
    } else {
        ErrorClass::Unknown
    }
}

/// What to do about a code, where it has a remedy that is always the same.
pub(super) fn advice(code: &str) -> Option<&'static str> {
    Denial::of(code).map(Denial::advice)
}

/// Why the credentials are no good.
#[derive(Clone, Copy)]
enum Denial {
    Forbidden,
    Expired,
    UnknownKey,
    BadSignature,
}

impl Denial {
    fn of(code: &str) -> Option<Self> {
        match code {
            "UnauthorizedOperation" | "NotAuthorized" | "AuthFailure" | "OptInRequired" => {
                Some(Self::Forbidden)
            }
            "RequestExpired" => Some(Self::Expired),
            "InvalidClientTokenId" | "InvalidAccessKeyId" | "InvalidToken" => {
                Some(Self::UnknownKey)
            }
            "SignatureDoesNotMatch" | "IncompleteSignature" | "RequestTimeTooSkewed" => {
                Some(Self::BadSignature)
            }
            _ => Self::of_family(code),
        }
    }

    /// Codes that some services end with `Exception` and others do not.
    fn of_family(code: &str) -> Option<Self> {
        let families = [
            ("AccessDenied", Self::Forbidden),
            ("ExpiredToken", Self::Expired),
            ("UnrecognizedClient", Self::UnknownKey),
            ("MissingAuthenticationToken", Self::UnknownKey),
            ("InvalidSignature", Self::BadSignature),
        ];
        families.into_iter().find(|(start, _)| code.starts_with(start)).map(|(_, denial)| denial)
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Forbidden => "the policies of these credentials must allow it",
            Self::Expired => "renew the credentials (such as with `aws sso login`), then try again",
            Self::UnknownKey => {
                "AWS does not know the access key: check AWS_PROFILE or AWS_ACCESS_KEY_ID, and \
                 AWS_SESSION_TOKEN, which temporary credentials need"
            }
            Self::BadSignature => "check the secret access key and this machine's clock",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fall_into_the_classes_that_a_deploy_tells_apart() {
        let expected = [
            ("ThrottlingException", 400, ErrorClass::Throttled),
            ("Throttling", 400, ErrorClass::Throttled),
            ("ThrottlingException", 503, ErrorClass::Throttled),
            ("ProvisionedThroughputExceededException", 400, ErrorClass::Throttled),
            ("ServerException", 500, ErrorClass::Transient),
            ("ServerException", 400, ErrorClass::Transient),
            ("SomethingNew", 503, ErrorClass::Transient),
            ("TaskSetNotFoundException", 400, ErrorClass::NotFound),
            ("RuleNotFound", 400, ErrorClass::NotFound),
            ("PriorityInUse", 400, ErrorClass::Conflict),
            ("ConditionalCheckFailedException", 400, ErrorClass::Conflict),
            ("AccessDeniedException", 400, ErrorClass::Denied),
            ("AccessDenied", 403, ErrorClass::Denied),
            ("ExpiredTokenException", 400, ErrorClass::Denied),
            ("ExpiredToken", 403, ErrorClass::Denied),
            ("UnrecognizedClientException", 400, ErrorClass::Denied),
            ("InvalidClientTokenId", 403, ErrorClass::Denied),
            ("SignatureDoesNotMatch", 403, ErrorClass::Denied),
            ("InvalidParameterException", 400, ErrorClass::Unknown),
        ];
        for (code, status, class_of_code) in expected {
            assert_eq!(class(code, status), class_of_code, "{code} with {status}");
        }
    }

    #[test]
    fn only_denials_carry_advice() {
        assert!(advice("ExpiredTokenException").unwrap().contains("renew"));
        assert!(advice("SignatureDoesNotMatch").unwrap().contains("clock"));
        assert_eq!(advice("ThrottlingException"), None);
    }
}
