//! What is asked of the new version before and after users see it.

mod reasons;
pub(crate) mod standing;
pub(crate) mod targets;
