//! What is installed on first use: where it is kept, and what is said if it can't be had.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::process::Output;

use crate::witnesses::Missing;

/// The name of a folder: one for each interpreter and content of the lock file.
pub(crate) fn name(interpreter: &str, lock: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    lock.hash(&mut hasher);
    format!("{interpreter}-{:016x}", hasher.finish())
}

/// Whether an installation went well. If not, its last words tell why.
pub(crate) fn installed(output: &Output, what: &str) -> Result<(), Missing> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    Err(Missing(format!("{what}, which can't be installed: {last}")))
}
