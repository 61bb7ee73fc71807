//! From bytes to parsed JSON: what is checked before any member is looked at.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::error::{ConfigError, Place, Problem};
use super::source::{Source, line_and_column};

/// In MiB. No config comes near this; a larger file is the wrong one.
const LARGEST: u64 = 4;

/// Reads a file's text.
pub(super) fn load(path: &Path) -> Result<Source, ConfigError> {
    let file = path.display().to_string();
    let text = read_text(path).map_err(|problem| ConfigError {
        file: file.as_str().into(),
        place: None,
        problem: Box::new(problem),
    })?;
    Ok(Source { file: file.into(), text })
}

fn read_text(path: &Path) -> Result<String, Problem> {
    let file = File::open(path).map_err(|error| unopened(path, error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Problem::Folder);
    }
    let mut bytes = Vec::new();
    let limit = LARGEST << 20;
    let read = file.take(limit + 1).read_to_end(&mut bytes);
    if read.map_err(Problem::Unreadable)? as u64 > limit {
        return Err(Problem::TooLarge { limit: LARGEST });
    }
    String::from_utf8(bytes).map_err(|_| Problem::NotText)
}

fn unopened(path: &Path, error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => {
            let folder = path.is_relative().then(std::env::current_dir);
            Problem::Absent { folder: folder.and_then(Result::ok) }
        }
        _ => Problem::Unreadable(error),
    }
}

/// Parses the text as strict JSON.
///
/// Two parsers look at it: `serde_json` alone decides what is JSON and limits the nesting; the
/// other gives the positions and keeps repeated members, and with every leniency switched off it
/// has nothing to add.
pub(super) fn parse(source: &Source) -> Result<Value<'_>, ConfigError> {
    if source.text.starts_with('\u{feff}') {
        let why = "begins with a byte-order mark; save the file without it";
        return Err(syntax(source, 0, why.to_owned()));
    }
    if let Err(error) = serde_json::from_str::<serde_json::Value>(&source.text) {
        return Err(not_json(source, &error));
    }
    let parsed = parse_to_ast(&source.text, &CollectOptions::default(), &strict());
    match parsed.map(|result| result.value) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(syntax(source, 0, String::from("the file is empty"))),
        Err(error) => Err(syntax(source, error.range().start, error.kind().to_string())),
    }
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn not_json(source: &Source, error: &serde_json::Error) -> ConfigError {
    let offset = offset_of(&source.text, error.line(), error.column());
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    let why = match what {
        _ if source.text.trim().is_empty() => String::from("the file is empty"),
        "trailing characters" => String::from("text follows after the end of the config"),
        _ if error.is_eof() => match what.strip_prefix("EOF while parsing ") {
            Some(place) => format!("the file ends too early, inside {place}; was it cut?"),
            None => format!("the file ends too early: {what}"),
        },
        _ => format!("is not JSON: {what}"),
    };
    syntax(source, offset, why)
}

/// The byte at a line and a column of bytes, both from 1 as `serde_json` counts them.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

fn syntax(source: &Source, offset: usize, why: String) -> ConfigError {
    let (line, column) = line_and_column(&source.text, offset);
    let path = String::new();
    ConfigError {
        file: source.file.clone(),
        place: Some(Place { path, line, column }),
        problem: Box::new(Problem::Syntax(why)),
    }
}
