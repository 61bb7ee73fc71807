//! From the command line to an order, with what blocks: files and git, before anything else.

use std::path::Path;

use ecs_deploy::Order;
use ecs_deploy::config::{self, ConfigError, ShaError, Target, Warning};
use ecs_deploy::plan::{Request, Wanted};
use ecs_deploy_aws::{ConnectError, Connection, Options, Scope, connect};

use crate::args::Asked;

/// Why there is no order.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoOrder {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Sha(#[from] ShaError),
}

/// An order, and what is odd about the config that it comes from.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) order: Order,
    pub(crate) warnings: Vec<Warning>,
}

/// Reads the config file.
pub(crate) fn read(asked: &Asked) -> Result<(Target, Vec<Warning>), ConfigError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let config = config::read(Path::new(&text(&asked.config)))?;
    let target = config.target(&text(&asked.app), &text(&asked.env))?;
    Ok((target, config.warnings().to_vec()))
}

/// Reads the config file and asks git for its version.
pub(crate) fn prepare(asked: &Asked) -> Result<Prepared, NoOrder> {
    let (target, warnings) = read(asked)?;
    let config_sha = match (&asked.config_sha, &asked.config) {
        (Some(sha), _) => sha.clone(),
        (None, path) => config::config_sha(Path::new(path.as_deref().unwrap_or_default()))?,
    };
    let wanted = asked.wanted.clone().unwrap_or_else(|| Wanted::Sha(String::new()));
    let request = Request { target, config_sha, wanted, allow: asked.allow.clone() };
    let order = asked.order(request);
    Ok(Prepared { order, warnings })
}

/// Connects with the real cloud of a target, as the environment's settings and credentials have it.
pub(crate) async fn connection_to(target: &Target) -> Result<Connection, ConnectError> {
    connect(&Options::default(), &Scope::of_config(target), &Scope::of_service(target)).await
}
