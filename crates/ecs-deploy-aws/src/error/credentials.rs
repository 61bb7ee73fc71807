//! Credentials that could not be had.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use ecs_deploy::cloud::{CloudError, ErrorClass};

use super::{cause, root};
use crate::credentials::Spent;
use crate::environment::{Environment, UnsetVariable};

/// Tells why there are no credentials, and what to do about it. The call was not sent.
pub(super) fn failed(action: &'static str, error: &CredentialsError) -> CloudError {
    let message = match error {
        CredentialsError::CredentialsNotLoaded(_) => match cause::<UnsetVariable>(error) {
            Some(unset) => format!("no AWS credentials were found: {unset}"),
            None => not_found(|name| Environment::Process.variable(name)),
        },
        CredentialsError::InvalidConfiguration(_) => {
            format!("the AWS credentials are not set up right: {}", root(error))
        }
        _ => format!("the AWS credentials could not be loaded: {}", root(error)),
    };
    CloudError::new(action, class(error), message)
}

/// What the process's variables tell of why AWS's rules led to no credentials.
fn not_found(variable: impl Fn(&str) -> Option<String>) -> String {
    let (key, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    match (variable(key), variable(secret), variable("AWS_PROFILE")) {
        (Some(_), None, _) => format!("no AWS credentials were found: {key} is set, {secret} not"),
        (None, Some(_), _) => format!("no AWS credentials were found: {secret} is set, {key} not"),
        (_, _, Some(profile)) => format!(
            "no AWS credentials were found: AWS's files have none for the profile `{profile}` of \
             AWS_PROFILE; check its name, or log in with `aws sso login`"
        ),
        (_, _, None) => format!(
            "no AWS credentials were found: set AWS_PROFILE, or {key} and {secret}, or log in with \
             `aws sso login`"
        ),
    }
}

/// Tells of credentials that AWS called expired. The call changed nothing; where it is told as one that
/// may pass, it counts as open all the same.
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
        let told = |set: &[&str]| not_found(|name| set.contains(&name).then(|| "it".to_owned()));
        assert!(told(&[]).contains("set AWS_PROFILE, or"), "{}", told(&[]));
        let half = told(&["AWS_ACCESS_KEY_ID", "AWS_PROFILE"]);
        assert!(half.ends_with("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY not"), "{half}");
        let profile = told(&["AWS_PROFILE"]);
        assert!(profile.contains("none for the profile `it`"), "{profile}");
    }

    #[test]
    fn given_variables_that_lack_one_say_which() {
        let unset = UnsetVariable("AWS_ACCESS_KEY_ID");
        let (class, message) = told(CredentialsError::not_loaded(unset));
        assert_eq!(class, ErrorClass::Denied);
        assert!(message.ends_with("AWS_ACCESS_KEY_ID is not set"), "{message}");
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
