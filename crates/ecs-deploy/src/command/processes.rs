//! Commands as real child processes.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use async_trait::async_trait;
use nix::sys::signal::Signal;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::group::Group;
use super::lines::Output;
use super::{
    Command, CommandError, Commands, LineSink, ProcessGroup, StartSink, census, startable,
};

/// How long a group that was asked to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// How long the output of a killed group may take to end. Only a process that left the group can
/// hold it open.
const REST: Duration = Duration::from_millis(200);

/// What a shell makes of a death by SIGINT.
const EXIT_INTERRUPTED: i32 = 130;

/// The commands as child processes of this one, each in a process group of its own.
///
/// They run in the caller's folder with the caller's environment and standard input. A command that
/// wants the terminal is lent its foreground for as long as it runs. The runtime needs tokio's I/O
/// and time drivers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Processes;

#[async_trait]
impl Commands for Processes {
    async fn run(
        &self,
        command: &Command,
        environment: &BTreeMap<String, String>,
        limit: Duration,
        cancel: &CancellationToken,
        line: LineSink<'_>,
        started: StartSink<'_>,
    ) -> Result<(), CommandError> {
        if cancel.is_cancelled() {
            return Err(CommandError::Cancelled);
        }
        let (mut group, mut output) = Group::spawn(command, environment)?;
        started(group.name());
        let ended = tokio::select! {
            biased;
            () = cancel.cancelled() => Some(Err(CommandError::Cancelled)),
            () = sleep(limit) => None,
            ended = completion(&mut group, &mut output, line) => Some(ended),
        };
        let ended = ended.unwrap_or_else(|| Err(overdue(&group, limit)));
        match ended {
            Ok(status) => {
                group.finish().await;
                verdict(status)
            }
            Err(error) => {
                wind_down(group, output, line).await;
                Err(error)
            }
        }
    }

    fn check(&self, command: &Command) -> Result<(), CommandError> {
        startable::check(command)
    }

    fn lives(&self, group: &ProcessGroup) -> bool {
        census::lives(group)
    }
}

/// Who did not end in time.
fn overdue(group: &Group, limit: Duration) -> CommandError {
    match group.has_ended() {
        true => CommandError::LeftBehind { limit },
        false => CommandError::TimedOut { limit },
    }
}

/// Waits for the command and for the end of its output. An interrupt is not kept waiting by
/// processes that outlive it.
async fn completion(
    group: &mut Group,
    output: &mut Output,
    line: LineSink<'_>,
) -> Result<ExitStatus, CommandError> {
    let command = async {
        let status = group.ended().await.map_err(CommandError::Spawn)?;
        if was_interrupted(status, group.had_terminal()) {
            return Err(CommandError::Interrupted);
        }
        Ok(status)
    };
    let shown = async {
        output.forward(line).await;
        Ok(())
    };
    tokio::try_join!(command, shown).map(|(status, ())| status)
}

fn was_interrupted(status: ExitStatus, had_terminal: bool) -> bool {
    status.signal() == Some(Signal::SIGINT as i32)
        || had_terminal && status.code() == Some(EXIT_INTERRUPTED)
}

fn verdict(status: ExitStatus) -> Result<(), CommandError> {
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(()),
        (Some(code), _) => Err(CommandError::Exit(code)),
        (None, signal) => Err(CommandError::Signal(signal.unwrap_or_default())),
    }
}

/// Ends all that is left of a command, politely and then by force, and shows what it still says.
async fn wind_down(mut group: Group, mut output: Output, line: LineSink<'_>) {
    group.ask_to_end();
    let talking = async {
        output.forward(line).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = group.emptied() => {}
        () = talking => {}
        // Who does not follow in time is killed.
        () = sleep(GRACE) => {}
    }
    group.finish().await;
    let _ = timeout(REST, output.forward(line)).await;
    output.close(line);
}
