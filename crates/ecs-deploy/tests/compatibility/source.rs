//! The repository's files, as far as tests are looked for in them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::document::TestName;

/// The files that were looked at.
#[derive(Default)]
pub(crate) struct Sources {
    read: BTreeMap<String, Option<String>>,
}

impl Sources {
    /// What is wrong with a test's name, if anything.
    pub(crate) fn problem(&mut self, test: &TestName) -> Option<String> {
        let TestName { file, function } = test;
        let text = self
            .read
            .entry(file.clone())
            .or_insert_with(|| std::fs::read_to_string(repository().join(file)).ok());
        let Some(text) = text else { return Some(format!("there is no file {file}")) };
        told(&find(text, function)).map(|told| format!("{file}: {function} {told}"))
    }
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a function's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    NoTest,
    IgnoredTest,
    Test,
}

fn told(found: &Found) -> Option<&'static str> {
    match found {
        Found::Nothing => Some("is not there"),
        Found::NoTest => Some("is no test"),
        Found::IgnoredTest => Some("is ignored"),
        Found::Test => None,
    }
}

/// Looks for a function, and at the attributes above it.
pub(crate) fn find(text: &str, function: &str) -> Found {
    let mut attributes = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push(line);
        } else if is_function(line, function) {
            return judged(&attributes);
        } else if !line.starts_with("//") {
            attributes.clear();
        }
    }
    Found::Nothing
}

fn is_function(line: &str, function: &str) -> bool {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = line.strip_prefix("fn ").and_then(|line| line.strip_prefix(function));
    rest.is_some_and(|rest| rest.starts_with('('))
}

fn judged(attributes: &[&str]) -> Found {
    let has = |start: &str| attributes.iter().any(|attribute| attribute.starts_with(start));
    match (has("#[test]") || has("#[tokio::test"), has("#[ignore")) {
        (false, _) => Found::NoTest,
        (true, true) => Found::IgnoredTest,
        (true, false) => Found::Test,
    }
}
