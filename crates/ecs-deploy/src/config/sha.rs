//! Which version of the config is deployed, as git knows it.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, Status};

use crate::names::ConfigSha;

/// Why git can't say which version of the config is deployed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShaError {
    /// The config file is not there, or its folder can't be entered.
    #[error("{} can't be found", file.display())]
    NotFound {
        /// The config file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The config file is in no repository.
    #[error("{} is in no git repository; give `-config-sha`", file.display())]
    NoRepository {
        /// The config file.
        file: PathBuf,
    },
    /// The repository belongs to another user, so git's own safety check refuses it.
    #[error(
        "the git repository of {} belongs to another user; run `git config --global --add \
         safe.directory {}`, or give `-config-sha`",
        file.display(),
        root.display()
    )]
    ForeignOwner {
        /// The config file.
        file: PathBuf,
        /// The repository's folder.
        root: PathBuf,
    },
    /// The repository has no commit yet.
    #[error("the git repository of {} has no commit; commit it, or give `-config-sha`", file.display())]
    NoCommit {
        /// The config file.
        file: PathBuf,
    },
    /// What would be deployed is not what the commit holds.
    #[error("{} {state}; commit it, or give `-config-sha`", file.display())]
    NotCommitted {
        /// The config file.
        file: PathBuf,
        /// How it differs from the commit.
        state: FileState,
    },
    /// Git failed in another way.
    #[error("git can't tell the version of {}; give `-config-sha` to do without", file.display())]
    Git {
        /// The config file.
        file: PathBuf,
        /// What git said.
        source: git2::Error,
    },
}

/// How a file differs from the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileState {
    /// It was never added.
    Untracked,
    /// It was never added, and git is told to ignore it.
    Ignored,
    /// It was changed since, and added.
    Staged,
    /// It was changed since, and not added.
    Modified,
}

impl std::fmt::Display for FileState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Untracked => "is not tracked by git",
            Self::Ignored => "is ignored by git",
            Self::Staged => "is staged and not committed",
            Self::Modified => "has changes that are not committed",
        })
    }
}

/// The shortened commit that the config file is at: what `git rev-parse --short=8 HEAD` says in
/// its folder, longer where 8 digits are ambiguous. It reads files, so call it off the async path.
///
/// # Errors
/// When the file is not exactly as that commit has it, or git can't tell.
pub fn config_sha(path: &Path) -> Result<ConfigSha, ShaError> {
    let file = || path.to_owned();
    let not_found = |source| ShaError::NotFound { file: file(), source };
    // A link is followed, because what it leads to is what is read.
    let real = path.canonicalize().map_err(not_found)?;
    let folder = real.parent().unwrap_or(Path::new("/"));
    let repository = Repository::discover(folder).map_err(|e| no_repository(e, path, folder))?;
    let git = |source| ShaError::Git { file: file(), source };
    let head = repository.head().and_then(|head| head.peel_to_commit());
    let commit = head.map_err(|error| match error.code() {
        ErrorCode::UnbornBranch | ErrorCode::NotFound => ShaError::NoCommit { file: file() },
        _ => git(error),
    })?;
    if let Some(state) = state_of(&repository, &real).map_err(git)? {
        return Err(ShaError::NotCommitted { file: file(), state });
    }
    let short = short_id(&repository, commit.id()).map_err(git)?;
    Ok(short.parse().expect("a commit's id is hexadecimal"))
}

fn no_repository(source: git2::Error, path: &Path, folder: &Path) -> ShaError {
    let file = path.to_owned();
    let is_root = |folder: &&Path| folder.join(".git").exists();
    match source.code() {
        ErrorCode::NotFound => ShaError::NoRepository { file },
        ErrorCode::Owner => ShaError::ForeignOwner {
            file,
            root: folder.ancestors().find(is_root).unwrap_or(folder).to_owned(),
        },
        _ => ShaError::Git { file, source },
    }
}

/// How the file differs from the commit, if it does.
fn state_of(repository: &Repository, file: &Path) -> Result<Option<FileState>, git2::Error> {
    let Some(root) = repository.workdir() else {
        return Ok(Some(FileState::Untracked));
    };
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let Ok(inside) = file.strip_prefix(root) else {
        return Ok(Some(FileState::Untracked));
    };
    let status = match repository.status_file(inside) {
        Ok(status) => status,
        // A file below `.git`, or in a repository of its own.
        Err(error) if error.code() == ErrorCode::NotFound => Status::WT_NEW,
        Err(error) => return Err(error),
    };
    let staged = Status::INDEX_NEW
        | Status::INDEX_MODIFIED
        | Status::INDEX_DELETED
        | Status::INDEX_RENAMED
        | Status::INDEX_TYPECHANGE;
    Ok(if status.is_ignored() {
        Some(FileState::Ignored)
    } else if status.intersects(staged) {
        Some(FileState::Staged)
    } else if status.is_wt_new() {
        Some(FileState::Untracked)
    } else if status != Status::CURRENT {
        Some(FileState::Modified)
    } else {
        None
    })
}

/// The shortest unambiguous prefix of a commit's id that has 8 digits or more.
fn short_id(repository: &Repository, id: git2::Oid) -> Result<String, git2::Error> {
    let full = id.to_string();
    let objects = repository.odb()?;
    for length in 8..full.len() {
        match objects.exists_prefix(git2::Oid::from_str(&full[..length])?, length) {
            Ok(_) => return Ok(full[..length].to_owned()),
            Err(error) if error.code() == ErrorCode::Ambiguous => {}
            Err(error) => return Err(error),
        }
    }
    Ok(full)
}

#[cfg(test)]
mod tests;
