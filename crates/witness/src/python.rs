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

/// The lock file of microburst, relative to the Python modules like the others.
pub(crate) const MICROBURST: &str = "microburst.lock";

/// The lock file of AWS's own clients, relative to the Python modules.
pub(crate) const AWS_CLIENTS: &str = "requirements.lock";

/// The lock file of moto.
pub(crate) const MOTO: &str = "moto.lock";

/// The lock file of ministack.
pub(crate) const MINISTACK: &str = "ministack.lock";

/// What has to be there for an environment to be made: it tells the version, too.
const PROBE: &str = "import ensurepip, sys, venv; assert sys.version_info >= (3, 10); \
                     print(sys.implementation.cache_tag)";

/// The interpreter of an environment that has what a lock file names; it is made on first use and
/// anew whenever the lock file or the interpreter changes.
pub(crate) fn interpreter(bench: &Bench, lock: &str) -> Result<PathBuf, Missing> {
    let lock = bench.python_modules().join(lock);
    let folder = bench.store.join(store::name(&probe()?, &fs::read(&lock)?));
    fs::create_dir_all(&bench.store)?;
    // Somebody else may be about to make it.
    let guard = File::create(folder.with_extension("lock"))?;
    guard.lock()?;
    let finished = folder.join("finished");
    if !finished.exists() {
        make(&folder, &lock)?;
        File::create(finished)?;
    }
    Ok(folder.join("bin/python"))
}

/// The version of a package in the environment of a lock file.
pub(crate) fn version(bench: &Bench, lock: &str, package: &str) -> Result<String, Missing> {
    let ask = format!("import importlib.metadata; print(importlib.metadata.version({package:?}))");
    let output = Command::new(interpreter(bench, lock)?).args(["-c", &ask]).output()?;
    store::installed(&output, &format!("the package {package}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
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
