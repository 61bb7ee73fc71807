use std::error::Error;
use std::fmt;

/// What kind of failure an answer of AWS is: classed once, in the adapters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// AWS asks for fewer calls.
    Throttled,
    /// A time-out, a broken connection, a fault of the server: it may pass, and a change may have
    /// taken effect.
    Transient,
    /// Nobody answered there, or something else than AWS did: the endpoint is likely wrong. It may
    /// pass all the same, and a change may have taken effect.
    Astray,
    /// What the call names does not exist.
    NotFound,
    /// The state stands against it, such as a taken priority or a failed condition.
    Conflict,
    /// The credentials may not do it, are missing, or have expired.
    Denied,
    /// Not sent: the lease that is left is too short for an attempt.
    Fenced,
    /// Anything else, such as an input that AWS refuses.
    Unknown,
}

impl ErrorClass {
    /// Whether the call certainly changed nothing.
    pub fn is_certain(self) -> bool {
        !matches!(self, Self::Transient | Self::Astray)
    }

    /// Whether the same call may succeed later.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Throttled | Self::Transient | Self::Astray | Self::Fenced)
    }
}

/// A failed call.
#[derive(Debug)]
pub struct CloudError {
    /// The call as IAM names it, such as `ecs:CreateTaskSet`.
    pub action: &'static str,
    /// What kind of failure it is.
    pub class: ErrorClass,
    /// AWS's code, where there was an answer with one.
    pub code: Option<String>,
    /// What AWS said, or what broke.
    pub message: String,
    /// The id that AWS's support asks for.
    pub request_id: Option<String>,
    /// The cause below, where there is one.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl CloudError {
    /// An error without an answer of AWS behind it.
    pub fn new(action: &'static str, class: ErrorClass, message: impl Into<String>) -> Self {
        Self { action, class, code: None, message: message.into(), request_id: None, source: None }
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.action)?;
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl Error for CloudError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
