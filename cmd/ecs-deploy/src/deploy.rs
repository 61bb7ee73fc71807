//! The deploy.

use std::error::Error;

use ecs_deploy::cloud::Cloud;
use ecs_deploy::config::Target;
use ecs_deploy::error::Failure;
use ecs_deploy::event::EventSink;
use ecs_deploy::{Order, Runtime, Success};
use tokio_util::sync::CancellationToken;

use crate::args::Asked;
use crate::drive::{self, End, Job};
use crate::exit::{self, Exit};
use crate::prepare::{Prepared, prepare};
use crate::report::{self, Command};
use crate::watch::Seen;

/// A deploy, and the command line that asked for it.
pub(crate) struct Deploy<'a> {
    pub(crate) order: &'a Order,
    pub(crate) command: Command,
}

/// Deploys.
pub(crate) fn run(asked: &Asked) -> Exit {
    begin(asked).unwrap_or_else(|error| exit::refuse(&*error, ""))
}

fn begin(asked: &Asked) -> Result<Exit, Box<dyn Error>> {
    let Prepared { order, warnings } = prepare(asked)?;
    drive::run(&Deploy { order: &order, command: Command::new(asked) }, &warnings)
}

impl Job for Deploy<'_> {
    fn target(&self) -> &Target {
        &self.order.request.target
    }

    async fn run(
        &self,
        cloud: &Cloud,
        runtime: &Runtime,
        events: &dyn EventSink,
        cancel: &CancellationToken,
    ) -> Result<Success, Failure> {
        ecs_deploy::deploy(self.order, cloud, runtime, events, cancel).await
    }

    fn told(&self, end: &End, seen: &Seen) -> Vec<String> {
        let artifact = seen.artifact.as_ref();
        match end {
            End::Success(success) => {
                vec![report::success(self.order, success), report::SUCCESS.to_owned()]
            }
            End::Failure(failure) => {
                let mut lines = report::failure(failure, artifact);
                lines.extend(report::next(failure, artifact, &self.command));
                lines
            }
            End::Killed => vec![report::killed()],
        }
    }
}
