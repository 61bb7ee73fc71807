//! What all verbs that only look have in common.

use std::error::Error;
use std::path::Path;

use ecs_deploy::config::{self, Target};
use ecs_deploy::event::{Event, EventSink};
use ecs_deploy::status::Place;
use tokio_util::sync::CancellationToken;

use crate::args::Look;
use crate::exit;
use crate::prepare::connection_to;
use crate::render::words::{line, of_event};
use crate::signals::Signals;

/// Does what only reads, on a runtime of its own. A first signal ends it: nothing comes back then.
pub(crate) fn drive<T>(
    look: impl AsyncFnOnce(&CancellationToken) -> Result<T, Box<dyn Error>>,
) -> Result<Option<T>, Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async {
        let (mut signals, cancel) = (Signals::listen()?, CancellationToken::new());
        tokio::select! {
            biased;
            () = signals.next() => Ok(None),
            looked = look(&cancel) => looked.map(Some),
        }
    });
    runtime.shutdown_background();
    ended
}

/// The environments that are looked at, in the order of their names, each with its ports. A look is
/// over long before credentials would have to be renewed.
pub(crate) async fn places(look: &Look) -> Result<Vec<Place>, Box<dyn Error>> {
    let mut places = Vec::new();
    for target in targets(look)? {
        let cloud = connection_to(&target).await?.cloud;
        places.push(Place { target, cloud });
    }
    Ok(places)
}

fn targets(look: &Look) -> Result<Vec<Target>, Box<dyn Error>> {
    let config = config::read(Path::new(&look.config))?;
    for warning in config.warnings() {
        exit::note(&line("warning", &warning.to_string()));
    }
    Ok(match &look.env {
        Some(environment) => vec![config.target(&look.app, environment)?],
        None => config.targets(&look.app)?,
    })
}

/// Shows what a person should know of the look itself.
pub(crate) struct Notes;

impl EventSink for Notes {
    fn emit(&self, event: Event) {
        if let Some(line) = of_event(&event.kind) {
            exit::note(&line);
        }
    }
}
