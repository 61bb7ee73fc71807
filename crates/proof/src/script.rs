//! Commands that are played, not run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use ecs_deploy::command::{Command, CommandError, Commands, LineSink, ProcessGroup, StartSink};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How long each command takes.
const TAKES: Duration = Duration::from_millis(300);

/// Plays commands, and remembers which were started and which ended well.
#[derive(Debug, Default)]
pub struct Script {
    failing: Mutex<BTreeSet<&'static str>>,
    started: Mutex<Vec<String>>,
    ended: Mutex<Vec<String>>,
}

impl Script {
    /// Lets a program end with the exit code 1 from now on.
    pub fn fail(&self, program: &'static str) {
        self.failing.lock().expect("nobody panics while holding it").insert(program);
    }

    fn fails(&self, command: &Command) -> bool {
        let failing = self.failing.lock().expect("nobody panics while holding it");
        failing.contains(command.program.as_str())
    }

    /// What was started: program and arguments.
    pub fn started(&self) -> Vec<String> {
        self.started.lock().expect("nobody panics while holding it").clone()
    }

    /// What was played to its end.
    pub fn ended(&self) -> Vec<String> {
        self.ended.lock().expect("nobody panics while holding it").clone()
    }
}

#[async_trait]
impl Commands for Script {
    async fn run(
        &self,
        command: &Command,
        _environment: &BTreeMap<String, String>,
        limit: Duration,
        cancel: &CancellationToken,
        line: LineSink<'_>,
        started: StartSink<'_>,
    ) -> Result<(), CommandError> {
        let words = format!("{} {}", command.program, command.arguments.join(" "));
        self.started.lock().expect("nobody panics while holding it").push(words.clone());
        started(ProcessGroup { number: 2, born: None });
        line("at work");
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(CommandError::Cancelled),
            played = timeout(limit, sleep(TAKES)) => {
                played.map_err(|_| CommandError::TimedOut { limit })?;
            }
        }
        if self.fails(command) {
            return Err(CommandError::Exit(1));
        }
        self.ended.lock().expect("nobody panics while holding it").push(words);
        Ok(())
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
