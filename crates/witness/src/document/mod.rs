//! The parts of a document that are made by runs, each between two markers.

mod differences;
mod members;

use std::fs;
use std::io;
use std::path::Path;

pub(crate) use self::differences::StandIn;
use crate::options::Document;
use crate::tally::{Check, Difference, Row};

/// Where the tables stand, from the workspace.
const DOCUMENT: &str = "docs/sandbox.md";

/// What is between a pair of markers.
struct Part {
    begin: &'static str,
    end: &'static str,
}

const MEMBERS: Part = Part {
    begin: "<!-- begin: written by the witnesses -->",
    end: "<!-- end: written by the witnesses -->",
};

const DIFFERENCES: Part = Part {
    begin: "<!-- begin: differences, written by the witnesses -->",
    end: "<!-- end: differences, written by the witnesses -->",
};

/// Holds the table of members against what the run saw, or rewrites it.
pub(crate) fn members(root: &Path, rows: &[Row], wanted: Document) -> Check {
    let faults = MEMBERS.settle(root, wanted, |_| members::table(rows));
    checked("has the members that this run sees", faults)
}

/// Holds the differences of one stand-in against what the run saw, or rewrites them.
pub(crate) fn differences(
    root: &Path,
    stand_in: StandIn<'_>,
    found: &[Difference],
    wanted: Document,
) -> Check {
    let faults = DIFFERENCES.settle(root, wanted, |part| stand_in.renewed(part, found));
    checked("has the differences that this run sees", faults)
}

fn checked(what: &str, faults: io::Result<Vec<String>>) -> Check {
    let faults = faults.unwrap_or_else(|error| vec![error.to_string()]);
    Check { check: format!("{DOCUMENT} {what}"), faults }
}

impl Part {
    fn settle(
        &self,
        root: &Path,
        wanted: Document,
        renew: impl Fn(&str) -> String,
    ) -> io::Result<Vec<String>> {
        let path = root.join(DOCUMENT);
        let text = fs::read_to_string(&path)?;
        let Some((before, part, after)) = self.split(&text) else {
            return Ok(vec![format!("the lines {} and {} are not there", self.begin, self.end)]);
        };
        let renewed = renew(part);
        match wanted {
            Document::Write => {
                fs::write(path, self.joined(before, &renewed, after)).map(|()| vec![])
            }
            Document::Check => Ok(faults(part, &renewed)),
        }
    }

    /// What is before, between and after the markers.
    fn split<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
        let (before, rest) = text.split_once(self.begin)?;
        let (part, after) = rest.split_once(self.end)?;
        Some((before, part, after))
    }

    fn joined(&self, before: &str, part: &str, after: &str) -> String {
        format!("{before}{}\n\n{part}\n{}{after}", self.begin, self.end)
    }
}

/// The lines that the document lacks, and those that it has for nothing.
fn faults(part: &str, renewed: &str) -> Vec<String> {
    let lines = |text: &str| -> Vec<String> { text.trim().lines().map(str::to_owned).collect() };
    let (old, new) = (lines(part), lines(renewed));
    let lacks = new.iter().filter(|line| !old.contains(line)).map(|line| format!("lacks {line}"));
    let has = old.iter().filter(|line| !new.contains(line)).map(|line| format!("still has {line}"));
    let mut faults: Vec<String> = lacks.chain(has).collect();
    if faults.is_empty() && old != new {
        faults.push("its lines are in another order".into());
    }
    if !faults.is_empty() {
        faults.push("run again with -write, and read what changes".into());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let text = format!("# Title\n\n{}\nold\n{}\n\nmore\n", MEMBERS.begin, MEMBERS.end);
        let (before, part, after) = MEMBERS.split(&text).unwrap();
        assert_eq!((before, part, after), ("# Title\n\n", "\nold\n", "\n\nmore\n"));
        let renewed = MEMBERS.joined(before, "new\n", after);
        assert_eq!(renewed, text.replace("\nold\n", "\n\nnew\n\n"));
        assert!(MEMBERS.split("no markers").is_none());
    }

    #[test]
    fn the_markers_of_one_part_are_not_those_of_another() {
        let differences = DIFFERENCES.joined("", "difference\n", "");
        let text = MEMBERS.joined(&differences, "member\n", "");
        assert_eq!(MEMBERS.split(&text).unwrap().1.trim(), "member");
        assert_eq!(DIFFERENCES.split(&text).unwrap().1.trim(), "difference");
    }

    #[test]
    fn what_is_missing_and_what_is_stale_are_told_line_by_line() {
        assert_eq!(faults("\n\na\nb\n\n", "a\nb\n"), [""; 0]);
        let told = faults("a\nb\n", "a\nc\n");
        assert_eq!(told[..2], ["lacks c", "still has b"]);
        assert_eq!(faults("b\na\n", "a\nb\n")[0], "its lines are in another order");
    }
}
