//! The witnesses in Go, built from the modules that our lock file names.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::bench::Bench;
use crate::store;
use crate::version::numbers;
use crate::witnesses::Missing;

/// The compiler.
const COMPILER: &str = "go";

/// The programs, relative to the workspace.
const SOURCES: &str = "crates/witness/go";

/// A program of ours and the modules in it.
#[derive(Debug)]
pub(crate) struct Program {
    /// The binary.
    pub(crate) path: PathBuf,
}

impl Program {
    /// Builds it; the modules are kept in the build folder.
    pub(crate) fn build(bench: &Bench, name: &str) -> Result<Self, Missing> {
        let store = bench.store.join("go");
        let path = store.join(name);
        let mut build = compiler()?;
        build.args(["build", "-mod=readonly", "-buildvcs=false", "-modcacherw", "-o"]).arg(&path);
        build.arg(format!("./{name}")).current_dir(bench.root.join(SOURCES));
        build.env("GOMODCACHE", store.join("modules"));
        let output = build.stdin(Stdio::null()).output()?;
        store::installed(&output, &format!("the program {name} of {SOURCES}"))?;
        Ok(Self { path })
    }

    /// The version of one of its modules.
    pub(crate) fn version_of(&self, module: &str) -> Option<String> {
        let output =
            Command::new(COMPILER).args(["version", "-m"]).arg(&self.path).output().ok()?;
        let told = String::from_utf8(output.stdout).ok()?;
        let of_module = |line: &str| {
            let mut words = line.split_whitespace().skip_while(|word| *word != module);
            words.nth(1).map(str::to_owned)
        };
        told.lines().find_map(of_module)
    }
}

/// The compiler that is installed: it must not fetch another one.
fn compiler() -> Result<Command, Missing> {
    let wanted = Missing(format!("{COMPILER} {} or later", oldest()));
    let probed = Command::new(COMPILER).args(["env", "GOVERSION"]).output();
    if !probed.is_ok_and(|output| is_new_enough(&String::from_utf8_lossy(&output.stdout))) {
        return Err(wanted);
    }
    let mut command = Command::new(COMPILER);
    command.env("GOTOOLCHAIN", "local");
    Ok(command)
}

/// The release that the module asks for, such as `1.24`.
fn oldest() -> &'static str {
    let module = include_str!("../go/go.mod");
    let version = module.lines().find_map(|line| line.strip_prefix("go ")).unwrap_or("1.24");
    version.strip_suffix(".0").unwrap_or(version)
}

fn is_new_enough(version: &str) -> bool {
    numbers(version.trim().trim_start_matches("go")) >= numbers(oldest())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_sources_are_where_they_are_built() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        assert!(workspace.join(SOURCES).join("go.mod").is_file());
    }

    #[test]
    fn an_older_compiler_is_known_by_its_number() {
        assert!(is_new_enough("go1.26.8\n"));
        assert!(is_new_enough("go1.30\n"));
        assert!(!is_new_enough("go1.9.2\n"));
        assert!(!is_new_enough(""));
    }
}
