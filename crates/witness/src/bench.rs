//! What every witness finds at hand: the folders, the binary to judge, whether this is a short run.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::options::Extent;

/// Where the run takes place.
#[derive(Debug)]
pub(crate) struct Bench {
    /// How thorough the run is.
    pub(crate) extent: Extent,
    /// The workspace.
    pub(crate) root: PathBuf,
    /// Where the witnesses keep what they need: in the build folder, made on first use.
    pub(crate) store: PathBuf,
    /// The `ecs-deploy` that is judged.
    pub(crate) ecs_deploy: PathBuf,
}

impl Bench {
    /// Builds the binary, beside this one.
    pub(crate) fn new(extent: Extent) -> Result<Self, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let this = std::env::current_exe()?;
        let build = this.ancestors().nth(2).ok_or("this binary is in no build folder")?;
        let ecs_deploy = built(&root)?;
        Ok(Self { extent, store: build.join("witness"), root, ecs_deploy })
    }

    /// The folder of the Python modules.
    pub(crate) fn python_modules(&self) -> PathBuf {
        self.root.join("crates/witness/python")
    }
}

fn built(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--locked", "--bin", "ecs-deploy"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("ecs-deploy does not build".into());
    }
    let told = String::from_utf8(output.stdout)?;
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_ours = message["target"]["name"] == "ecs-deploy";
        message["executable"].as_str().filter(|_| is_ours).map(PathBuf::from)
    };
    told.lines().find_map(executable).ok_or_else(|| "cargo built no ecs-deploy".into())
}
