//! The team of a config, at work.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ecs_deploy::config::{Config, Target};
use ecs_deploy::{Failure, Mode, Success};
use ecs_deploy_proof::{Events, Line, Script, Team};

pub(crate) struct Bench {
    pub(crate) team: Team,
    commands: Arc<Script>,
}

/// A deploy that ended well.
pub(crate) struct Deployed {
    pub(crate) success: Success,
    /// The commands that it ran.
    pub(crate) commands: Vec<String>,
}

impl Bench {
    pub(crate) fn new(config: &Config) -> Self {
        let mut team = Team::new(config, "invented");
        let commands = Arc::new(Script::default());
        team.commands = commands.clone();
        Self { team, commands }
    }

    pub(crate) fn targets(&self) -> &[Target] {
        &self.team.targets
    }

    /// Deploys a build as a process of its own.
    pub(crate) async fn try_deploy(&self, target: &Target, sha: &str) -> Result<Deployed, Failure> {
        let before = self.commands.ended().len();
        let (order, events) = (self.team.order(target, sha, Mode::Fresh), Events::default());
        let ended = self.team.deploy(&order, &Line::default(), &events).await.unwrap();
        assert_eq!(events.warnings(), [""; 0]);
        // What the API shows lags behind.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let commands = self.commands.ended().split_off(before);
        ended.map(|success| Deployed { success, commands })
    }

    /// The same, and it has to end well.
    pub(crate) async fn deploy(&self, target: &Target, sha: &str) -> Deployed {
        self.try_deploy(target, sha).await.unwrap_or_else(|failure| panic!("{failure:?}"))
    }

    /// The sessions whose keys were used, each once.
    pub(crate) fn sessions(&self) -> BTreeSet<String> {
        self.team.world.with(|cloud, _| cloud.sts.sessions().map(|it| it.arn.clone()).collect())
    }
}
