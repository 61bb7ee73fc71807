//! Credentials that could not be had.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use ecs_deploy::cloud::{CloudError, ErrorClass};

use super::{cause, root};
use crate::credentials::Spent;

/// Tells why there are no credentials, and what to do about it. The call was not sent.
pub(super) fn failed(action: &'static str, error: &CredentialsError) -> CloudError {
    let message = match error {
        CredentialsError::CredentialsNotLoaded(_) => "no AWS credentials were found: set \
            AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso \
            login`"
            .to_owned(),
        CredentialsError::InvalidConfiguration(_) => {
            format!("the AWS credentials are not set up right: {}", root(error))
        }
        _ => format!("the AWS credentials could not be loaded: {}", root(error)),
    };
    CloudError::new(action, class(error), message)
}

/// Tells of credentials that AWS called expired. The call changed nothing.
pub(super) fn spent(action: &'static str, spent: &Spent) -> CloudError {
    let class = if spent.may_pass() { ErrorClass::Transient } else { ErrorClass::Denied };
    CloudError::new(action, class, spent.to_string())
}

/// A provider that asks a service over the network may fail to reach it.
fn class(error: &CredentialsError) -> ErrorClass {
    let unreached = cause::<ConnectorError>(error).is_some()
        || cause::<std::io::Error>(error).is_some_and(is_of_the_network);
    match error {
        CredentialsError::ProviderTimedOut(_) => ErrorClass::Transient,
        CredentialsError::ProviderError(_) if unreached => ErrorClass::Transient,
        _ => ErrorClass::Denied,
    }
}

fn is_of_the_network(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, TimedOut};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | TimedOut)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    fn told(error: CredentialsError) -> (ErrorClass, String) {
        let told = failed("ecs:DescribeServices", &error);
        assert!(told.source().is_none());
        (told.class, told.message)
    }

    #[test]
    fn missing_credentials_say_where_they_may_come_from() {
        let (class, message) = told(CredentialsError::not_loaded("no provider"));
        assert_eq!(class, ErrorClass::Denied);
        assert!(message.contains("AWS_PROFILE"), "{message}");
    }

    #[test]
    fn a_provider_that_answers_late_may_answer_later() {
        let late = CredentialsError::provider_timed_out(std::time::Duration::from_secs(5));
        assert_eq!(told(late).0, ErrorClass::Transient);
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(told(CredentialsError::provider_error(refused)).0, ErrorClass::Transient);
        let denied = told(CredentialsError::provider_error("the session has ended"));
        assert_eq!(denied.0, ErrorClass::Denied);
        assert!(denied.1.ends_with("the session has ended"), "{}", denied.1);
    }
}
