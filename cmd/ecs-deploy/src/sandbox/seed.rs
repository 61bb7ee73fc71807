//! Builds the cloud that a config names.

mod artifacts;
mod balancer;
mod cloud_tamer;
mod host;
mod service;

use std::time::Duration;

use ecs_deploy::config::{Config, ConfigError, Rendered, Target};
use ecs_deploy_sandbox::model::dynamo::{Billing, KeyAttribute, KeySchema, KeyType};
use ecs_deploy_sandbox::model::{ApiError, Cloud, Scope, Settings, Time};
use ecs_deploy_sandbox::run::Programs;

use super::builds::{ALL, FIRST, demo_program};

pub(super) use cloud_tamer::variables as cloud_tamer_variables;
pub(super) use host::host;

/// The SHA of the config that the first version was deployed with.
const CONFIG_SHA: &str = "sandbox";

/// A cloud that can be started, with the environments in it.
#[derive(Debug)]
pub(super) struct Seed {
    pub(super) cloud: Cloud,
    pub(super) programs: Programs,
    pub(super) targets: Vec<Target>,
}

/// Why the cloud of a config can't be built.
#[derive(Debug, thiserror::Error)]
pub(super) enum SeedError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the config names what can't be built here: {}: {}", .0.code, .0.message)]
    Refused(ApiError),
    #[error("the config names no environment")]
    Empty,
}

impl From<ApiError> for SeedError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

/// How this cloud behaves: like AWS, with its waits cut short.
fn settings() -> Settings {
    Settings { task_start_delay: Duration::from_millis(300), ..Settings::default() }
}

/// Builds everything that the config names.
pub(super) fn seed(config: &Config) -> Result<Seed, SeedError> {
    let targets = config
        .environments()
        .map(|(app, environment)| config.target(app.as_str(), environment.as_str()))
        .collect::<Result<Vec<Target>, _>>()?;
    let mut seed = Seed {
        cloud: Cloud::new(settings()),
        programs: Programs::new(demo_program("{tag}")),
        targets: Vec::new(),
    };
    let first = targets.first().ok_or(SeedError::Empty)?;
    let tables = scope(first.config_account.as_str(), first.config_region.as_str());
    lock_table(&mut seed.cloud, &tables)?;
    artifacts::create(&mut seed.cloud, &tables, &targets)?;
    seed.cloud.cloud_tamer = Some(cloud_tamer::create(&targets));
    for target in &targets {
        environment(&mut seed, target, host(target, &targets).as_deref())?;
    }
    Ok(Seed { targets, ..seed })
}

fn environment(seed: &mut Seed, target: &Target, host: Option<&str>) -> Result<(), SeedError> {
    let first = render(target)?;
    for build in ALL {
        let rendered = target.render(&build.values(target))?;
        if let Some(image) = rendered.containers[0]["image"].as_str() {
            seed.programs = build.add_to(seed.programs.clone(), image);
        }
    }
    balancer::create(&mut seed.cloud, target, host, first.container_port)?;
    service::create(&mut seed.cloud, target, &first)
}

/// The first version as the environment runs it.
fn render(target: &Target) -> Result<Rendered, ConfigError> {
    target.render(&FIRST.values(target))
}

/// The services of an account in a region.
pub(super) fn scope(account: &str, region: &str) -> Scope {
    Scope { account: account.to_owned(), region: region.to_owned() }
}

/// Where an environment's services are.
pub(super) fn scope_of(target: &Target) -> Scope {
    scope(target.account.as_str(), target.region.as_str())
}

fn lock_table(cloud: &mut Cloud, tables: &Scope) -> Result<(), ApiError> {
    let schema = KeySchema { hash: KeyAttribute::new("key", KeyType::S), range: None };
    let tables = &mut cloud.region(tables).dynamo;
    tables.create(ecs_deploy_aws::LOCK_TABLE, schema, Billing::PayPerRequest, Time::default())?;
    Ok(())
}
