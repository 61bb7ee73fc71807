//! Each protection of a deploy removed in turn, to see which tests notice.

mod copy;
mod mutation;

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
    /// Writes the table of docs/reliability.md.
    #[arg(long, conflicts_with = "only")]
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
    let mut caught = Vec::new();
    for mutation in &mutations {
        let by = copy.tests_that_fail_with(mutation)?;
        tell(mutation, &by);
        caught.push((mutation, by));
        if arguments.write {
            document::write(PART, &table(&caught))?;
        }
    }
    let unnoticed = caught.iter().filter(|(_, by)| by.is_empty());
    let unnoticed: Vec<_> = unnoticed.map(|(mutation, _)| mutation.protection.clone()).collect();
    if unnoticed.is_empty() { Ok(()) } else { Err(Unnoticed(unnoticed).into()) }
}

fn table(caught: &[(&Mutation, Vec<String>)]) -> String {
    let head = "| protection removed | tests that failed | one of them |\n| --- | --- | --- |\n";
    let row = |(mutation, by): &(&Mutation, Vec<String>)| {
        let one = by.first().map_or("none", String::as_str);
        format!("| {} | {} | `{one}` |\n", mutation.protection, by.len())
    };
    caught.iter().fold(head.to_owned(), |table, caught| table + &row(caught))
}

#[allow(clippy::print_stdout, reason = "what a proof found is for whoever runs it")]
fn tell(mutation: &Mutation, by: &[String]) {
    println!("{}: {} tests failed: {}", mutation.protection, by.len(), by.join(", "));
}
