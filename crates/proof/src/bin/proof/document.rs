//! `docs/reliability.md`: each proof writes its own part, between two markers that name it.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A document that can't be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentError {
    #[error("{} can't be read or written", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{} has no lines {} and {}", path.display(), begin(part), end(part))]
    NoMarkers { path: PathBuf, part: &'static str },
}

/// Puts something else into a part of the document.
pub(crate) fn write(part: &'static str, made: &str) -> Result<(), DocumentError> {
    let path = path();
    let text = load(&path)?;
    let Some([before, _, after]) = around(&text, part) else {
        return Err(DocumentError::NoMarkers { path, part });
    };
    let renewed = format!("{before}{}\n\n{}\n\n{}{after}", begin(part), made.trim(), end(part));
    fs::write(&path, renewed).map_err(|source| DocumentError::Io { path, source })
}

/// What a part of the document says.
pub(crate) fn read(part: &'static str) -> Result<String, DocumentError> {
    let path = path();
    let text = load(&path)?;
    let found = around(&text, part).map(|[_, said, _]| said.to_owned());
    found.ok_or(DocumentError::NoMarkers { path, part })
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md")
}

fn load(path: &Path) -> Result<String, DocumentError> {
    fs::read_to_string(path).map_err(|source| DocumentError::Io { path: path.into(), source })
}

fn begin(part: &str) -> String {
    format!("<!-- begin: written by `proof {part} --write` -->")
}

fn end(part: &str) -> String {
    format!("<!-- end: written by `proof {part} --write` -->")
}

/// What stands before a part, in it, and after it.
fn around<'a>(text: &'a str, part: &str) -> Option<[&'a str; 3]> {
    let (before, rest) = text.split_once(&begin(part))?;
    let (said, after) = rest.split_once(&end(part))?;
    Some([before, said, after])
}
