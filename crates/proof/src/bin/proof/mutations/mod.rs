//! Each protection of a deploy removed in turn, to see which tests notice.

mod copy;
mod mutation;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use clap::Args;

use self::copy::Copy;
use self::mutation::Mutation;
use crate::document;

const PART: &str = "mutations";

/// Removes each protection on a copy of the committed tree, and runs the tests that have to notice.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The only one to remove: a file's name without `.patch`.
    #[arg(long)]
    only: Option<String>,
    /// Writes the table of docs/reliability.md; with `--only` its row there.
    #[arg(long)]
    write: bool,
}

/// Protections whose absence nobody notices.
#[derive(Debug, thiserror::Error)]
#[error("no test noticed that this was removed: {}", .0.join("; "))]
struct Unnoticed(Vec<String>);

/// There is no such patch.
#[derive(Debug, thiserror::Error)]
#[error("crates/proof/mutations has no {0}.patch")]
struct Unknown(String);

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut mutations = Mutation::all(&root.join("crates/proof/mutations"))?;
    if let Some(only) = &arguments.only {
        mutations.retain(|mutation| mutation.name == *only);
        if mutations.is_empty() {
            return Err(Unknown(only.clone()).into());
        }
    }
    let copy = Copy::of(&root)?;
    let mut rows = match arguments.only {
        Some(_) => rows(&document::read(PART)?),
        None => BTreeMap::new(),
    };
    let mut unnoticed = Vec::new();
    for mutation in &mutations {
        let by = copy.tests_that_fail_with(mutation)?;
        tell(mutation, &by);
        rows.insert(mutation.protection.clone(), row(mutation, &by));
        if by.is_empty() {
            unnoticed.push(mutation.protection.clone());
        }
        if arguments.write {
            document::write(PART, &table(&rows))?;
        }
    }
    if unnoticed.is_empty() { Ok(()) } else { Err(Unnoticed(unnoticed).into()) }
}

const HEAD: &str =
    "| protection removed | tests that failed | one of them |\n| --- | --- | --- |\n";

fn table(rows: &BTreeMap<String, String>) -> String {
    rows.values().fold(HEAD.to_owned(), |table, row| table + row)
}

fn row(mutation: &Mutation, by: &[String]) -> String {
    let one = by.first().map_or("none", String::as_str);
    format!("| {} | {} | `{one}` |\n", mutation.protection, by.len())
}

/// The rows of a table that was written, by the protections that they begin with.
fn rows(table: &str) -> BTreeMap<String, String> {
    let rows = table.trim().lines().skip(HEAD.lines().count());
    let named = |row: &str| Some((row.split('|').nth(1)?.trim().to_owned(), format!("{row}\n")));
    rows.filter_map(named).collect()
}

#[allow(clippy::print_stdout, reason = "what a proof found is for whoever runs it")]
fn tell(mutation: &Mutation, by: &[String]) {
    println!("{}: {} tests failed: {}", mutation.protection, by.len(), by.join(", "));
}
