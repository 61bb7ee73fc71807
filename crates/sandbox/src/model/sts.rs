//! STS: who a key belongs to.

/// The sessions that AssumeRole handed out.
#[derive(Debug, Default)]
pub struct Sessions {}
