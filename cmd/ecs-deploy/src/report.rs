//! The end of a deploy, for whoever started it.

mod command;
pub(crate) mod rollback;
mod rules;

use std::time::Duration;

use ecs_deploy::cloud::Artifact;
use ecs_deploy::error::{
    Change, DeployError, Failure, FailureKind, LockLeft, ResumeError, Serving,
};
use ecs_deploy::lock::Holder;
use ecs_deploy::plan::PrepareError;
use ecs_deploy::steps::Step;
use ecs_deploy::{Mode, Order, Success};

pub(crate) use command::{Command, quoted};
pub(crate) use rules::rules;

use crate::exit::chain;
use crate::lock_status::command::{any_build, any_image};
use crate::render::words::{self, line};

/// What serves after a deploy that ended well.
pub(crate) fn success(order: &Order, success: &Success) -> String {
    let Success { artifact, serving, kept, took, notes, .. } = success;
    let environment = &order.request.target.environment;
    let took = took.as_secs_f64();
    let mut text = format!("{} serves {environment} on {serving}, {took:.1}s", artifact.value);
    if let Some(count) = kept {
        text.push_str(&format!("; {} kept, {}", serving.other(), tasks(*count)));
    }
    notes.iter().for_each(|note| text.push_str(&format!("; {note}")));
    line("done", &text)
}

/// The original's last line.
pub(crate) const SUCCESS: &str = "Success!";

fn tasks(count: u32) -> String {
    if count == 1 { "1 task".to_owned() } else { format!("{count} tasks") }
}

/// The end by a second signal.
pub(crate) fn killed() -> String {
    line("killed", "at once; the lock runs out within 10 s")
}

/// What failed, why, what serves now, what was changed and how the lock was left.
pub(crate) fn failure(failure: &Failure, artifact: Option<&Artifact>) -> Vec<String> {
    let serves = failure.serving.map(|serving| serves(serving, failure.step, artifact));
    told(failure, serves, "kept for -resume or -start-over, which get it at once")
}

/// The same in other words: what serves, and whom a lock was left to that was given up.
fn told(failure: &Failure, serves: Option<String>, given_up: &str) -> Vec<String> {
    let mut lines = what(failure);
    lines.extend(rules(&failure.error));
    lines.extend(serves.map(|serves| line("serves", &serves)));
    if failure.kind != FailureKind::Refused && failure.lock != LockLeft::NotTaken {
        lines.push(line("changed", &changed(&failure.changed)));
        lines.push(line("lock", lock(failure.lock, given_up)));
    }
    lines
}

fn what(failure: &Failure) -> Vec<String> {
    let heading = match failure.kind {
        FailureKind::Refused | FailureKind::Gate => "refused",
        FailureKind::Locked => "locked",
        FailureKind::Interrupted => "stopped",
        FailureKind::BeforeSwap | FailureKind::AfterSwap => "failed",
    };
    let place = match failure.step {
        Some(step) if failure.kind != FailureKind::Refused => format!("{step}: "),
        _ => String::new(),
    };
    let DeployError::Rollout(rollout) = &failure.error else {
        return vec![line(heading, &format!("{place}{}", chain(&failure.error)))];
    };
    let limit = rollout.limit.map(|limit| format!(" within {limit:?}")).unwrap_or_default();
    let text = format!("{place}the new tasks did not come up{limit}: {}", rollout.rollout);
    let reasons = rollout.reasons.iter().map(|reason| line("because", reason));
    std::iter::once(line(heading, &text)).chain(reasons).collect()
}

fn serves(serving: Serving, step: Option<Step>, artifact: Option<&Artifact>) -> String {
    match serving {
        Serving::Old(color) if step.is_some_and(Step::is_past_swap) => {
            format!("{color}, with the version before; users saw this one meanwhile")
        }
        Serving::Old(color) => {
            format!("{color}, with the version before; users saw nothing of this one")
        }
        Serving::New(color) => {
            let name = artifact.map_or("the new version", |artifact| artifact.value.as_str());
            format!("{color}, with {name}; the deploy is not complete")
        }
    }
}

fn changed(changes: &[Change]) -> String {
    let words = |change: &Change| match change.certain {
        true => change.effect.to_string(),
        false => format!("perhaps {}", change.effect),
    };
    match changes {
        [] => "nothing".to_owned(),
        changes => changes.iter().map(words).collect::<Vec<_>>().join("; "),
    }
}

fn lock(left: LockLeft, given_up: &str) -> &str {
    match left {
        LockLeft::NotTaken => "was not taken",
        LockLeft::PutBack => "as it was found",
        LockLeft::GivenUp => given_up,
        LockLeft::Lost => "another deploy took it over",
        LockLeft::RunsOut => "could not be given back; it runs out within 10 s",
    }
}

