//! Whole deploys in a cloud in memory.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use dynamolock::TokioClock;
use ecs_deploy::cloud::{Artifact, Cloud, TaskSetStatus};
use ecs_deploy::config::{Config, Target};
use ecs_deploy::journal::Actor;
use ecs_deploy::names::{BuildNumber, Color};
use ecs_deploy::plan::{Allowances, Request, Wanted};
use ecs_deploy::steps::Step;
use ecs_deploy::{
    CommandPolicy, Failure, Mode, Order, RollbackOrder, Runtime, Success, deploy, rollback,
};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::cloud::{BEGINNING, FakeCloud};
use super::commands::Script;
use super::ecs::{Behaviour, Set};
use super::events::Events;
use super::faults::Fuse;
use super::locks::MemoryTable;
use super::row::Row;

pub(crate) const KEY: &str = "shop-dev";

/// The versions that there are, by the SHA of their artifact; the image is `shop:SHA`.
const BUILDS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// A cloud with one service, and one person who deploys.
pub(crate) struct World {
    pub(crate) cloud: Arc<FakeCloud>,
    pub(crate) locks: Arc<MemoryTable>,
    pub(crate) commands: Arc<Script>,
    pub(crate) events: Arc<Events>,
    pub(crate) target: Target,
    tokens: Arc<AtomicU32>,
    user: &'static str,
    host: &'static str,
}

impl World {
    /// Two empty groups; green's rule has the lower number.
    pub(crate) fn new() -> Self {
        let config = Config::parse(include_str!("config.json"), "config.json").unwrap();
        let target = config.target("shop", "dev").unwrap();
        let fuse = Arc::new(Fuse::default());
        let cloud = FakeCloud::new(target.target_groups.clone(), fuse.clone());
        cloud.model().artifacts = (1..).zip(BUILDS).map(|(n, sha)| artifact(n, sha)).collect();
        Self {
            cloud: Arc::new(cloud),
            locks: Arc::default(),
            commands: Arc::default(),
            events: Arc::new(Events::new(fuse)),
            target,
            tokens: Arc::default(),
            user: "ann",
            host: "desk",
        }
    }

    /// Green serves an old version, as a PRIMARY set.
    pub(crate) fn serving() -> Self {
        let world = Self::new();
        world.add_set("shop:zero", Color::Green, TaskSetStatus::Primary);
        world
    }

    /// Another person's view of the same cloud.
    pub(crate) fn of_another(&self, user: &'static str) -> Self {
        Self {
            cloud: self.cloud.clone(),
            locks: self.locks.clone(),
            commands: self.commands.clone(),
            events: Arc::new(Events::new(self.cloud.fuse.clone())),
            target: self.target.clone(),
            tokens: self.tokens.clone(),
            user,
            host: self.host,
        }
    }

    /// The same person's view from another machine.
    pub(crate) fn on_host(&self, host: &'static str) -> Self {
        Self { host, ..self.of_another(self.user) }
    }

    /// Places a set that has been up for long.
    pub(crate) fn add_set(&self, image: &str, color: Color, status: TaskSetStatus) -> u8 {
        let mut model = self.cloud.model();
        model.created_sets += 1;
        let number = model.created_sets;
        let arn = "arn:aws:ecs:us-east-1:222222222222:task-definition/shop-dev:900";
        model.service.sets.push(Set {
            id: format!("ecs-svc/{number}").parse().unwrap(),
            number,
            status,
            token: None,
            definition: arn.parse().unwrap(),
            image: image.to_owned(),
            group: self.target.target_groups[color].clone(),
            tags: BTreeMap::new(),
            behaviour: Behaviour::Healthy,
            created: Duration::ZERO,
            scaled_down: None,
            deleted: None,
            failed_before: 0,
            protected: false,
        });
        number
    }

    pub(crate) fn order(&self, sha: &str, mode: Mode) -> Order {
        let request = Request {
            target: self.target.clone(),
            config_sha: "1a2b3c4d".parse().unwrap(),
            wanted: Wanted::Sha(sha.to_owned()),
            allow: Allowances::default(),
        };
        Order { mode, ..Order::new(request) }
    }

