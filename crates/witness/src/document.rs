//! The part of a document that is made by the run, between two markers.

use std::fs;
use std::io;
use std::path::Path;

use crate::options::Document;
use crate::tally::{Check, Row};

const BEGIN: &str = "<!-- begin: written by the witnesses -->";
const END: &str = "<!-- end: written by the witnesses -->";

/// Where the table of members stands, from the workspace.
const MEMBERS: &str = "docs/sandbox.md";

/// Holds the document's table against what the run saw, or rewrites it.
pub(crate) fn members(root: &Path, rows: &[Row], wanted: Document) -> Check {
    let faults = settle(&root.join(MEMBERS), &table(rows), wanted);
    let check = format!("{MEMBERS} has the table that this run makes");
    Check { check, faults: faults.unwrap_or_else(|error| vec![error.to_string()]) }
}

fn settle(path: &Path, made: &str, wanted: Document) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(path)?;
    let Some(renewed) = with_part(&text, made) else {
        return Ok(vec![format!("the lines {BEGIN} and {END} are not there")]);
    };
    match wanted {
        Document::Write => fs::write(path, renewed).map(|()| vec![]),
        Document::Check if renewed == text => Ok(vec![]),
        Document::Check => Ok(vec!["run again with -write, and read what changes".into()]),
    }
}

/// The text with another part between the markers.
fn with_part(text: &str, part: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{part}\n{END}{after}"))
}

fn table(rows: &[Row]) -> String {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by(|a, b| (&a.service, &a.operation).cmp(&(&b.service, &b.operation)));
    let mut table = String::from(
        "| operation | members honoured | accepted and ignored | refused |\n\
         | --- | --- | --- | --- |\n",
    );
    for row in rows {
        table += &format!(
            "| {} {} | {} | {} | {} |\n",
            row.service,
            row.operation,
            row.honoured.join(", "),
            row.ignored.join(", "),
            row.refused.join(", "),
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(operation: &str) -> Row {
        Row {
            service: "ecs".into(),
            operation: operation.into(),
            honoured: vec!["task".into(), "cluster".into()],
            ignored: vec!["reason".into()],
            refused: vec![],
        }
    }

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let text = format!("# Title\n\n{BEGIN}\nold\n{END}\n\nmore\n");
        let renewed = with_part(&text, "new\n").unwrap();
        assert_eq!(renewed, format!("# Title\n\n{BEGIN}\n\nnew\n\n{END}\n\nmore\n"));
        assert_eq!(with_part(&renewed, "new\n"), Some(renewed));
        assert_eq!(with_part("no markers", "new"), None);
    }

    #[test]
    fn the_table_is_in_the_order_of_the_operations() {
        let table = table(&[row("StopTask"), row("ListTasks")]);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| ecs ListTasks | task, cluster | reason |  |",
                "| ecs StopTask | task, cluster | reason |  |"
            ]
        );
    }
}
