//! Tasks as child processes.
//!
//! Each task leads a process group of its own, and the whole group ends with it: politely (SIGTERM)
//! when asked to, by force (SIGKILL) after its stop timeout or once the leader is gone. A task holds
//! a pipe from the sandbox as its standard input, which nothing is ever written to: should the
//! sandbox itself be killed, the pipe closes, and a program that watches it (as the demo does) ends
//! too. A program that does not watch it survives a SIGKILL of the sandbox, and only that.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use super::log::Log;
use super::ports::Reservation;
use super::programs::{Placeholders, Program};
use crate::model::elb::Target;
use crate::model::{Launch, Scope};

/// How many ended tasks keep their log.
const ENDED: usize = 100;

/// How long the last words of an ended task may take to arrive.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// The tasks that run, and the logs of those that ended lately.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    running: BTreeMap<String, Running>,
    ended: VecDeque<(String, Arc<Log>)>,
    closed: bool,
}

#[derive(Debug)]
struct Running {
    scope: Scope,
    target: Target,
    port: Reservation,
    group: Pid,
    log: Arc<Log>,
    stop: CancellationToken,
}

/// A task that runs: its process and where it listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningTask {
    /// The task's ARN.
    pub task: String,
    /// Its process, which leads a process group of the same id.
    pub process: u32,
    /// The loopback address behind the address that the API shows.
    pub address: SocketAddr,
}

/// A task's process, until it has ended.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    group: Group,
    log: Arc<Log>,
    stop: CancellationToken,
    stop_timeout: Duration,
}

impl Tasks {
    /// Starts a task's process, to be waited for with [`Process::ended`]. After [`Self::close`]
    /// there is none.
    pub(super) fn start(
        &mut self,
        launch: &Launch,
        program: &Program,
    ) -> io::Result<Option<Process>> {
        if self.closed {
            return Ok(None);
        }
        let port = Reservation::new()?;
        let child = command(launch, program, port.address()).spawn()?;
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let group = Pid::from_raw(id.ok_or_else(|| io::Error::other("the process has no id"))?);
        let (log, stop) = (Arc::new(Log::default()), CancellationToken::new());
        if !launch.command.is_empty() {
            log.push(format!(
                "sandbox: {} runs in place of the image, the container's command {:?} is not used",
                program.program.display(),
                launch.command
            ));
        }
        let running = Running {
            scope: launch.scope.clone(),
            target: Target { ip: launch.ip, port: launch.port },
            port,
            group,
            log: Arc::clone(&log),
            stop: stop.clone(),
        };
        self.running.insert(launch.task.clone(), running);
        let stop_timeout = launch.stop_timeout;
        Ok(Some(Process { child, group: Group(group), log, stop, stop_timeout }))
    }

    /// Asks a task to end; one that has ended already has reported so itself.
    pub(super) fn stop(&self, task: &str) {
        if let Some(running) = self.running.get(task) {
            running.stop.cancel();
        }
    }

    /// Forgets a task whose process has ended, but for its log.
    pub(super) fn ended(&mut self, task: &str) {
        if let Some((task, running)) = self.running.remove_entry(task) {
            self.ended.truncate(ENDED - 1);
            self.ended.push_front((task, running.log));
        }
    }

    /// Starts no more tasks and asks all to end.
    pub(super) fn close(&mut self) {
        self.closed = true;
        self.running.values().for_each(|running| running.stop.cancel());
    }

    /// Starts no more tasks and kills all.
    pub(super) fn kill(&mut self) {
        self.closed = true;
        self.running.values().for_each(|running| signal(running.group, Signal::SIGKILL));
    }

    /// Where a target of a scope really listens.
    pub(super) fn address(&self, scope: &Scope, target: Target) -> Option<SocketAddr> {
        let mut running = self.running.values();
        let running = running.find(|task| task.target == target && task.scope == *scope)?;
        Some(running.port.address())
    }

    /// The last lines that a task printed.
    pub(super) fn log(&self, task: &str) -> Option<Arc<Log>> {
        let ended = || self.ended.iter().find(|(ended, _)| ended == task).map(|(_, log)| log);
        self.running.get(task).map(|running| &running.log).or_else(ended).cloned()
    }

    /// The tasks that run.
    pub(super) fn list(&self) -> Vec<RunningTask> {
        let list = self.running.iter().map(|(task, running)| RunningTask {
            task: task.clone(),
            process: running.group.as_raw().unsigned_abs(),
            address: running.port.address(),
        });
        list.collect()
    }
}

impl Process {
    /// Waits until the task has ended, by itself or asked to, and gives its exit code: 128 + the
    /// signal's number when a signal ended it. Dropped before, it kills the task's group.
    pub(super) async fn ended(mut self) -> i32 {
        // Waiting for a child closes its standard input, which tells it that we are gone.
        let lifeline = self.child.stdin.take();
        let output = self.record();
        let status = tokio::select! {
            status = self.child.wait() => status,
            () = self.stop.cancelled() => self.end().await,
        };
        // The leader is gone, so that its container would be: what it started goes too. Only then
        // its output is sure to end.
        drop(self.group);
        drop(lifeline);
        let _ = tokio::time::timeout(LAST_WORDS, output).await;
        status.map_or(255, exit_code)
    }

    async fn end(&mut self) -> io::Result<ExitStatus> {
        signal(self.group.0, Signal::SIGTERM);
        match tokio::time::timeout(self.stop_timeout, self.child.wait()).await {
            Ok(status) => status,
            Err(_) => {
                signal(self.group.0, Signal::SIGKILL);
                self.child.wait().await
            }
        }
    }

    /// Records the child's output, from now on and until it ends.
    fn record(&mut self) -> impl Future<Output = ()> + use<> {
        let mut recorders = tokio::task::JoinSet::new();
        if let Some(stdout) = self.child.stdout.take() {
            let log = Arc::clone(&self.log);
            recorders.spawn(async move { log.record(stdout).await });
        }
        if let Some(stderr) = self.child.stderr.take() {
            let log = Arc::clone(&self.log);
            recorders.spawn(async move { log.record(stderr).await });
        }
        async move { while recorders.join_next().await.is_some() {} }
    }
}

/// A process group that ends when this goes.
#[derive(Debug)]
struct Group(Pid);

impl Drop for Group {
    fn drop(&mut self) {
        signal(self.0, Signal::SIGKILL);
    }
}

/// Signals a whole group; one that is gone needs no signal.
fn signal(group: Pid, signal: Signal) {
    let _ = killpg(group, signal);
}

fn command(launch: &Launch, program: &Program, address: SocketAddr) -> Command {
    let placeholders = Placeholders { address, image: &launch.image };
    let mut command = Command::new(&program.program);
    command
        .args(program.args.iter().map(|arg| placeholders.fill(arg)))
        .env_clear()
        .envs(environment(launch, program, &placeholders))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    command
}

/// What a task sees: the container's environment under the mapping's, and of ours `PATH` alone, so
/// that neither credentials nor settings of the user leak into it.
fn environment(
    launch: &Launch,
    program: &Program,
    placeholders: &Placeholders<'_>,
) -> BTreeMap<String, String> {
    let path = std::env::var("PATH").map(|path| ("PATH".to_owned(), path));
    let own = program.env.iter().map(|(name, value)| (name.clone(), placeholders.fill(value)));
    path.into_iter().chain(launch.environment.clone()).chain(own).collect()
}

fn exit_code(status: ExitStatus) -> i32 {
    status.code().or_else(|| Some(128 + status.signal()?)).unwrap_or(255)
}

#[cfg(test)]
mod tests;
