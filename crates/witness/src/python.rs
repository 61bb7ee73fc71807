//! A Python environment with the packages of our lock file.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::bench::Bench;
use crate::witnesses::Missing;

/// The interpreter that the environment is made with.
const INTERPRETER: &str = "python3";

/// The lock file, relative to the Python modules.
const LOCK: &str = "requirements.lock";

/// What has to be there for an environment to be made: it tells the version, too.
const PROBE: &str = "import ensurepip, sys, venv; assert sys.version_info >= (3, 10); \
                     print(sys.implementation.cache_tag)";

/// The interpreter of an environment that has what the lock file names; it is made on first use and
/// anew whenever the lock file or the interpreter changes.
pub(crate) fn interpreter(bench: &Bench) -> Result<PathBuf, Missing> {
    let lock = bench.python_modules().join(LOCK);
    let folder = bench.store.join(name(&probe()?, &fs::read(&lock)?));
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

fn probe() -> Result<String, Missing> {
    let needs = || Missing(format!("{INTERPRETER} 3.10 or later with venv and ensurepip"));
    let probed = Command::new(INTERPRETER).args(["-c", PROBE]).stderr(Stdio::null()).output();
    let probed = probed.map_err(|_| needs())?;
    match probed.status.success() {
        true => Ok(String::from_utf8_lossy(&probed.stdout).trim().to_owned()),
        false => Err(needs()),
    }
}

/// The environment's name: one for each interpreter and lock file.
fn name(interpreter: &str, lock: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    lock.hash(&mut hasher);
    format!("{interpreter}-{:016x}", hasher.finish())
}

fn make(folder: &Path, lock: &Path) -> Result<(), Missing> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    quiet(Command::new(INTERPRETER).args(["-m", "venv"]).arg(folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r"];
    quiet(Command::new(folder.join("bin/python")).args(install).arg(lock))
}

/// Runs a command; what it says is told only when it fails.
fn quiet(command: &mut Command) -> Result<(), Missing> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
    Err(Missing(format!("the packages of {LOCK}, which can't be installed: {last}")))
}
