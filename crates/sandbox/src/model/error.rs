use serde_json::{Map, Value};

/// An error of an API, as AWS tells it: a code, a message and a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// The code that clients match on, such as `TaskSetNotFoundException`.
    pub code: String,
    /// The text for a person.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
    /// What else the error tells, such as the `Item` of a failed condition.
    pub members: Map<String, Value>,
}

impl ApiError {
    /// An error that the client caused (status 400).
    pub fn client(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), status: 400, members: Map::new() }
    }

    /// The same error with another HTTP status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same error with one member more.
    #[must_use]
    pub fn with_member(mut self, name: impl Into<String>, value: Value) -> Self {
        self.members.insert(name.into(), value);
        self
    }
}
