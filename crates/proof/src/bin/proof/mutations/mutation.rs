//! A patch that removes a protection, and what it says of itself above the first hunk.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// One protection to remove.
#[derive(Debug)]
pub(crate) struct Mutation {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// What no longer happens once the patch is applied.
    pub(crate) protection: String,
    /// The tests that have to notice, as arguments of `cargo test`.
    pub(crate) tests: Vec<String>,
    pub(crate) patch: PathBuf,
}

/// A patch that can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MutationError {
    #[error("{} can't be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} does not begin with a line {field}: …", path.display())]
    NoField { path: PathBuf, field: &'static str },
}

impl Mutation {
    /// All of a folder, in the order of their names.
    pub(crate) fn all(folder: &Path) -> Result<Vec<Self>, MutationError> {
        let unreadable = |source| MutationError::Unreadable { path: folder.into(), source };
        let entries = fs::read_dir(folder).map_err(unreadable)?;
        let paths: Result<Vec<_>, _> = entries.map(|entry| Ok(entry?.path())).collect();
        let mut paths = paths.map_err(unreadable)?;
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "patch"));
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Result<Self, MutationError> {
        let text = fs::read_to_string(&path);
        let text =
            text.map_err(|source| MutationError::Unreadable { path: path.clone(), source })?;
        let field = |field: &'static str| {
            let mut lines = text.lines().take_while(|line| !line.starts_with("diff "));
            let found = lines.find_map(|line| line.strip_prefix(field)?.strip_prefix(": "));
            found.ok_or(MutationError::NoField { path: path.clone(), field })
        };
        let protection = field("Removes")?.to_owned();
        let tests = field("Tests")?.split_whitespace().map(str::to_owned).collect();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, protection, tests, patch: path })
    }
}
