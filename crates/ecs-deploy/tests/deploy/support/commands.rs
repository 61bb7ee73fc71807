//! Commands that are played, not run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use ecs_deploy::command::{Command, CommandError, Commands, LineSink, ProcessGroup, StartSink};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// When the processes of all commands began.
const BORN: &str = "boot/1";

/// How a program behaves; one that has no part ends well at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) takes: Duration,
    pub(crate) exit: i32,
}

#[derive(Default)]
pub(crate) struct Script {
    parts: Mutex<BTreeMap<String, Part>>,
    /// What was started, program and arguments.
    started: Mutex<Vec<String>>,
    /// What each was told by variables.
    told: Mutex<Vec<BTreeMap<String, String>>>,
    /// Programs that are not there.
    missing: Mutex<BTreeSet<String>>,
    /// Until when what a killed deploy left behind lives.
    left_behind: Mutex<Option<Instant>>,
}

impl Script {
    pub(crate) fn play(&self, program: &str, part: Part) {
        self.parts.lock().unwrap().insert(program.to_owned(), part);
    }

    /// A program is not there from now on.
    pub(crate) fn miss(&self, program: &str) {
        self.missing.lock().unwrap().insert(program.to_owned());
    }

    /// A program that was missing is there again.
    pub(crate) fn install(&self, program: &str) {
        self.missing.lock().unwrap().remove(program);
    }

    /// What was started last outlives its deploy for so long.
    pub(crate) fn leave_behind(&self, lives: Duration) {
        *self.left_behind.lock().unwrap() = Some(Instant::now() + lives);
    }

    /// A variable of each command that was started; empty where it had none of that name.
    pub(crate) fn told(&self, name: &str) -> Vec<String> {
        let told = self.told.lock().unwrap();
        told.iter().map(|variables| variables.get(name).cloned().unwrap_or_default()).collect()
    }

    pub(crate) fn started(&self) -> Vec<String> {
        self.started.lock().unwrap().clone()
    }
}

#[async_trait]
impl Commands for Script {
    async fn run(
        &self,
        command: &Command,
        variables: &BTreeMap<String, String>,
        limit: Duration,
        cancel: &CancellationToken,
        line: LineSink<'_>,
        started: StartSink<'_>,
    ) -> Result<(), CommandError> {
        self.check(command)?;
        let words = format!("{} {}", command.program, command.arguments.join(" "));
        let number = {
            let mut started = self.started.lock().unwrap();
            started.push(words.trim_end().to_owned());
            i32::try_from(started.len()).unwrap()
        };
        started(ProcessGroup { number, born: Some(BORN.into()) });
        self.told.lock().unwrap().push(variables.clone());
        line("at work");
        let part = self.parts.lock().unwrap().get(&command.program).copied();
        let Part { takes, exit } = part.unwrap_or(Part { takes: Duration::ZERO, exit: 0 });
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(CommandError::Cancelled),
            ended = timeout(limit, sleep(takes)) => {
                ended.map_err(|_| CommandError::TimedOut { limit })?;
            }
        }
        if exit == 0 { Ok(()) } else { Err(CommandError::Exit(exit)) }
    }

    fn check(&self, command: &Command) -> Result<(), CommandError> {
        let is_missing = self.missing.lock().unwrap().contains(&command.program);
        if is_missing { Err(CommandError::NotFound) } else { Ok(()) }
    }

    fn lives(&self, group: &ProcessGroup) -> bool {
        let last = i32::try_from(self.started.lock().unwrap().len()).unwrap();
        let until = *self.left_behind.lock().unwrap();
        group.number == last
            && group.born.as_deref() == Some(BORN)
            && until.is_some_and(|until| Instant::now() < until)
    }
}
