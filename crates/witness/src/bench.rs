//! What every witness finds at hand: the folders, the binary to judge, whether this is a short run.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::options::{Extent, Options};

/// Where the run takes place.
#[derive(Debug)]
pub(crate) struct Bench {
    /// How thorough the run is.
    pub(crate) extent: Extent,
    /// What the lots of a race are drawn from, where it is to be repeated.
    pub(crate) seed: Option<u64>,
    /// The workspace.
    pub(crate) root: PathBuf,
    /// Where the witnesses keep what they need: in the build folder, made on first use.
    pub(crate) store: PathBuf,
    /// The `ecs-deploy` that is judged.
    pub(crate) ecs_deploy: PathBuf,
}

impl Bench {
    /// Builds the binary, beside this one.
    pub(crate) fn new(options: &Options) -> Result<Self, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let this = std::env::current_exe()?;
        let build = this.ancestors().nth(2).ok_or("this binary is in no build folder")?;
        let ecs_deploy = built(&root, "ecs-deploy")?;
        Ok(Self {
            extent: options.extent,
            seed: options.seed,
            store: build.join("witness"),
            root,
            ecs_deploy,
        })
    }

    /// The config whose environments a sandbox has.
    pub(crate) fn environments(&self) -> PathBuf {
        self.root.join("deploy-config.example.json")
    }

    /// The folder of the Python modules.
    pub(crate) fn python_modules(&self) -> PathBuf {
        self.root.join("crates/witness/python")
    }
}

/// Builds the programs of the workspace that are judged, and tells where one of them is. Both at once:
/// an example gives them the features that tests have, and nothing of AWS's SDK is compiled anew.
pub(crate) fn built(root: &Path, name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--locked", "--bin", "ecs-deploy", "--example", "lock_client"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{name} does not build").into());
    }
    let told = String::from_utf8(output.stdout)?;
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_ours = message["target"]["name"] == name;
        message["executable"].as_str().filter(|_| is_ours).map(PathBuf::from)
    };
    told.lines().find_map(executable).ok_or_else(|| format!("cargo built no {name}").into())
}
