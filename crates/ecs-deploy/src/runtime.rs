//! What a deploy needs of its own machine: clocks, ids, processes.

use std::sync::Arc;

use dynamolock::Clock;
use jiff::Timestamp;

use crate::command::{Commands, Processes};
use crate::journal::Actor;

/// What a deploy needs of its own machine. Each part can be given by an embedder or a proof; waits
/// go through tokio's timer, which can be paused.
#[derive(Clone)]
pub struct Runtime {
    /// Measures leases; must not stand still while the machine is suspended.
    pub clock: Arc<dyn Clock>,
    /// The time of day, for people.
    pub wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Mints tokens: unique, 36 ASCII characters at most.
    pub token: Arc<dyn Fn() -> String + Send + Sync>,
    /// Runs the pre- and post-deploy commands.
    pub commands: Arc<dyn Commands>,
    /// Who deploys, from where: written into the lock row.
    pub actor: Actor,
}

impl Runtime {
    /// The machine's own clocks and processes.
    pub fn of_this_machine(actor: Actor) -> Self {
        Self {
            clock: Arc::new(dynamolock::BootClock),
            wall: Arc::new(Timestamp::now),
            token: Arc::new(|| uuid::Uuid::new_v4().to_string()),
            commands: Arc::new(Processes),
            actor,
        }
    }

    pub(crate) fn wall_time(&self) -> Timestamp {
        (self.wall)()
    }

    pub(crate) fn tokens(&self) -> crate::journal::Tokens {
        crate::journal::Tokens { task_definition: (self.token)(), task_set: (self.token)() }
    }
}
