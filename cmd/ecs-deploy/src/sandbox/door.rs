//! A sandbox that runs, with a first version that serves.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use ecs_deploy::config::{Config, Target};
use ecs_deploy::names::ListenerArn;
use ecs_deploy_sandbox::model::Cloud;
use ecs_deploy_sandbox::model::ecs::Stability;
use ecs_deploy_sandbox::run::{Options, Sandbox, StartError};
use tokio::time::{Instant, sleep};

use super::seed::{SeedError, scope_of, seed};

/// How long the first version may take to serve.
const LIMIT: Duration = Duration::from_secs(20);

const POLL: Duration = Duration::from_millis(50);

/// The cloud of a config, running.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) sandbox: Sandbox,
    pub(super) targets: Vec<Target>,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub(super) enum DoorError {
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error("the sandbox can't start")]
    Start(#[from] StartError),
    #[error("the sandbox can't start")]
    System(#[from] io::Error),
    #[error("the first version of {0} does not serve within {LIMIT:?}")]
    NotServing(String),
}

impl Door {
    /// Builds what the config names and waits until it serves.
    pub(super) async fn open(config: &Config, listen: SocketAddr) -> Result<Self, DoorError> {
        let seed = seed(config)?;
        let mut options = Options::new(seed.programs);
        options.listen = listen;
        let door = Self { sandbox: Sandbox::start(seed.cloud, options)?, targets: seed.targets };
        door.serving().await?;
        Ok(door)
    }

    /// The URL that AWS clients are given.
    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.sandbox.endpoint())
    }

    /// The URL at which an environment's users are served.
    pub(super) fn traffic_url(&self, target: &Target) -> String {
        self.listener_url(&target.listener)
    }

    /// The URL at which a listener serves.
    pub(super) fn listener_url(&self, listener: &ListenerArn) -> String {
        let address = self.sandbox.listener_address(&listener.to_string());
        address.map(|address| format!("http://{address}/")).unwrap_or_default()
    }

    async fn serving(&self) -> Result<(), DoorError> {
        let started = Instant::now();
        for target in &self.targets {
            while !self.sandbox.with_cloud(|cloud| is_steady(cloud, target)) {
                if started.elapsed() > LIMIT {
                    return Err(DoorError::NotServing(target.lock_key()));
                }
                sleep(POLL).await;
            }
        }
        Ok(())
    }
}

fn is_steady(cloud: &mut Cloud, target: &Target) -> bool {
    let ecs = &cloud.region(&scope_of(target)).ecs;
    let service = ecs.clusters().flat_map(|cluster| cluster.services());
    let mut sets = service
        .filter(|service| service.name == target.family.as_str())
        .flat_map(|service| &service.task_sets);
    sets.any(|set| set.stability == Stability::Steady)
}
