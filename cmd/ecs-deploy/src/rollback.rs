//! The way back.

use std::error::Error;

use ecs_deploy::cloud::Cloud;
use ecs_deploy::config::Target;
use ecs_deploy::error::Failure;
use ecs_deploy::event::EventSink;
use ecs_deploy::{RollbackOrder, Runtime, Success};
use tokio_util::sync::CancellationToken;

use crate::args::Asked;
use crate::drive::{self, End, Job};
use crate::exit::{self, Exit};
use crate::prepare::read;
use crate::report::{self, Command};
use crate::watch::Seen;

/// A rollback, and the command line that asked for it.
struct Rollback {
    order: RollbackOrder,
    command: Command,
}

/// Rolls back.
pub(crate) fn run(asked: &Asked) -> Exit {
    begin(asked).unwrap_or_else(|error| exit::refuse(&*error, ""))
}

fn begin(asked: &Asked) -> Result<Exit, Box<dyn Error>> {
    let (target, warnings) = read(asked)?;
    let order = RollbackOrder { target, commands: asked.commands, wait: asked.wait };
    let command = Command::new(asked).roll_back();
    drive::run(&Rollback { order, command }, &warnings)
}

impl Job for Rollback {
    fn target(&self) -> &Target {
        &self.order.target
    }

    async fn run(
        &self,
        cloud: &Cloud,
        runtime: &Runtime,
        events: &dyn EventSink,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        ecs_deploy::rollback(&self.order, cloud, runtime, events, cancel).await
    }

    fn told(&self, end: &End, seen: &Seen) -> Vec<String> {
        match end {
            End::Success(success) => {
                vec![report::rollback::success(&self.order, success), report::SUCCESS.to_owned()]
            }
            End::Failure(failure) => {
                let mut lines = report::rollback::failure(failure, seen.artifact.as_ref());
                lines.extend(report::rollback::next(&self.order, failure, &self.command));
                lines
            }
            End::Killed => vec![report::killed()],
        }
    }
}
