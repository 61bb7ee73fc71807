//! Documents that number facts, and name the tests that fail when one no longer holds.
//!
//! A row of their tables is a number such as `E1`, some words, and tests by file and function. Tests
//! of other packages read such a document and let it be checked.

mod document;
mod source;

pub use document::{Kind, Row, TestName, read};
pub use source::{Found, Sources, find};
