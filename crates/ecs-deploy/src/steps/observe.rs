//! What the steps look at: the cloud and the journal, through the engine.

use crate::cloud::{CloudError, ErrorClass, Service};
use crate::effect::Hands;
use crate::engine::Work;
use crate::error::DeployError;
use crate::journal::Journal;
use crate::names::{Color, TaskSetId};
use crate::plan::{Blueprint, Preflight, Refusal, read_traffic};
use crate::traffic::Traffic;

impl Work<'_> {
    pub(crate) fn blueprint(&self) -> &Blueprint {
        self.engine.hands.blueprint
    }

    /// How long a command may take.
    pub(crate) fn command_timeout(&self) -> std::time::Duration {
        self.blueprint().target.command_timeout
    }

    /// Our part of the state; the session makes sure that there is one.
    pub(crate) fn journal(&self) -> Journal {
        self.engine.ledger.state().journal.expect("a session begins with a journal")
    }

    /// The color that the swap leads to: the new version's, or in a rollback the one before.
    pub(crate) fn color_to_serve(&self) -> Result<Color, DeployError> {
        let color = self.engine.ledger.state().color_to_serve();
        color.ok_or_else(|| self.lacks("the active color"))
    }

    /// The task set that becomes PRIMARY.
    pub(crate) fn set_to_serve(&self) -> Result<TaskSetId, DeployError> {
        match self.engine.ledger.state().open_rollback() {
            Some(way) => Ok(way.task_set.clone()),
            None => self.new_set(),
        }
    }

    /// The color that the new version goes to.
    pub(crate) fn new_color(&self) -> Result<Color, DeployError> {
        self.engine.ledger.state().new_color.ok_or_else(|| self.lacks("the active color"))
    }

    /// The new task set.
    pub(crate) fn new_set(&self) -> Result<TaskSetId, DeployError> {
        self.engine.ledger.state().task_set.ok_or_else(|| self.lacks("the new task set"))
    }

    /// A deploy that goes on from a row that lacks what its step needs.
    pub(crate) fn lacks(&self, what: &str) -> DeployError {
        DeployError::Incomplete { step: self.step, what: what.to_owned() }
    }

    /// Something did not happen within the step's limit.
    pub(crate) fn timed_out(&self, what: String) -> DeployError {
        DeployError::TimedOut { what, limit: self.limit }
    }

    /// The service with its task sets.
    pub(crate) async fn service(&self) -> Result<Service, DeployError> {
        let name = &self.blueprint().service;
        let ecs = &self.engine.hands.cloud.ecs;
        let found =
            self.patience.read("read the service", || async { ecs.service(name).await }).await?;
        let (cluster, service) = (name.cluster.to_string(), name.service.to_string());
        found.ok_or_else(|| Refusal::NoService { cluster, service }.into())
    }

    /// What the listeners say.
    pub(crate) async fn traffic(&self) -> Result<Traffic, DeployError> {
        let Hands { cloud, blueprint, reporter, .. } = self.engine.hands;
        let accepted = blueprint.allow.rules.as_ref();
        let read = || async { read_traffic(cloud, &blueprint.target, accepted, reporter).await };
        self.patience.read("read the rules", read).await
    }

    /// Everything that a deploy starts from.
    pub(crate) async fn preflight(&self) -> Result<Preflight, DeployError> {
        let hands = &self.engine.hands;
        let read = || async { Preflight::read(hands.cloud, hands.blueprint, hands.reporter).await };
        self.patience.read("read what the deploy starts from", read).await
    }

    /// A read that the original did not make: denied, it is left out with a warning.
    pub(crate) async fn read_or_skip<T, F: Future<Output = Result<T, CloudError>>>(
        &self,
        what: &str,
        consequence: &str,
        read: impl Fn() -> F,
    ) -> Result<Option<T>, DeployError> {
        match self.patience.read(what, read).await {
            Err(DeployError::Cloud(error)) if error.class == ErrorClass::Denied => {
                Ok(self.patience.reporter.or_skip(Err(error), consequence)?)
            }
            found => found.map(Some),
        }
    }
}
