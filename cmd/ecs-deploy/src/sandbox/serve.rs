//! `sandbox serve`.

use std::path::Path;

use ecs_deploy::config;
use serde_json::{Value, json};

use super::builds::FIRST;
use super::door::Door;
use crate::args::Serve;
use crate::exit::{self, Exit};
use crate::signals::Signals;

/// Serves until a signal ends it.
pub(crate) fn run(asked: &Serve) -> Exit {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(serve(asked)),
        Err(error) => exit::refuse(&error, ""),
    }
}

async fn serve(asked: &Serve) -> Exit {
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => return exit::refuse(&error, ""),
    };
    let config = match config::read(Path::new(&asked.config)) {
        Ok(config) => config,
        Err(error) => return exit::refuse(&error, ""),
    };
    let opened = tokio::select! {
        opened = Door::open(&config, asked.listen) => opened,
        () = signals.next() => return Exit::INTERRUPTED,
    };
    let door = match opened {
        Ok(door) => door,
        Err(error) => return exit::refuse(&error, ""),
    };
    exit::print(&format!("{}\n", ready(&door)));
    signals.next().await;
    tokio::select! {
        () = door.sandbox.shutdown() => {}
        () = signals.next() => {}
    }
    Exit::DONE
}

/// Where everything is.
fn ready(door: &Door) -> Value {
    let environments = door.targets.iter().map(|target| {
        json!({
            "App": target.app,
            "Environment": target.environment,
            "AccountID": target.account,
            "Region": target.region,
            "TrafficURL": door.traffic_url(target),
            "Serving": FIRST.value(&target.artifact_project),
        })
    });
    json!({
        "Endpoint": door.endpoint(),
        "Environments": environments.collect::<Vec<_>>(),
    })
}
