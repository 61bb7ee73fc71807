//! A copy of the committed tree, in which protections are removed and tests run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, io};

use super::mutation::Mutation;

/// A clone in the build folder, where what was compiled before serves again.
#[derive(Debug)]
pub(crate) struct Copy {
    tree: PathBuf,
    target: PathBuf,
}

/// What keeps a mutation from being judged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CopyError {
    #[error("{program} can't be started, or its folder not be made")]
    Io { program: &'static str, source: io::Error },
    #[error("`{what}` failed: {said}")]
    Failed { what: String, said: String },
    #[error("{name}.patch no longer fits the tree: {said}")]
    Outdated { name: String, said: String },
    #[error("the tree does not build once {name}.patch is applied: {said}")]
    DoesNotBuild { name: String, said: String },
}

impl Copy {
    /// Clones what is committed.
    pub(crate) fn of(root: &Path) -> Result<Self, CopyError> {
        let target = env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
        let tree = target.join("mutations");
        if tree.exists() {
            let gone = fs::remove_dir_all(&tree);
            gone.map_err(|source| CopyError::Io { program: "git", source })?;
        }
        let copy = Self { tree, target };
        let mut clone = Command::new("git");
        clone.args(["clone", "--quiet"]).arg(root).arg(&copy.tree);
        succeeded(clone, "git")?;
        Ok(copy)
    }

    /// Applies a mutation, runs its tests and takes it back; tells the names of those that failed.
    pub(crate) fn tests_that_fail_with(
        &self,
        mutation: &Mutation,
    ) -> Result<Vec<String>, CopyError> {
        let name = || mutation.name.clone();
        let applied = output(self.git([OsStr::new("apply"), mutation.patch.as_os_str()]), "git")?;
        if !applied.status.success() {
            return Err(CopyError::Outdated { name: name(), said: text(&applied.stderr) });
        }
        let built = output(self.cargo_test("--no-run", mutation), "cargo")?;
        if !built.status.success() {
            return Err(CopyError::DoesNotBuild { name: name(), said: text(&built.stderr) });
        }
        let ran = output(self.cargo_test("--no-fail-fast", mutation), "cargo")?;
        succeeded(self.git(["checkout", "--quiet", "."]), "git")?;
        Ok(failed_tests(&text(&ran.stdout)))
    }

    fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut git = Command::new("git");
        git.current_dir(&self.tree).args(arguments);
        git
    }

    fn cargo_test(&self, how: &str, mutation: &Mutation) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.tree).env("CARGO_TARGET_DIR", &self.target);
        cargo.arg("test").arg(how).args(&mutation.tests);
        cargo
    }
}

fn output(mut command: Command, program: &'static str) -> Result<Output, CopyError> {
    command.output().map_err(|source| CopyError::Io { program, source })
}

fn succeeded(command: Command, program: &'static str) -> Result<(), CopyError> {
    let what = format!("{command:?}");
    let output = output(command, program)?;
    let said = || text(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(CopyError::Failed { what, said: said() }) }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names in the lines that the test runner writes of each test.
fn failed_tests(said: &str) -> Vec<String> {
    let name = |line: &str| {
        let test = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
        Some(test.to_owned())
    };
    said.lines().filter_map(name).collect()
}
