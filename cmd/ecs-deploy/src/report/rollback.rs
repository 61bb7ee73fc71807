//! The end of a rollback, for whoever started it.

use ecs_deploy::cloud::Artifact;
use ecs_deploy::error::{DeployError, Failure, LockLeft, RollbackError, Serving};
use ecs_deploy::{Mode, RollbackOrder, Success};

use super::{Command, WAIT, marked, told};
use crate::lock_status::command::{any_build, any_image};
use crate::render::words::line;

/// What serves after a rollback that ended well.
pub(crate) fn success(order: &RollbackOrder, success: &Success) -> String {
    let Success { artifact, serving, kept, took, .. } = success;
    let (environment, took) = (&order.target.environment, took.as_secs_f64());
    let mut text =
        format!("{} serves {environment} on {serving} again, {took:.1}s", artifact.value);
    if let Some(tasks) = kept {
        text.push_str(&format!("; {} left, {}", serving.other(), super::tasks(*tasks)));
    }
    line("done", &text)
}

/// What failed, why, what serves now, what was changed and how the lock was left.
pub(crate) fn failure(failure: &Failure, artifact: Option<&Artifact>) -> Vec<String> {
    let serves = failure.serving.map(|serving| serves(serving, artifact));
    told(failure, serves, "kept for another rollback or for -start-over, which get it at once")
}

fn serves(serving: Serving, artifact: Option<&Artifact>) -> String {
    let name = artifact.map_or("the new version", |artifact| artifact.value.as_str());
    match serving {
        Serving::Old(color) => format!("{color}, with the version before {name}"),
        Serving::New(color) => format!("{color}, with {name}, which was to be rolled back"),
    }
}

/// The one command to go on with.
pub(crate) fn next(order: &RollbackOrder, failure: &Failure, command: &Command) -> Option<String> {
    let (command, why) = match &failure.error {
        DeployError::Lost(_) if failure.lock == LockLeft::Lost => {
            (command.lock_status(), "tells what came of it and what serves")
        }
        DeployError::Locked(_) => (command.waiting(WAIT), "waits for that one to end"),
        DeployError::Rollback(
            RollbackError::Nothing { .. }
            | RollbackError::Already { .. }
            | RollbackError::Unbegun { .. },
        ) => return None,
        DeployError::Rollback(RollbackError::EndedMeanwhile { .. }) => {
            (command.status(), "to see what is live")
        }
        DeployError::Rollback(RollbackError::UnknownBuild { .. }) => {
            (command.without_commands(), "")
        }
        DeployError::Rollback(RollbackError::Several { .. }) => {
            (command.status(), "to see what is there")
        }
        DeployError::Rollback(_) => {
            let any =
                order.target.artifact_project.as_ref().map_or_else(any_image, |_| any_build());
            let deploy = command.deploy_of(any).with(Mode::StartOver);
            (deploy, "with the version that shall serve")
        }
        _ => (command.again(), ""),
    };
    Some(marked(&command, why))
}
