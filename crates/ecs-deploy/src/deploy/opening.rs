//! From an order to the lock.

use dynamolock::{Lease, LockClient};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{CommandPolicy, Order, PREPARE_LIMIT, ahead, blueprint, patience, preflight};
use crate::cloud::Cloud;
use crate::config::CommandsAhead;
use crate::error::DeployError;
use crate::event::{Detail, EventKind, Reporter};
use crate::journal::codec;
use crate::lock::{self, Claim, Holder, Mode, Turn};
use crate::names::Color;
use crate::patience::Patience;
use crate::plan::{Blueprint, Refusal, warn_of_older_build};
use crate::runtime::Runtime;
use crate::steps::Step;

/// The part of a deploy before it holds the lock.
pub(super) struct Opening<'a> {
    pub order: &'a Order,
    pub cloud: &'a Cloud,
    pub runtime: &'a Runtime,
    pub reporter: &'a Reporter<'a>,
    pub cancel: &'a CancellationToken,
}

impl<'a> Opening<'a> {
    /// Looks at everything and takes the lock; gives what serves, too. After a wait for another
    /// deploy everything is looked at anew.
    pub(super) async fn take_turn(
        &self,
        started: Instant,
    ) -> Result<(Blueprint, Option<Color>, Lease), DeployError> {
        let deadline = started + self.order.wait;
        let client = lock::client(self.cloud.locks.clone(), self.runtime);
        let mut turn = Turn::Free;
        loop {
            let (blueprint, serving) = self.look_ahead().await?;
            let key = blueprint.target.lock_key();
            self.reporter.emit(planned(self.order, &blueprint));
            let detail = Detail::note(key.clone());
            self.reporter.emit(EventKind::StepStarted { step: Step::Lock, detail });
            match self.acquire(&client, &key, &turn).await {
                Ok(Some(lease)) => return Ok((blueprint, serving, lease)),
                Err(error) if !self.may_wait(&error, deadline) => return Err(error),
                Ok(None) | Err(_) => {}
            }
            let patience = || Patience::under_way(self.reporter, self.cancel, PREPARE_LIMIT);
            turn = lock::wait_for_turn(&client, &key, deadline, patience).await?;
        }
    }

    /// Takes the lock; none where an abandoned one was taken meanwhile.
    async fn acquire(
        &self,
        client: &LockClient,
        key: &str,
        turn: &Turn,
    ) -> Result<Option<Lease>, DeployError> {
        match turn {
            Turn::Free => {
                let claim = Claim::of(self.order.mode, self.order.wait);
                lock::acquire(client, self.patience(), key, claim).await.map(Some)
            }
            Turn::Abandoned(record) => {
                let seen = record.data();
                lock::take_over(client, self.patience(), key, seen, Claim::IfSilent).await
            }
        }
    }

    fn patience(&self) -> Patience<'a> {
        patience(self.reporter, self.cancel)
    }

    /// What can be known before the lock: that fails early, and a state that another deploy explains
    /// is told, but decided on under the lock.
    async fn look_ahead(&self) -> Result<(Blueprint, Option<Color>), DeployError> {
        let patience = self.patience();
        let blueprint = blueprint(&self.order.request, self.cloud, &patience).await?;
        self.check_commands(&blueprint).await?;
        let preflight = match preflight(&blueprint, self.cloud, &patience).await {
            Err(DeployError::Refused(_)) if self.is_resume() => return Ok((blueprint, None)),
            Err(DeployError::Refused(refusal)) if refusal.is_passing() => {
                self.warn_of(&refusal);
                return Ok((blueprint, None));
            }
            preflight => preflight?,
        };
        warn_of_older_build(&blueprint, &preflight, self.cloud, &patience).await?;
        match preflight.footing() {
            Err(_) if self.is_resume() => Ok((blueprint, None)),
            Ok(_) => Ok((blueprint, Some(preflight.serving()))),
            Err(refusal) if refusal.is_passing() => {
                self.warn_of(&refusal);
                Ok((blueprint, None))
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Refuses a command that would not start, of those that are to run. An unreadable row is no
    /// refusal here: a resume reports it under the lock.
    async fn check_commands(&self, blueprint: &Blueprint) -> Result<(), DeployError> {
        let target = &blueprint.target;
        let count = target.pre_command_count() + target.post_command_count();
        if count == 0 || self.order.commands == CommandPolicy::Skip {
            return Ok(());
        }
        let ahead = if self.is_resume() {
            let client = lock::client(self.cloud.locks.clone(), self.runtime);
            let data = lock::data(&client, &self.patience(), &target.lock_key()).await?;
            let Some(Ok(state)) = data.as_deref().map(codec::decode) else { return Ok(()) };
            ahead::of_resume(&state)
        } else {
            CommandsAhead::ALL
        };
        Ok(blueprint.check_commands(ahead, &*self.runtime.commands, self.reporter)?)
    }

    /// What is in the way of one is told under the lock, where the journal tells what was there before.
    fn is_resume(&self) -> bool {
        self.order.mode == Mode::Resume
    }

    fn warn_of(&self, refusal: &Refusal) {
        if self.order.mode == Mode::Fresh {
            self.reporter.warn(format!("unless another deploy explains it: {refusal}"));
        }
    }

    /// Whether the lock may be had later without a decision on a deploy that failed.
    fn may_wait(&self, error: &DeployError, deadline: Instant) -> bool {
        let DeployError::Locked(locked) = error else { return false };
        let may_end = matches!(locked.holder, Holder::Working(_) | Holder::Unknown { .. });
        self.order.mode == Mode::Fresh && may_end && Instant::now() < deadline
    }
}

fn planned(order: &Order, blueprint: &Blueprint) -> EventKind {
    EventKind::Planned {
        app: blueprint.target.app.clone(),
        environment: blueprint.target.environment.clone(),
        artifact: blueprint.artifact.clone(),
        config_sha: blueprint.config_sha.clone(),
        resumed: order.mode == Mode::Resume,
    }
}
