//! What `-sandbox` deploys where the command line leaves it open.

use std::path::Path;

use ecs_deploy::Order;
use ecs_deploy::config::{self, Config, ConfigError, Target};
use ecs_deploy::names::ConfigSha;
use ecs_deploy::plan::Request;

use super::builds::SECOND;
use crate::args::Asked;

/// The config that is deployed where none is named.
const EXAMPLE: &str = include_str!("../../../../deploy-config.example.json");
const EXAMPLE_NAME: &str = "deploy-config.example.json";

/// The version of a config that git does not know.
const NO_GIT: &str = "sandbox";

/// What is deployed.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) config: Config,
    pub(super) order: Order,
}

/// Why nothing can be chosen.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChoiceError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the config has several {what}s: give -{flag}")]
    Several { what: &'static str, flag: &'static str },
}

impl Choice {
    /// Whether git did not tell the version of the config.
    pub(super) fn is_without_git(&self) -> bool {
        self.order.request.config_sha.as_str() == NO_GIT
    }
}

/// Takes what is asked for, and else the obvious.
pub(super) fn choose(asked: &Asked) -> Result<Choice, ChoiceError> {
    let config = read(asked)?;
    let order = order(asked, &config)?;
    Ok(Choice { config, order })
}

fn read(asked: &Asked) -> Result<Config, ConfigError> {
    match &asked.config {
        Some(path) => config::read(Path::new(path)),
        None => Config::parse(EXAMPLE, EXAMPLE_NAME),
    }
}

fn order(asked: &Asked, config: &Config) -> Result<Order, ChoiceError> {
    let target = target(asked, config)?;
    let wanted = asked.wanted.clone().unwrap_or_else(|| SECOND.wanted(&target));
    let allow = asked.allow.clone();
    let request = Request { target, config_sha: config_sha(asked), wanted, allow };
    Ok(asked.order(request))
}

/// The target that is named, or the only one that there can be: of the environments of one app, the
/// one that no other has to come before.
fn target(asked: &Asked, config: &Config) -> Result<Target, ChoiceError> {
    if let (Some(app), Some(env)) = (&asked.app, &asked.env) {
        return Ok(config.target(app, env)?);
    }
    let is_wanted =
        |name: &str, wanted: &Option<String>| wanted.as_ref().is_none_or(|wanted| wanted == name);
    let targets = config
        .environments()
        .filter(|(app, env)| {
            is_wanted(app.as_str(), &asked.app) && is_wanted(env.as_str(), &asked.env)
        })
        .map(|(app, env)| config.target(app.as_str(), env.as_str()))
        .collect::<Result<Vec<Target>, _>>()?;
    let mut first = targets
        .iter()
        .filter(|target| asked.env.is_some() || target.requires_previous_env.is_none());
    match (first.next(), first.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => {
            let given = |name: &Option<String>| name.clone().unwrap_or_default();
            Ok(config.target(&given(&asked.app), &given(&asked.env))?)
        }
        _ if asked.app.is_none() => Err(ChoiceError::Several { what: "app", flag: "app" }),
        _ => Err(ChoiceError::Several { what: "environment", flag: "env" }),
    }
}

/// What git says, or [`NO_GIT`]: nothing leaves this machine, so nothing has to be committed.
fn config_sha(asked: &Asked) -> ConfigSha {
    let of_git = || config::config_sha(Path::new(asked.config.as_ref()?)).ok();
    let known = asked.config_sha.clone().or_else(of_git);
    known.unwrap_or_else(|| NO_GIT.parse().expect("letters are a config SHA"))
}
