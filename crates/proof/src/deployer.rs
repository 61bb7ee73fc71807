//! Somebody who deploys the shop.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use ecs_deploy::config::Target;
use ecs_deploy::error::{DeployError, ResumeError, RollbackError};
use ecs_deploy::plan::{Allowances, Request, Wanted};
use ecs_deploy::steps::Step;
use ecs_deploy::{
    CommandPolicy, Failure, Mode, Order, RollbackOrder, Runtime, Success, deploy, rollback,
};
use tokio_util::sync::CancellationToken;

use crate::events::Events;
use crate::script::Script;
use crate::{Line, Shop, World};

/// A person at a machine. Each deploy of theirs is a process of its own: nothing is left of it but
/// what stands in the cloud.
pub struct Deployer {
    world: World,
    shop: Shop,
    user: &'static str,
    target: Target,
    tokens: Arc<AtomicU32>,
    /// Plays the pre- and post-deploy commands.
    pub commands: Arc<Script>,
    /// Hears what the deploys tell.
    pub events: Events,
}

/// How a process ended.
#[derive(Debug)]
pub enum Ending {
    /// With an answer.
    Told(Box<Result<Success, Failure>>),
    /// It died.
    Died,
}

impl Ending {
    /// The answer, if the program lived to give one.
    pub(crate) fn of(ended: Option<Result<Success, Failure>>) -> Self {
        ended.map_or(Self::Died, |ended| Self::Told(Box::new(ended)))
    }
}

impl Deployer {
    /// Somebody with this name.
    pub fn new(world: &World, shop: &Shop, user: &'static str) -> Self {
        Self {
            world: world.clone(),
            shop: shop.clone(),
            user,
            target: shop.target(),
            tokens: Arc::default(),
            commands: Arc::default(),
            events: Events::default(),
        }
    }

    /// The order to deploy the build that has this SHA.
    pub fn order(&self, sha: &str, mode: Mode) -> Order {
        let config_sha = "1a2b3c4d".parse().expect("a config SHA");
        let wanted = Wanted::Sha(sha.to_owned());
        let request = Request {
            target: self.target.clone(),
            config_sha,
            wanted,
            allow: Allowances::default(),
        };
        Order { mode, ..Order::new(request) }
    }

    /// The order to let the version before serve again.
    pub fn way_back(&self) -> RollbackOrder {
        RollbackOrder {
            target: self.target.clone(),
            commands: CommandPolicy::Run,
            wait: Duration::ZERO,
        }
    }

    /// Deploys on a line where nothing goes wrong.
    ///
    /// # Errors
    /// Those of the deploy.
    pub async fn deploy(&self, sha: &str, mode: Mode) -> Result<Success, Failure> {
        let line = Line::default();
        self.run(&self.order(sha, mode), &line, &CancellationToken::new()).await
    }

    /// Deploys until a step starts, then asks to stop.
    ///
    /// # Panics
    /// If the deploy ends well all the same.
    pub async fn stop_at(&self, sha: &str, step: Step) -> Failure {
        let cancel = CancellationToken::new();
        self.events.cancel_at(step, &cancel);
        let order = self.order(sha, Mode::Fresh);
        self.run(&order, &Line::default(), &cancel).await.expect_err("it was asked to stop")
    }

    /// Deploys over a line on which the process may die; whatever it was at is dropped there.
    pub async fn deploy_over(&self, line: &Line, sha: &str, mode: Mode) -> Ending {
        let (order, stop) = (self.order(sha, mode), line.stop());
        Ending::of(line.unless_dead(self.run(&order, line, &stop)).await)
    }

    /// Rolls back over a line on which the process may die; whatever it was at is dropped there.
    pub async fn roll_back_over(&self, line: &Line) -> Ending {
        let order = self.way_back();
        let (cloud, stop) = (self.shop.connect(&self.world, line).await, line.stop());
        let runtime = self.runtime();
        let run = rollback(&order, &cloud, &runtime, &self.events, &stop);
        Ending::of(line.unless_dead(run).await)
    }

    /// Does what a person does after a deploy that did not end well: resumes it, and begins anew
    /// where there is nothing of it to resume, or starts over where it is another that failed.
    ///
    /// # Errors
    /// Those of the last deploy.
    pub async fn go_on(&self, sha: &str) -> Result<Option<Success>, Failure> {
        let resumed = self.deploy(sha, Mode::Resume).await;
        match resumed.as_ref().map_err(|failure| &failure.error) {
            Err(DeployError::Resume(ResumeError::Finished { artifact }))
                if *artifact == self.shop.words(sha) =>
            {
                Ok(None)
            }
            Err(DeployError::Resume(
                ResumeError::Finished { .. } | ResumeError::Nothing { .. },
            )) => self.deploy(sha, Mode::Fresh).await.map(Some),
            Err(DeployError::Resume(ResumeError::OtherArtifact { .. })) => {
                self.deploy(sha, Mode::StartOver).await.map(Some)
            }
            _ => resumed.map(Some),
        }
    }

    /// Rolls back once more, where the rollback before did not come to its end.
    ///
    /// # Errors
    /// Those of the rollback.
    pub async fn go_back(&self) -> Result<(), Failure> {
        let ended = self.roll_back().await;
        match ended.as_ref().map_err(|failure| &failure.error) {
            Err(DeployError::Rollback(RollbackError::Already { .. })) => Ok(()),
            // It was a rollback that died before it wrote a word.
            Err(DeployError::Rollback(RollbackError::Unbegun { .. })) => {
                self.roll_back().await.map(drop)
            }
            _ => ended.map(drop),
        }
    }

    async fn roll_back(&self) -> Result<Success, Failure> {
        match self.roll_back_over(&Line::default()).await {
            Ending::Told(ended) => *ended,
            Ending::Died => unreachable!("nobody dies on this line"),
        }
    }

    /// Carries out an order over a line, until it is asked to stop.
    ///
    /// # Errors
    /// Those of the deploy.
    pub async fn run(
        &self,
        order: &Order,
        line: &Line,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        let cloud = self.shop.connect(&self.world, line).await;
        deploy(order, &cloud, &self.runtime(), &self.events, cancel).await
    }

    /// What this person deploys with, beside the cloud.
    pub fn runtime(&self) -> Runtime {
        self.world.runtime(self.user, self.tokens.clone(), self.commands.clone())
    }
}
