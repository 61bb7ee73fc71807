//! A folder with the npm packages of our lock file.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::bench::Bench;
use crate::store;
use crate::witnesses::Missing;

/// The interpreter, and what comes with it.
const NODE: &str = "node";
const NPM: &str = "npm";

/// The scripts and the lock file, relative to the workspace.
pub(crate) const SOURCES: &str = "crates/witness/node";

const MANIFEST: &str = "package.json";
const LOCK: &str = "package-lock.json";

/// The interpreter with the packages at hand; they are installed on first use and anew whenever the
/// lock file changes.
pub(crate) fn command(bench: &Bench) -> Result<Command, Missing> {
    let sources = bench.root.join(SOURCES);
    let folder = bench.store.join(store::name("node", &fs::read(sources.join(LOCK))?));
    fs::create_dir_all(&folder)?;
    // Another run may be about to install.
    let guard = File::create(bench.store.join("node.lock"))?;
    guard.lock()?;
    let finished = folder.join("finished");
    if !finished.exists() {
        install(&folder, &sources)?;
        File::create(finished)?;
    }
    let mut command = Command::new(NODE);
    command.env("NODE_PATH", folder.join("node_modules"));
    Ok(command)
}

/// The version of a package that the lock file names.
pub(crate) fn version(bench: &Bench, package: &str) -> Result<String, Missing> {
    let ask = format!("require('{package}/package.json').version");
    let output = command(bench)?.args(["-p", &ask]).output()?;
    store::installed(&output, &format!("the package {package}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The packages' own scripts need not run: what they would build comes with the packages.
fn install(folder: &Path, sources: &Path) -> Result<(), Missing> {
    for file in [MANIFEST, LOCK] {
        fs::copy(sources.join(file), folder.join(file))?;
    }
    let mut command = Command::new(NPM);
    command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder);
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|_| Missing(format!("{NODE} with {NPM}")))?;
    store::installed(&output, &format!("the packages of {SOURCES}/{LOCK}"))
}