    pub(crate) fn ports(&self) -> Cloud {
        Cloud {
            ecs: self.cloud.clone(),
            load_balancer: self.cloud.clone(),
            artifacts: self.cloud.clone(),
            identity: self.cloud.clone(),
            locks: self.locks.clone(),
        }
    }

    pub(crate) fn runtime(&self) -> Runtime {
        let (cloud, tokens) = (self.cloud.clone(), self.tokens.clone());
        let wall = move || {
            let now = i64::try_from((cloud.now() - BEGINNING).as_millis()).unwrap();
            Timestamp::from_millisecond(1_800_000_000_000 + now).unwrap()
        };
        Runtime {
            clock: Arc::new(TokioClock::new()),
            wall: Arc::new(wall),
            token: Arc::new(move || format!("token-{}", tokens.fetch_add(1, Ordering::SeqCst))),
            commands: self.commands.clone(),
            actor: Actor { user: self.user.into(), host: self.host.into(), job: None },
        }
    }

    pub(crate) async fn run(&self, order: &Order) -> Result<Success, Failure> {
        self.run_until(order, &CancellationToken::new()).await
    }

    pub(crate) async fn run_until(
        &self,
        order: &Order,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        self.events.take();
        self.run_on(order, cancel).await
    }

    /// Runs an order whose events were arranged before.
    async fn run_on(&self, order: &Order, cancel: &CancellationToken) -> Result<Success, Failure> {
        let ended = deploy(order, &self.ports(), &self.runtime(), &*self.events, cancel).await;
        assert_eq!(self.cloud.model().violations, [""; 0]);
        ended
    }

    pub(crate) async fn deploy(&self, sha: &str) -> Result<Success, Failure> {
        self.run(&self.order(sha, Mode::Fresh)).await
    }

    pub(crate) async fn resume(&self, sha: &str) -> Result<Success, Failure> {
        self.run(&self.order(sha, Mode::Resume)).await
    }

    pub(crate) async fn start_over(&self, sha: &str) -> Result<Success, Failure> {
        self.run(&self.order(sha, Mode::StartOver)).await
    }

    /// Runs an order, and does something when a step starts.
    pub(crate) async fn run_at(
        &self,
        order: &Order,
        step: Step,
        action: impl Fn() + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        self.events.take();
        self.events.at_step(step, action);
        self.run_on(order, cancel).await
    }

    /// Deploys, and does something when a step starts.
    pub(crate) async fn deploy_with(
        &self,
        sha: &str,
        step: Step,
        action: impl Fn() + Send + Sync + 'static,
    ) -> Result<Success, Failure> {
        let order = self.order(sha, Mode::Fresh);
        self.run_at(&order, step, action, &CancellationToken::new()).await
    }

    /// Deploys until a step starts, then asks to stop.
    pub(crate) async fn cancel_at(&self, sha: &str, step: Step) -> Failure {
        let (order, cancel) = (self.order(sha, Mode::Fresh), CancellationToken::new());
        let stop = cancel.clone();
        let ended = self.run_at(&order, step, move || stop.cancel(), &cancel).await;
        ended.expect_err("it was asked to stop")
    }

    pub(crate) fn way_back(&self) -> RollbackOrder {
        let (target, commands) = (self.target.clone(), CommandPolicy::Run);
        RollbackOrder { target, commands, wait: Duration::ZERO }
    }

    pub(crate) async fn roll_back(&self) -> Result<Success, Failure> {
        self.roll_back_until(&CancellationToken::new()).await
    }

    pub(crate) async fn roll_back_until(
        &self,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        self.roll_back_as(&self.way_back(), cancel).await
    }

    pub(crate) async fn roll_back_as(
        &self,
        order: &RollbackOrder,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        self.events.take();
        self.roll_back_on(order, cancel).await
    }

