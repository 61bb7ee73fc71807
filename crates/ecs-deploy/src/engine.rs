//! Carries out effects: journal, fence, retry, adoption, cancellation. Written once, for all.

use std::time::Duration;

use crate::cloud::CloudError;
use crate::command::CommandError;
use crate::effect::{self, CommandFailure, Effect, EffectError, Hands, Look, Outcome};
use crate::error::DeployError;
use crate::event::{Detail, EventKind, Tried};
use crate::journal::{Entry, Journal};
use crate::ledger::Ledger;
use crate::patience::{Failed, Patience};
use crate::progress::Progress;
use crate::runtime::Runtime;
use crate::steps::Step;

/// What the steps work with.
pub(crate) struct Engine<'a> {
    pub hands: Hands<'a>,
    pub ledger: &'a Ledger,
    pub runtime: &'a Runtime,
    /// How long the old tasks are left alone after a swap.
    pub settle: Duration,
    pub progress: Progress,
}

/// One step at work: the engine, with the step's own limit.
pub(crate) struct Work<'a> {
    pub engine: &'a Engine<'a>,
    pub step: Step,
    /// How long the step may take in all.
    pub limit: Duration,
    pub patience: Patience<'a>,
}

impl Work<'_> {
    /// Brings an effect about, unless it is there already, and journals it. An effect that is in
    /// place costs a look and a note.
    pub(crate) async fn perform(&self, effect: Effect) -> Result<Outcome, DeployError> {
        let what = effect.to_string();
        let outcome = self.patience.retry(&what, || async { self.attempt(&effect).await }).await?;
        let at = self.engine.runtime.wall_time();
        self.engine.ledger.record(Entry::Did { effect, outcome: outcome.clone(), at }).await?;
        Ok(outcome)
    }

    async fn attempt(&self, effect: &Effect) -> Result<Outcome, Failed> {
        let Engine { hands, ledger, .. } = self.engine;
        match effect::look(effect, *hands, &ledger.state()).await? {
            Look::Done(outcome) => {
                self.engine.progress.confirm(effect);
                self.tell(effect, Tried::Found);
                return Ok(outcome);
            }
            Look::Forbidden(reason) => {
                self.tell(effect, Tried::Forbidden);
                let effect = Box::new(effect.clone());
                return Err(DeployError::Forbidden { effect, reason }.into());
            }
            Look::NotDone => {}
        }
        self.intend(effect).await?;
        let permit = ledger.permit().await?;
        let is_first = self.engine.progress.expect(effect);
        let applied = effect::apply(effect, &permit, self.engine).await;
        match &applied {
            Ok(_) => self.engine.progress.confirm(effect),
            Err(EffectError::Cloud(error)) if is_first && error.class.is_certain() => {
                self.engine.progress.withdraw();
            }
            Err(_) => {}
        }
        self.tell(effect, tried(&applied));
        applied.map_err(|error| match error {
            EffectError::Cloud(error) => self.without_secrets(error).into(),
            EffectError::Config(error) => DeployError::Prepare(error.into()).into(),
            EffectError::Command(failure) => command_ended(failure).into(),
            EffectError::Lost(lost) => DeployError::from(lost).into(),
        })
    }

    /// AWS may repeat what it was sent.
    fn without_secrets(&self, error: CloudError) -> CloudError {
        let message = self.blueprint().hide(&error.message);
        CloudError { message, ..error }
    }

    /// Journals the intent, once for all attempts at it.
    async fn intend(&self, effect: &Effect) -> Result<(), DeployError> {
        let Journal { doing, attempt, .. } = self.journal();
        let is_repeat = doing.as_ref() == Some(effect);
        if is_repeat && self.engine.ledger.has_intents() {
            return Ok(());
        }
        let attempt = if is_repeat { attempt.saturating_add(1) } else { 1 };
        let intend = Entry::Intend { effect: effect.clone(), attempt };
        Ok(self.engine.ledger.record(intend).await?)
    }

    /// Tells how an attempt at an effect went.
    pub(crate) fn tell(&self, effect: &Effect, tried: Tried) {
        let (step, effect) = (self.step, effect.clone());
        self.engine.hands.reporter.emit(EventKind::EffectTried { step, effect, tried });
    }

    pub(crate) fn progress(&self, detail: Detail) {
        let step = self.step;
        self.engine.hands.reporter.emit(EventKind::StepProgress { step, detail });
    }
}

fn tried(applied: &Result<Outcome, EffectError>) -> Tried {
    match applied {
        Ok(_) => Tried::Applied,
        Err(EffectError::Cloud(error)) if !error.class.is_certain() => Tried::InDoubt,
        Err(_) => Tried::Failed,
    }
}

/// A command that was interrupted took the user's Ctrl-C in our place.
fn command_ended(failure: CommandFailure) -> DeployError {
    match failure {
        CommandFailure::Ran {
            source: CommandError::Interrupted | CommandError::Cancelled, ..
        } => DeployError::Interrupted,
        failure => failure.into(),
    }
}
