//! Somebody who deploys the shop.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use dynamolock::TokioClock;
use ecs_deploy::config::Target;
use ecs_deploy::error::{DeployError, ResumeError};
use ecs_deploy::journal::Actor;
use ecs_deploy::plan::{Request, Wanted};
use ecs_deploy::steps::Step;
use ecs_deploy::{CommandPolicy, Failure, Mode, Order, Runtime, Success, deploy};
use jiff::Timestamp;
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
        let request = Request { target: self.target.clone(), config_sha, wanted };
        Order { request, mode, commands: CommandPolicy::Run }
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
        self.events.stop_at(step, &cancel);
        let order = self.order(sha, Mode::Fresh);
        self.run(&order, &Line::default(), &cancel).await.expect_err("it was asked to stop")
    }

    /// Deploys over a line on which the process may die; whatever it was at is dropped there.
    pub async fn deploy_over(&self, line: &Line, sha: &str, mode: Mode) -> Ending {
        let (order, stop) = (self.order(sha, mode), line.stop());
        let mut run = pin!(self.run(&order, line, &stop));
        poll_fn(|context| match run.as_mut().poll(context) {
            _ if line.is_dead() => Poll::Ready(Ending::Died),
            Poll::Ready(ended) => Poll::Ready(Ending::Told(Box::new(ended))),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Does what a person does after a deploy that did not end well: resumes it, and begins anew
    /// where there is nothing of it to resume.
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
            _ => resumed.map(Some),
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

    fn runtime(&self) -> Runtime {
        let (world, tokens, user) = (self.world.clone(), self.tokens.clone(), self.user);
        let wall = move || {
            let now = i64::try_from(world.now().0.as_millis()).expect("not so late");
            Timestamp::from_millisecond(now).expect("not so late")
        };
        let token = move || format!("{user}-{}", tokens.fetch_add(1, Ordering::SeqCst));
        Runtime {
            clock: Arc::new(TokioClock::new()),
            wall: Arc::new(wall),
            token: Arc::new(token),
            commands: self.commands.clone(),
            actor: Actor { user: user.to_owned(), host: "desk".to_owned(), job: None },
        }
    }
}
