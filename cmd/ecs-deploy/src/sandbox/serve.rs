//! `sandbox serve`.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;

use ecs_deploy::config::{self, Config};
use serde_json::{Value, json};

use super::builds::FIRST;
use super::door::Door;
use super::seed::{cloud_tamer_variables, host};
use crate::args::Serve;
use crate::exit::{self, Exit};
use crate::signals::Signals;

/// Serves until a signal ends it.
pub(crate) fn run(asked: &Serve) -> Exit {
    begin(asked).unwrap_or_else(|error| exit::refuse(&*error, ""))
}

fn begin(asked: &Serve) -> Result<Exit, Box<dyn Error>> {
    let config = config::read(Path::new(&asked.config))?;
    tokio::runtime::Runtime::new()?.block_on(serve(&config, asked.listen))
}

async fn serve(config: &Config, listen: SocketAddr) -> Result<Exit, Box<dyn Error>> {
    let mut signals = Signals::listen()?;
    let door = tokio::select! {
        door = Door::open(config, listen) => door?,
        () = signals.next() => return Ok(Exit::INTERRUPTED),
    };
    exit::print(&format!("{}\n", ready(&door)));
    signals.next().await;
    tokio::select! {
        () = door.sandbox.shutdown() => {}
        () = signals.next() => {}
    }
    Ok(Exit::DONE)
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
            "Host": host(target, &door.targets),
            "Serving": FIRST.value(target),
        })
    });
    let endpoint = door.endpoint();
    json!({
        "Endpoint": endpoint,
        "CloudTamer": cloud_tamer_variables(&endpoint),
        "Environments": environments.collect::<Vec<_>>(),
    })
}
