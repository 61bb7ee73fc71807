//! The repository's files, as far as tests are looked for in them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::document::{Row, TestName};

/// The files of a repository that were looked at.
#[derive(Debug)]
pub struct Sources {
    root: PathBuf,
    read: BTreeMap<String, Option<String>>,
}

impl Sources {
    /// Those below a repository's root.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), read: BTreeMap::new() }
    }

    /// What is wrong with the tests of some rows, one line each.
    pub fn problems(&mut self, rows: &[Row]) -> Vec<String> {
        let mut problems = Vec::new();
        for Row { kind, number, tests, .. } in rows {
            let found = tests.iter().filter_map(|test| self.problem(test));
            problems.extend(found.map(|problem| format!("{kind}{number}: {problem}")));
        }
        problems
    }

    fn problem(&mut self, test: &TestName) -> Option<String> {
        let TestName { file, function } = test;
        let text = self
            .read
            .entry(file.clone())
            .or_insert_with(|| std::fs::read_to_string(self.root.join(file)).ok());
        let Some(text) = text else { return Some(format!("there is no file {file}")) };
        told(find(text, function)).map(|told| format!("{file}: {function} {told}"))
    }
}

/// What a function's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// There is no such function.
    Nothing,
    /// It is no test.
    NoTest,
    /// It is a test that does not run.
    IgnoredTest,
    /// It is a test.
    Test,
}

fn told(found: Found) -> Option<&'static str> {
    match found {
        Found::Nothing => Some("is not there"),
        Found::NoTest => Some("is no test"),
        Found::IgnoredTest => Some("is ignored"),
        Found::Test => None,
    }
}

/// Looks for a function, and at the attributes above it.
pub fn find(text: &str, function: &str) -> Found {
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
