use std::mem::{Discriminant, discriminant};

use ecs_deploy::Failure;
use ecs_deploy::error::{DeployError, FailureKind};
use ecs_deploy::steps::Step;

/// How something ended, as far as two runs can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    /// Well.
    Done,
    /// At a step, for a reason of this kind.
    Failed { step: Option<Step>, kind: FailureKind, error: Discriminant<DeployError> },
}

impl End {
    pub(super) fn of<T>(ended: &Result<T, Failure>) -> Self {
        match ended {
            Ok(_) => Self::Done,
            Err(Failure { error, step, kind, .. }) => {
                Self::Failed { step: *step, kind: *kind, error: discriminant(error) }
            }
        }
    }
}
