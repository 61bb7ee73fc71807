//! A client of the locks on a command line: the real protocol over the real adapter, at whatever
//! endpoint the environment names.
//!
//! Each line of its input is a round: a lock to acquire, to hold for a while and to release. Each
//! line of its output tells what it may believe, and since when. It is killed and stopped at any
//! moment.

mod diary;
mod round;

use std::error::Error;
use std::io::{BufRead, stdin};
use std::sync::Arc;
use std::time::Duration;

use dynamolock::{BootClock, LockClient, Mode, Options};
use ecs_deploy_aws::{Scope, connect};

use round::{Rounds, Task};

/// The region whose lock table it uses.
const REGION: &str = "us-east-1";

/// How to hold locks and to wait for them; all in milliseconds.
struct Terms {
    lease: Duration,
    heartbeat: Duration,
    refresh: Duration,
    patience: Duration,
}

impl Terms {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let numbers: Vec<u64> = arguments.map(|number| number.parse()).collect::<Result<_, _>>()?;
        let &[lease, heartbeat, refresh, patience] = numbers.as_slice() else {
            return Err("needs lease, heartbeat, refresh and patience, in milliseconds".into());
        };
        let [lease, heartbeat, refresh, patience] =
            [lease, heartbeat, refresh, patience].map(Duration::from_millis);
        Ok(Self { lease, heartbeat, refresh, patience })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let terms = Terms::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let rounds = runtime.block_on(rounds(&terms))?;
    for line in stdin().lock().lines() {
        let task: Task = line?.parse()?;
        runtime.block_on(rounds.run(&task))?;
    }
    Ok(())
}

async fn rounds(terms: &Terms) -> Result<Rounds, Box<dyn Error>> {
    let scope = Scope::new(REGION.parse()?);
    let connection = connect(&ecs_deploy_aws::Options::default(), &scope, &scope).await?;
    let options = Options::new(terms.lease, terms.heartbeat)?;
    let client = LockClient::new(connection.cloud.locks, Arc::new(BootClock), options);
    Ok(Rounds { client, mode: Mode::Wait { additional: terms.patience }, refresh: terms.refresh })
}