    /// Rolls back, and does something when a step starts.
    pub(crate) async fn roll_back_with(
        &self,
        step: Step,
        action: impl Fn() + Send + Sync + 'static,
    ) -> Result<Success, Failure> {
        self.events.take();
        self.events.at_step(step, action);
        self.roll_back_on(&self.way_back(), &CancellationToken::new()).await
    }

    /// Rolls back with events that were arranged before.
    async fn roll_back_on(
        &self,
        order: &RollbackOrder,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        let (ports, runtime) = (self.ports(), self.runtime());
        let ended = rollback(order, &ports, &runtime, &*self.events, cancel).await;
        assert_eq!(self.cloud.model().violations, [""; 0]);
        ended
    }

    /// Runs an order until the fuse of the cloud ends the process.
    pub(crate) async fn run_until_crash(&self, order: &Order, at: usize) {
        let (ports, runtime, cancel) = (self.ports(), self.runtime(), CancellationToken::new());
        self.until_crash(deploy(order, &ports, &runtime, &*self.events, &cancel), at).await;
    }

    /// Rolls back until the fuse of the cloud ends the process.
    pub(crate) async fn roll_back_until_crash(&self, at: usize) {
        let (ports, runtime, cancel) = (self.ports(), self.runtime(), CancellationToken::new());
        let order = self.way_back();
        self.until_crash(rollback(&order, &ports, &runtime, &*self.events, &cancel), at).await;
    }

    /// Polls until the fuse ends the process; whatever it was at is dropped there.
    async fn until_crash<T>(&self, run: impl Future<Output = T>, at: usize) {
        self.events.take();
        self.cloud.fuse.set(at);
        let (mut run, fuse) = (pin!(run), &self.cloud.fuse);
        poll_fn(|context| match run.as_mut().poll(context) {
            _ if fuse.is_blown() => Poll::Ready(()),
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        })
        .await;
        fuse.set(0);
    }

    pub(crate) fn row(&self) -> Option<Row> {
        self.locks.row(KEY).map(|item| Row::of(&item))
    }

    pub(crate) fn serving_color(&self) -> Color {
        self.cloud.model().serving()
    }

    /// What lives on a color, by image.
    pub(crate) fn images(&self, color: Color) -> Vec<String> {
        self.cloud.model().images(color, self.cloud.now())
    }

    pub(crate) fn primary_image(&self) -> Option<String> {
        self.cloud.model().service.primary().map(|set| set.image.clone())
    }

    pub(crate) fn tag(&self, sha: &str) -> Option<String> {
        let model = self.cloud.model();
        let of = model.artifacts.iter().find(|artifact| artifact.tags["SHA"] == sha);
        of.and_then(|artifact| artifact.tags.get("deploy-dev-1a2b3c4d").cloned())
    }

    /// Asserts that a version serves alone, is PRIMARY and is on record.
    #[track_caller]
    pub(crate) fn assert_serves(&self, sha: &str, color: Color) {
        let image = format!("shop:{sha}");
        assert_eq!(self.serving_color(), color);
        assert_eq!(self.images(color), [&*image]);
        assert_eq!(self.primary_image(), Some(image));
        assert_eq!(self.tag(sha).as_deref(), Some("success"));
        let row = self.row().expect("a row");
        assert!(row.is_released, "{row:?}");
        let state = row.state();
        assert!(state.done && state.artifact.tags["SHA"] == sha, "{state:?}");
    }

    /// Asserts that the version from before serves alone, untouched.
    #[track_caller]
    pub(crate) fn assert_old_serves(&self) {
        assert_eq!(self.serving_color(), Color::Green);
        assert_eq!(self.images(Color::Green), ["shop:zero"]);
        assert_eq!(self.cloud.model().healthy(Color::Green, self.cloud.now()), 2);
    }
}

fn artifact(number: u64, sha: &str) -> Artifact {
    Artifact {
        build_number: BuildNumber(number),
        value: format!("shop:{sha}"),
        tags: BTreeMap::from([("SHA".to_owned(), sha.to_owned())]),
    }
}
