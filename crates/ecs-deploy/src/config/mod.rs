//! The config file: read, checked, and made into the typed [`Target`] of one deploy.

mod call_members;
mod check;
mod container;
mod error;
mod file;
mod hidden;
mod limits;
mod listeners;
mod node;
mod read;
mod rendered;
mod schema;
pub mod sha;
mod shape;
mod size;
mod source;
mod startable;
mod syntax;
mod target;
mod template;

use std::path::Path;
use std::sync::Arc;

use crate::names::{AccountId, AppName, CloudTamerRole, EnvironmentName, Region, RoleArn};
use file::{App, Environment, File};
use read::Reader;
use source::{At, Source};

pub use error::{ConfigError, Oddity, Place, Problem, Warning};
pub use rendered::{Rendered, TemplateValues};
pub use schema::schema;
pub use sha::{ShaError, config_sha};
pub(crate) use startable::CommandsAhead;
pub use target::Target;

/// A config file whose types are all right, with every app and environment in it.
#[derive(Debug, Clone)]
pub struct Config {
    source: Arc<Source>,
    account: AccountId,
    region: Region,
    role: Option<RoleArn>,
    cloud_tamer_roles: Vec<CloudTamerRole>,
    file: File,
    warnings: Vec<Warning>,
}

/// Reads a config file.
///
/// # Errors
/// When the file can't be read or is no config file.
pub fn read(path: &Path) -> Result<Config, ConfigError> {
    Config::of(syntax::load(path)?)
}

impl Config {
    /// Reads the text of a config file; `origin` names it in messages.
    ///
    /// # Errors
    /// When the text is no JSON, a member has the wrong type, or a name breaks its rule.
    pub fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        Self::of(Source { file: origin.into(), text: text.to_owned() })
    }

    fn of(source: Source) -> Result<Self, ConfigError> {
        let value = syntax::parse(&source)?;
        let reader = Reader::new(&source);
        let file = File::read(&reader.cursor(&value))?;
        let mut warnings = reader.warnings.take();
        warnings.sort_by_key(|warning| (warning.place.line, warning.place.column));
        let checker = check::Checker::new(&source, &file.at);
        let account = checker.required("ConfigAccountID", file.account.as_ref())?;
        Ok(Self {
            region: checker.required("ConfigRegion", file.region.as_ref())?,
            role: checker.role_of(&account, file.role.as_ref())?,
            cloud_tamer_roles: checker.names(&file.cloud_tamer_roles)?,
            account,
            file,
            warnings,
            source: Arc::new(source),
        })
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

    /// The apps with their environments, in the order of their names.
    pub fn environments(&self) -> impl Iterator<Item = (&AppName, &EnvironmentName)> {
        self.file.apps.iter().flat_map(|app| {
            let environments = app.environments.iter();
            environments.map(|environment| (&app.name, &environment.name))
        })
    }

    /// What a deploy of one environment aims at, checked as far as the file alone allows.
    ///
    /// # Errors
    /// When there is no such app or environment, or when it can't be deployed as it stands.
    pub fn target(&self, app: &str, environment: &str) -> Result<Target, ConfigError> {
        let app = self.app(app)?;
        let environment = self.environment(app, environment)?;
        Target::of(self, app, environment)
    }

    /// What deploys of an app's environments aim at, in the order of their names.
    ///
    /// # Errors
    /// When there is no such app, or when one of its environments can't be deployed as it stands.
    pub fn targets(&self, app: &str) -> Result<Vec<Target>, ConfigError> {
        let app = self.app(app)?;
        app.environments.iter().map(|environment| Target::of(self, app, environment)).collect()
    }

    fn app(&self, name: &str) -> Result<&App, ConfigError> {
        let mut apps = self.file.apps.iter();
        apps.find(|app| app.name.as_str() == name).ok_or_else(|| {
            let known = self.file.apps.iter().map(|app| app.name.as_str());
            self.unknown("app", name, known.collect(), &self.file.at)
        })
    }

    fn environment<'a>(&self, app: &'a App, name: &str) -> Result<&'a Environment, ConfigError> {
        let mut all = app.environments.iter();
        all.find(|e| e.name.as_str() == name).ok_or_else(|| {
            let known = app.environments.iter().map(|e| e.name.as_str());
            self.unknown("environment", name, known.collect(), &app.at)
        })
    }

    fn unknown(&self, what: &'static str, name: &str, known: Vec<&str>, at: &At) -> ConfigError {
        let problem = Problem::unknown(what, name, &known);
        self.source.error(at, problem)
    }
}

#[cfg(test)]
mod tests;
