//! Versions of programs.

/// The numbers that a version begins with.
pub(crate) fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|number| number.parse().ok()).collect()
}