/// How long the next command waits for a deploy that is under way.
const WAIT: Duration = Duration::from_secs(15 * 60);

fn is_of(artifact: Option<&Artifact>, told: &str) -> bool {
    artifact.is_some_and(|artifact| words::artifact(artifact) == told)
}

/// The one command to go on with.
pub(crate) fn next(
    failure: &Failure,
    artifact: Option<&Artifact>,
    command: &Command,
) -> Option<String> {
    let (command, why) = match &failure.error {
        DeployError::Locked(locked) => match &locked.holder {
            Holder::Failed(told) | Holder::Died(told) if told.rolls_back => {
                (command.roll_back(), "to go on with that, or -start-over")
            }
            Holder::Failed(told) | Holder::Died(told) => match is_of(artifact, &told.artifact) {
                true => (command.with(Mode::Resume), "to go on with that one"),
                false => (command.with(Mode::StartOver), "to give that one up"),
            },
            Holder::Working(_) => (command.waiting(WAIT), "waits for that one to end"),
            _ => (command.lock_status(), "tells whether its holder is alive"),
        },
        DeployError::Lock(_) | DeployError::LockInDoubt(_) => {
            (command.lock_status(), "tells what to do about it")
        }
        DeployError::Resume(ResumeError::Nothing { .. }) => (command.with(Mode::Fresh), ""),
        DeployError::Resume(
            ResumeError::Finished { artifact: last } | ResumeError::RolledBack { artifact: last },
        ) => match is_of(artifact, last) {
            true => return None,
            // What was to be resumed never came as far as to leave a trace.
            false => (command.with(Mode::Fresh), ""),
        },
        DeployError::Resume(ResumeError::RollingBack { .. }) => (command.roll_back(), ""),
        DeployError::Resume(
            ResumeError::OtherArtifact { .. } | ResumeError::OtherConfig { .. },
        ) => (command.lock_status(), "tells how to go on with that one"),
        DeployError::Resume(_) => (command.with(Mode::StartOver), "to give that one up"),
        DeployError::Rollout(_) | DeployError::Refused(_) | DeployError::Meddled(_)
            if failure.kind == FailureKind::AfterSwap =>
        {
            (command.roll_back(), "the version before serves again")
        }
        DeployError::Rollout(_) => {
            (command.with(Mode::StartOver), "once the cause is mended, or with another version")
        }
        DeployError::Undone { .. } => {
            (command.with(Mode::Resume), "does it once more; `ecs-deploy rollback` leaves it")
        }
        DeployError::Prepare(error) => after_nothing(error, command),
        DeployError::Lost(_) if failure.lock == LockLeft::Lost => {
            (command.lock_status(), "tells what came of it and what serves")
        }
        _ => {
            let is_past = failure.kind == FailureKind::Interrupted
                || matches!(failure.error, DeployError::Lost(_));
            let why = if is_past { "" } else { MENDED };
            match failure.lock {
                LockLeft::GivenUp | LockLeft::RunsOut => (command.with(Mode::Resume), why),
                _ => (command.again(), why),
            }
        }
    };
    Some(marked(&command, why))
}

/// The next command, with why.
fn marked(command: &Command, why: &str) -> String {
    let why = if why.is_empty() { String::new() } else { format!("   # {why}") };
    line("next", &format!("{command}{why}"))
}

/// When a command makes sense that failed for a reason outside of it.
const MENDED: &str = "once that is mended";

/// What to do where there is nothing to deploy.
fn after_nothing(error: &PrepareError, command: &Command) -> (Command, &'static str) {
    match error {
        PrepareError::PreviousEnvironment { previous, .. } => (command.to(previous), "comes first"),
        PrepareError::HasProject { .. } => {
            (command.of(any_build()), "the SHA of one of its builds")
        }
        PrepareError::NoProject { .. } => (command.of(any_image()), "the image to deploy"),
        PrepareError::NoArtifact { newest, .. } if !newest.is_empty() => {
            (command.of(any_build()), "the SHA of a build that there is")
        }
        _ => (command.again(), MENDED),
    }
}

#[cfg(test)]
mod tests {
    use ecs_deploy::names::Color;

    use super::*;

    #[test]
    fn users_saw_a_version_that_came_as_far_as_past_the_swap() {
        let told = |step| serves(Serving::Old(Color::Green), Some(step), None);
        assert!(told(Step::Swap).ends_with("users saw nothing of this one"));
        assert!(told(Step::Record).ends_with("users saw this one meanwhile"));
    }
}
