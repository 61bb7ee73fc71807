//! What a person's machine does of its own: clocks that are off, commands that fail.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use dynamolock::{Clock, TokioClock};
use ecs_deploy::command::{Command, CommandError, Commands, LineSink, ProcessGroup, StartSink};
use fastrand::Rng;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::course::Course;

/// A clock that can jump ahead of tokio's.
#[derive(Clone)]
pub(super) struct JumpingClock {
    clock: TokioClock,
    ahead: Arc<AtomicU64>,
}

impl JumpingClock {
    pub(super) fn new() -> Self {
        Self { clock: TokioClock::new(), ahead: Arc::default() }
    }

    pub(super) fn jump(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Duration {
        self.clock.now() + Duration::from_millis(self.ahead.load(Ordering::SeqCst))
    }
}

/// Commands of which some fail and some hang.
pub(super) struct FickleCommands {
    pub course: Course,
    pub rng: Mutex<Rng>,
}

/// How many commands end well for each that does not.
const WELL: u32 = 12;

#[async_trait]
impl Commands for FickleCommands {
    async fn run(
        &self,
        _command: &Command,
        _environment: &BTreeMap<String, String>,
        limit: Duration,
        cancel: &CancellationToken,
        _line: LineSink<'_>,
        started: StartSink<'_>,
    ) -> Result<(), CommandError> {
        started(ProcessGroup { number: 2, born: None });
        let (takes, fate) = {
            let mut rng = self.rng.lock().expect("nobody panics while drawing");
            (Duration::from_millis(rng.u64(10..2000)), rng.u32(0..2 * WELL))
        };
        let ended = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(CommandError::Cancelled),
            ended = timeout(limit, sleep(if fate == 0 { 2 * limit } else { takes })) => ended,
        };
        match fate {
            _ if ended.is_err() => {
                self.course.trouble("command hung", &fate);
                Err(CommandError::TimedOut { limit })
            }
            1 => {
                self.course.trouble("command failed", &fate);
                Err(CommandError::Exit(1))
            }
            _ => Ok(()),
        }
    }

    /// A played command can always start.
    fn check(&self, _: &Command) -> Result<(), CommandError> {
        Ok(())
    }

    /// A played command ends with its deploy.
    fn lives(&self, _: &ProcessGroup) -> bool {
        false
    }
}
