//! A document as data: the rows of its tables, each with a number.

use std::collections::BTreeMap;

/// A row of one of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What is counted, such as `E` for the facts of ecs-deploy.
    pub kind: char,
    /// Its number among those of its kind.
    pub number: u32,
    /// The cells between the number and the tests.
    pub words: Vec<String>,
    /// What fails when it no longer holds.
    pub tests: Vec<TestName>,
}

/// A test, as the document names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestName {
    /// The file, from the repository's root.
    pub file: String,
    /// Its name there.
    pub function: String,
}

/// One kind of row.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What it is counted with.
    pub letter: char,
    /// What it has to say, beside its number and its tests.
    pub asks: &'static [&'static str],
}

/// Reads all rows of a document that has these kinds of them.
///
/// # Errors
/// Everything that is wrong with them, one line each.
pub fn read(text: &str, kinds: &[Kind]) -> Result<Vec<Row>, Vec<String>> {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for (line, cells) in table_lines(text) {
        match row(&cells, kinds) {
            Ok(row) => rows.push(row),
            Err(problem) => problems.push(format!("line {line}: {problem}")),
        }
    }
    problems.extend(miscounted(&rows, kinds));
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// The lines of tables below their heads, with their numbers.
fn table_lines(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let mut is_body = false;
    (1..).zip(text.lines()).filter_map(move |(number, line)| {
        let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'));
        let Some(inner) = inner else {
            is_body = false;
            return None;
        };
        let cells: Vec<&str> = inner.split(" | ").map(str::trim).collect();
        let was_body = is_body;
        is_body |= inner.chars().all(|c| "-| ".contains(c));
        was_body.then_some((number, cells))
    })
}

fn row(cells: &[&str], kinds: &[Kind]) -> Result<Row, String> {
    let [number, words @ .., tests] = cells else { return Err("a row of one cell".to_owned()) };
    let (kind, number) = numbered(number)?;
    let known = kinds.iter().find(|known| known.letter == kind);
    let asked = known.ok_or_else(|| format!("nothing is counted with {kind}"))?.asks;
    if words.len() != asked.len() {
        let count = asked.len() + 2;
        return Err(format!("{kind}{number} has {} cells, not {count}", cells.len()));
    }
    for (cell, what) in words.iter().zip(asked) {
        if cell.is_empty() {
            return Err(format!("{kind}{number} has no {what}"));
        }
    }
    let words = words.iter().map(|&cell| cell.to_owned()).collect();
    let tests = test_names(tests).map_err(|problem| format!("{kind}{number}: {problem}"))?;
    Ok(Row { kind, number, words, tests })
}

fn numbered(cell: &str) -> Result<(char, u32), String> {
    let mut letters = cell.chars();
    let kind = letters.next().filter(char::is_ascii_uppercase);
    let number = letters.as_str().parse().ok();
    kind.zip(number).ok_or_else(|| format!("`{cell}` is no number of a row"))
}

/// The names between the backquotes of a cell, which holds nothing else.
fn test_names(cell: &str) -> Result<Vec<TestName>, String> {
    let pieces: Vec<&str> = cell.split('`').collect();
    let mut between = pieces.iter().step_by(2);
    let is_open = pieces.len().is_multiple_of(2);
    if is_open || between.any(|piece| !piece.trim_matches([',', ' ']).is_empty()) {
        return Err(format!("`{cell}` is no list of tests"));
    }
    let names: Result<Vec<TestName>, String> =
        pieces.into_iter().skip(1).step_by(2).map(test_name).collect();
    names.and_then(|names| if names.is_empty() { Err("no test".to_owned()) } else { Ok(names) })
}

fn test_name(name: &str) -> Result<TestName, String> {
    let parts = name.split_once("::").filter(|(file, _)| file.ends_with(".rs"));
    let (file, function) = parts.ok_or_else(|| format!("`{name}` is no `file.rs::test`"))?;
    Ok(TestName { file: file.to_owned(), function: function.to_owned() })
}

/// Each kind is counted from 1 on, without a gap.
fn miscounted(rows: &[Row], kinds: &[Kind]) -> Vec<String> {
    let mut counts: BTreeMap<char, u32> = kinds.iter().map(|kind| (kind.letter, 0)).collect();
    let mut problems = Vec::new();
    for Row { kind, number, .. } in rows {
        let expected = counts[kind] + 1;
        if *number != expected {
            problems.push(format!("{kind}{number} stands where {kind}{expected} should"));
        }
        counts.insert(*kind, *number);
    }
    let missing = counts.iter().filter(|(_, count)| **count == 0);
    problems.extend(missing.map(|(kind, _)| format!("nothing is counted with {kind}")));
    problems
}
