//! A Python environment with the packages of our lock file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::bench::Bench;
use crate::store;
use crate::witnesses::Missing;

/// The interpreter that the environment is made with.
const INTERPRETER: &str = "python3";

/// The lock file of AWS's own clients, relative to the Python modules.
pub(crate) const AWS_CLIENTS: &str = "requirements.lock";

/// The lock file of moto.
pub(crate) const MOTO: &str = "moto.lock";

/// The lock file of ministack.
pub(crate) const MINISTACK: &str = "ministack.lock";

/// The lock file of microburst.
pub(crate) const MICROBURST: &str = "microburst.lock";

/// What has to be there for an environment to be made: it tells the version, too.
const PROBE: &str = "import ensurepip, sys, venv; assert sys.version_info >= (3, 10); \
                     print(sys.implementation.cache_tag)";

/// The interpreter of an environment that has what a lock file names; it is made on first use and
/// anew whenever the lock file or the interpreter changes.
pub(crate) fn interpreter(bench: &Bench, lock: &str) -> Result<PathBuf, Missing> {
    let lock = bench.python_modules().join(lock);
    let folder = bench.store.join(store::name(&probe()?, &fs::read(&lock)?));
    fs::create_dir_all(&bench.store)?;
    // Another run may be about to make it.
    let guard = File::create(bench.store.join("python.lock"))?;
    guard.lock()?;
    let finished = folder.join("finished");
    if !finished.exists() {
        make(&folder, &lock)?;
        File::create(finished)?;
    }
    Ok(folder.join("bin/python"))
}

/// The version that a lock file names of the package that it is called by.
pub(crate) fn version(bench: &Bench, lock: &str) -> String {
    let packages = fs::read_to_string(bench.python_modules().join(lock)).unwrap_or_default();
    let package = lock.trim_end_matches(".lock");
    packages.lines().find_map(|line| pinned(line, package)).unwrap_or_default().to_owned()
}

/// The version in a line such as `moto[dynamodb]==5.2.5 \`.
fn pinned<'a>(line: &'a str, package: &str) -> Option<&'a str> {
    let (name, rest) = line.split_once("==")?;
    let is_it = name.split('[').next() == Some(package);
    rest.split_whitespace().next().filter(|_| is_it)
}

fn probe() -> Result<String, Missing> {
    let needs = || Missing(format!("{INTERPRETER} 3.10 or later with venv and ensurepip"));
    let probed = Command::new(INTERPRETER).args(["-c", PROBE]).stderr(Stdio::null()).output();
    let probed = probed.map_err(|_| needs())?;
    match probed.status.success() {
        true => Ok(String::from_utf8_lossy(&probed.stdout).trim().to_owned()),
        false => Err(needs()),
    }
}

fn make(folder: &Path, lock: &Path) -> Result<(), Missing> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let what = format!("the packages of {}", lock.display());
    let run =
        |command: &mut Command| store::installed(&command.stdin(Stdio::null()).output()?, &what);
    run(Command::new(INTERPRETER).args(["-m", "venv"]).arg(folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r"];
    run(Command::new(folder.join("bin/python")).args(install).arg(lock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_with_and_without_extras() {
        assert_eq!(pinned("moto[dynamodb]==5.2.5 \\", "moto"), Some("5.2.5"));
        assert_eq!(pinned("microburst==0.10.0 \\", "microburst"), Some("0.10.0"));
        assert_eq!(pinned("motor==1.0 \\", "moto"), None);
        assert_eq!(pinned("    --hash=sha256:a==", "moto"), None);
    }
}
