//! What a witness told, line by line.

use std::io::{self, BufRead};

use serde::Deserialize;

/// What an operation does with the members of its input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Row {
    /// The service, by its name among AWS's clients.
    pub(crate) service: String,
    /// The operation.
    pub(crate) operation: String,
    /// Members that have an effect.
    pub(crate) honoured: Vec<String>,
    /// Members that are accepted without an effect.
    pub(crate) ignored: Vec<String>,
    /// Members that are refused.
    pub(crate) refused: Vec<String>,
}

/// One look at the sandbox; without faults it is good.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Check {
    /// What was looked at.
    pub(crate) check: String,
    /// What is wrong.
    pub(crate) faults: Vec<String>,
}

/// A scenario to which a stand-in answers otherwise than AWS's documentation says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Difference {
    /// The scenario.
    pub(crate) scenario: String,
    /// What the stand-in answers.
    pub(crate) answered: String,
    /// What the sandbox answers, and the documentation says where it speaks of it.
    pub(crate) documented: String,
    /// The title of the page that says so; none where users found it out.
    pub(crate) page: Option<String>,
}

/// One line of JSON.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Check(Check),
    Row(Row),
    Difference(Difference),
    Version {
        #[serde(rename = "Version")]
        version: String,
    },
}

/// All that one witness told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// The version of the software that judged.
    pub(crate) version: String,
    /// How often it looked.
    pub(crate) checks: usize,
    /// The checks that found faults.
    pub(crate) failed: Vec<Check>,
    /// The members of operations, where it looked for them.
    pub(crate) rows: Vec<Row>,
    /// Whose differences it looked for.
    pub(crate) stand_in: Option<&'static str>,
    /// Those that it found.
    pub(crate) differences: Vec<Difference>,
}

impl Tally {
    /// Reads the lines of a witness until it ends.
    pub(crate) fn read(lines: impl BufRead) -> io::Result<Self> {
        let mut tally = Self::default();
        for line in lines.lines() {
            let line = line?;
            match serde_json::from_str(&line) {
                Ok(Line::Check(check)) => tally.add(check),
                Ok(Line::Row(row)) => tally.rows.push(row),
                Ok(Line::Difference(difference)) => tally.differences.push(difference),
                Ok(Line::Version { version }) => tally.version = version,
                Err(_) => tally.add(Check {
                    check: "every line of the witness can be read".into(),
                    faults: vec![line],
                }),
            }
        }
        Ok(tally)
    }

    /// Counts all that another witness told.
    pub(crate) fn join(&mut self, other: Self) {
        self.checks += other.checks;
        self.failed.extend(other.failed);
        self.rows.extend(other.rows);
    }

    /// Counts a check.
    pub(crate) fn add(&mut self, check: Check) {
        self.checks += 1;
        if !check.faults.is_empty() {
            self.failed.push(check);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = r#"{"Version": "1.2"}
{"Check": "a", "Faults": []}
{"Check": "b", "Faults": ["wrong"]}
{"Service": "ecs", "Operation": "StopTask", "Honoured": ["task"], "Ignored": [], "Refused": []}
{"Scenario": "a", "Answered": "1", "Documented": "2", "Page": "A page"}
"#;

    #[test]
    fn checks_are_counted_and_faults_kept() {
        let tally = Tally::read(LINES.as_bytes()).unwrap();
        assert_eq!((tally.version.as_str(), tally.checks, tally.rows.len()), ("1.2", 2, 1));
        assert_eq!(tally.differences[0].documented, "2");
        assert_eq!(tally.failed, [Check { check: "b".into(), faults: vec!["wrong".into()] }]);
    }

    #[test]
    fn a_line_that_can_not_be_read_is_a_failure() {
        let tally = Tally::read("Traceback\n".as_bytes()).unwrap();
        assert_eq!((tally.checks, tally.failed.len()), (1, 1));
    }
}
