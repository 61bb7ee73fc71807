//! What can go wrong with CloudTamer, and what to do about it.

use std::time::Duration;

use ecs_deploy::names::AccountId;
use serde_json::Value;

use super::http::{Answer, Ask, Secret};

/// Why CloudTamer gave no credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CloudTamerError {
    /// It does not know the user, or the password is another.
    #[error(
        "{origin} refuses the password of `{username}`: check CLOUDTAMER_USERNAME, \
         CLOUDTAMER_PASSWORD and CLOUDTAMER_IDMS_ID"
    )]
    WrongPassword {
        /// The scheme, host and port of CloudTamer.
        origin: String,
        /// The user.
        username: String,
    },
    /// No answer came, five times.
    #[error("no answer from {origin} to `{call}`: {why}")]
    NoAnswer {
        /// The scheme, host and port of CloudTamer.
        origin: String,
        /// The method and path that were asked.
        call: String,
        /// What broke last.
        why: String,
    },
    /// The answer has the status of an error.
    #[error("{origin} answers `{call}` with status {status}{}", said(message.as_deref()))]
    Refused {
        /// The scheme, host and port of CloudTamer.
        origin: String,
        /// The method and path that were asked.
        call: String,
        /// The status.
        status: u16,
        /// What it said, if it said anything.
        message: Option<String>,
    },
    /// The answer is not what CloudTamer says.
    #[error(
        "{origin} answers `{call}` with {found}: does CLOUDTAMER_BASE_URL lead to CloudTamer's API \
         (it ends in `/api`)?"
    )]
    OddAnswer {
        /// The scheme, host and port of CloudTamer.
        origin: String,
        /// The method and path that were asked.
        call: String,
        /// What the answer is instead.
        found: &'static str,
    },
    /// The user has no access to the account.
    #[error("it shows `{username}` {known} accounts, and this is none of them")]
    UnknownAccount {
        /// The user.
        username: String,
        /// How many accounts are shown.
        known: usize,
    },
    /// The account is in no project, and roles are granted by project.
    #[error("the account is in no project there, so it has no roles")]
    NoProject,
    /// None of the roles may be assumed.
    #[error(
        "none of the roles {} may be assumed in {account}, {}: name one in the config's \
         `CloudTamerRoles`",
        wanted.join(", "),
        offers(offered)
    )]
    NoRole {
        /// The account.
        account: AccountId,
        /// The roles that were looked for.
        wanted: Vec<String>,
        /// The roles that may be assumed.
        offered: Vec<String>,
    },
}

fn said(message: Option<&str>) -> String {
    message.map(|message| format!(": {message}")).unwrap_or_default()
}

fn offers(offered: &[String]) -> String {
    match offered {
        [] => "and no other either".to_owned(),
        offered => format!("only {}", offered.join(", ")),
    }
}

impl CloudTamerError {
    /// The same of a login, whose refusal may be a matter of the password.
    pub(super) fn of_login(self, username: &str) -> Self {
        match self {
            Self::Refused { origin, message: Some(said), .. } if said == WRONG_PASSWORD => {
                Self::WrongPassword { origin, username: username.to_owned() }
            }
            other => other,
        }
    }
}

/// What CloudTamer says to a wrong password, with whichever status.
const WRONG_PASSWORD: &str = "Invalid username or password.";

/// How a single request failed.
#[derive(Debug)]
pub(super) enum Failure {
    NoAnswer(String),
    Refused { status: u16, message: Option<String> },
    Odd(&'static str),
}

/// More than this of a message helps nobody.
const MESSAGE_LENGTH: usize = 200;

impl Failure {
    pub(super) fn timed_out(limit: Duration) -> Self {
        Self::NoAnswer(format!("nothing within {limit:?}"))
    }

    /// An answer with the status of an error. What it says is shown, unless it repeats a secret.
    pub(super) fn refused<'a>(
        answer: &Answer,
        secrets: impl IntoIterator<Item = &'a Secret>,
    ) -> Self {
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let member = |pointer| body.as_ref()?.pointer(pointer)?.as_str();
        let message = member("/data/message").or_else(|| member("/message"));
        let message = message
            .filter(|said| {
                let mut secrets = secrets.into_iter();
                *said == WRONG_PASSWORD || !secrets.any(|secret| secret.is_in(said))
            })
            .map(|said| said.chars().filter(|c| !c.is_control()).take(MESSAGE_LENGTH).collect());
        Self::Refused { status: answer.status, message }
    }

    /// An answer that can't be read. What it holds is not shown: it may be a token.
    pub(super) fn odd(answer: &Answer) -> Self {
        let is_json = serde_json::from_slice::<Value>(&answer.body).is_ok();
        let start = answer.body.trim_ascii_start();
        Self::Odd(match (is_json, start.first()) {
            (true, _) => "JSON without what is expected in it",
            (false, Some(b'<')) => "a page",
            (false, None) => "nothing",
            (false, _) => "something that is not JSON",
        })
    }

    /// Transport errors and faults of the server may pass; a wrong password is final, whatever its
    /// status.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::NoAnswer(_) => true,
            Self::Refused { status, message } => {
                *status >= 500 && message.as_deref() != Some(WRONG_PASSWORD)
            }
            Self::Odd(_) => false,
        }
    }

    /// The same as an answer to a request of this CloudTamer.
    pub(super) fn of(self, ask: &Ask, origin: &str) -> CloudTamerError {
        let (origin, call) = (origin.to_owned(), ask.to_string());
        match self {
            Self::NoAnswer(why) => CloudTamerError::NoAnswer { origin, call, why },
            Self::Refused { status, message } => {
                CloudTamerError::Refused { origin, call, status, message }
            }
            Self::Odd(found) => CloudTamerError::OddAnswer { origin, call, found },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> Failure {
        let answer = Answer { status, body: body.as_bytes().to_vec() };
        Failure::refused(&answer, [&Secret::from("hush".to_owned())])
    }

    #[test]
    fn a_wrong_password_is_final_with_any_status() {
        let body = r#"{"status":500,"data":{"message":"Invalid username or password."}}"#;
        for status in [400, 401, 500] {
            let failure = refused(status, body);
            assert!(!failure.may_pass(), "{status}");
            let ask = Ask::new(::http::Method::POST, "/v3/token");
            let error = failure.of(&ask, "https://ct.example.com").of_login("ann");
            assert!(matches!(error, CloudTamerError::WrongPassword { .. }), "{error}");
            assert!(error.to_string().contains("CLOUDTAMER_PASSWORD"), "{error}");
        }
    }

    #[test]
    fn faults_of_the_server_may_pass_and_refusals_do_not() {
        assert!(refused(500, "").may_pass());
        assert!(refused(503, "<html>").may_pass());
        assert!(!refused(404, "").may_pass());
        assert!(!refused(302, "").may_pass());
    }

    #[test]
    fn a_message_that_repeats_the_password_is_not_shown() {
        let kept = refused(400, r#"{"message":"no such idms"}"#);
        assert!(matches!(kept, Failure::Refused { message: Some(_), .. }));
        let answer = Answer {
            status: 401,
            body: br#"{"message":"Invalid username or password."}"#.to_vec(),
        };
        let kept = Failure::refused(&answer, [&Secret::from("password".to_owned())]);
        assert!(matches!(kept, Failure::Refused { message: Some(_), .. }));
        let dropped = refused(400, r#"{"message":"`hush` is too short"}"#);
        assert!(matches!(dropped, Failure::Refused { message: None, .. }));
    }
}
