//! Tests above everything: the real adapters against the sandbox in one process.
#![deny(missing_docs)]
