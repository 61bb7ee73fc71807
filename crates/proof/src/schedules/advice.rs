//! What somebody does next, as the program's own messages say.

use std::time::Duration;

use ecs_deploy::error::{DeployError, Failure, FailureKind, LockLeft, ResumeError, RollbackError};
use ecs_deploy::lock::{Holder, Locked, Told};
use ecs_deploy::plan::Refusal;
use ecs_deploy::{CommandPolicy, Mode};

use super::draw::{GOOD, Verb};
use super::meddling::Mending;
use crate::Shop;

/// How long a command waits that is to wait for another deploy.
const WAIT: Duration = Duration::from_secs(15 * 60);

/// What to ask of the program, and how long it shall wait for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Advice {
    pub verb: Verb,
    pub wait: Duration,
    /// What is to be done by hand before.
    pub first: Option<Mending>,
}

impl From<Verb> for Advice {
    fn from(verb: Verb) -> Self {
        Self { verb, wait: Duration::ZERO, first: None }
    }
}

impl Advice {
    fn waiting(verb: Verb) -> Self {
        Self { wait: WAIT, ..verb.into() }
    }
}

/// The next command after a failure; `None` where nothing is left to do.
pub(super) fn after(verb: Verb, failure: &Failure, shop: &Shop) -> Option<Advice> {
    match verb {
        Verb::Deploy(mode, sha) => after_deploy(mode, sha, failure, shop),
        Verb::RollBack(commands) => after_rollback(commands, failure),
    }
}

fn after_deploy(mode: Mode, sha: &'static str, failure: &Failure, shop: &Shop) -> Option<Advice> {
    let again = |mode| Verb::Deploy(mode, sha);
    if let Some(advice) = refusal(&failure.error).and_then(|it| after_refusal(mode, sha, it)) {
        return Some(advice);
    }
    let verb = match &failure.error {
        DeployError::Locked(locked) => return Some(while_locked(mode, sha, locked, shop)),
        DeployError::Resume(ResumeError::Nothing { .. }) => again(Mode::Fresh),
        DeployError::Resume(ResumeError::Finished { .. } | ResumeError::RolledBack { .. }) => {
            return None;
        }
        DeployError::Resume(ResumeError::RollingBack { .. }) => Verb::RollBack(CommandPolicy::Run),
        DeployError::Resume(_) => again(Mode::StartOver),
        DeployError::Rollout(_) if failure.kind == FailureKind::AfterSwap => {
            Verb::RollBack(CommandPolicy::Run)
        }
        DeployError::Rollout(_) => Verb::Deploy(Mode::StartOver, GOOD),
        DeployError::Incomplete { .. } => again(Mode::StartOver),
        DeployError::Lost(_) => again(Mode::Fresh),
        _ => match failure.lock {
            LockLeft::GivenUp | LockLeft::RunsOut => again(Mode::Resume),
            _ => again(mode),
        },
    };
    Some(verb.into())
}

fn refusal(error: &DeployError) -> Option<&Refusal> {
    match error {
        DeployError::Refused(refusal) => Some(refusal),
        DeployError::Meddled(meddled) => Some(&meddled.refusal),
        _ => None,
    }
}

/// What a refusal itself asks for.
fn after_refusal(mode: Mode, sha: &'static str, refusal: &Refusal) -> Option<Advice> {
    let once = |first| Advice { first: Some(first), ..Verb::Deploy(mode, sha).into() };
    match refusal {
        Refusal::Mixed { .. } => Some(once(Mending::Untangle)),
        Refusal::ForeignTarget { .. } => Some(once(Mending::Deregister)),
        Refusal::SwitchedOff { .. } | Refusal::NewSetGone { .. } => {
            Some(Verb::Deploy(Mode::StartOver, sha).into())
        }
        _ => None,
    }
}

fn while_locked(mode: Mode, sha: &'static str, locked: &Locked, shop: &Shop) -> Advice {
    let is_same = |told: &Told| told.artifact == shop.words(sha);
    match &locked.holder {
        Holder::Failed(told) | Holder::Died(told) if told.rolls_back => {
            Verb::RollBack(CommandPolicy::Run).into()
        }
        Holder::Failed(told) | Holder::Died(told) if is_same(told) => {
            Verb::Deploy(Mode::Resume, sha).into()
        }
        Holder::Failed(_) | Holder::Died(_) => Verb::Deploy(Mode::StartOver, sha).into(),
        Holder::Working(_) => Advice::waiting(Verb::Deploy(mode, sha)),
        // `lock status` says so, once it has seen that nobody lives who holds it.
        _ => Advice::waiting(Verb::Deploy(Mode::StartOver, sha)),
    }
}

fn after_rollback(commands: CommandPolicy, failure: &Failure) -> Option<Advice> {
    let verb = match &failure.error {
        DeployError::Locked(_) => return Some(Advice::waiting(Verb::RollBack(commands))),
        DeployError::Rollback(
            RollbackError::Nothing { .. }
            | RollbackError::Already { .. }
            | RollbackError::Unbegun { .. },
        ) => return None,
        DeployError::Rollback(RollbackError::UnknownBuild { .. }) => {
            Verb::RollBack(CommandPolicy::Skip)
        }
        DeployError::Rollback(_) => Verb::Deploy(Mode::StartOver, GOOD),
        _ => Verb::RollBack(commands),
    };
    Some(verb.into())
}
