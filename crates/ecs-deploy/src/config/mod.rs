//! The config file: read, checked, and made into the typed [`Target`] of one deploy.

mod error;
mod target;

use std::path::Path;
use std::sync::Arc;

use crate::names::{AccountId, AppName, EnvironmentName, Region};

pub use error::{ConfigError, Oddity, Place, Problem, Warning};
pub use target::{Command, Rendered, Target, TemplateValues};

/// A config file whose types are all right, with every app and environment in it.
#[derive(Debug, Clone)]
pub struct Config {
    account: AccountId,
    region: Region,
    warnings: Vec<Warning>,
}

/// Reads a config file.
///
/// # Errors
/// When the file can't be read or is no config file.
pub fn read(path: &Path) -> Result<Config, ConfigError> {
    let _ = path;
    unimplemented!()
}

impl Config {
    /// Reads the text of a config file; `origin` names it in messages.
    ///
    /// # Errors
    /// When the text is no JSON, a member has the wrong type, or a name breaks its rule.
    pub fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        let _ = (text, Arc::<str>::from(origin));
        unimplemented!()
    }

    /// The account of the lock table and of ArtifactDB.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The region of the lock table and of ArtifactDB.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// What is legal in the file and yet likely a mistake.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The apps and their environments, each in the order of their names.
    pub fn environments(&self) -> impl Iterator<Item = (AppName, EnvironmentName)> + '_ {
        std::iter::empty()
    }

    /// What a deploy of one environment aims at, checked as far as the file alone allows.
    ///
    /// # Errors
    /// When there is no such app or environment, or when it can't be deployed as it stands.
    pub fn target(&self, app: &str, environment: &str) -> Result<Target, ConfigError> {
        let _ = (app, environment);
        unimplemented!()
    }
}
