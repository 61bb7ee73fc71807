//! A command's process group, from its start to the end of its last process.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus};
use nix::unistd::Pid;
use tokio::process::Child;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

use super::lines::Output;
use super::terminal::LentTerminal;
use super::{Command, CommandError, ProcessGroup, census};

/// How often a command is looked at unasked: that a shell brings us to the foreground, where a
/// stopped command can be helped, is announced by nothing.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How often it is looked whether the group is empty, which nothing announces either.
const EMPTY_POLL: Duration = Duration::from_millis(20);

/// How long a killed command may take to be gone. Only one that hangs inside the kernel needs more.
const DEATH: Duration = Duration::from_secs(1);

/// A group of processes that a command leads. Dropping it kills the whole group.
pub(super) struct Group {
    child: Child,
    leader: Pid,
    children: tokio::signal::unix::Signal,
    terminal: Option<LentTerminal>,
    is_over: bool,
}

impl Group {
    pub(super) fn spawn(
        command: &Command,
        environment: &BTreeMap<String, String>,
    ) -> Result<(Self, Output), CommandError> {
        // Before the start, so that no change of the child goes unnoticed.
        let children = signal(SignalKind::child()).map_err(CommandError::Spawn)?;
        let refused = |error| refusal(&command.program, error);
        let mut child = start(command, environment).map_err(refused)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let (Some(leader), Some(stdout), Some(stderr)) = (leader, stdout, stderr) else {
            return Err(CommandError::Spawn(io::Error::other("started without pipes or an id")));
        };
        let group = Self { child, leader, children, terminal: None, is_over: false };
        Ok((group, Output::new(stdout, stderr)))
    }

    /// Names it for another run of the program.
    pub(super) fn name(&self) -> ProcessGroup {
        census::group_of(self.leader)
    }

    /// Waits until the command itself has ended, and lends it the terminal when it asks for it.
    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        loop {
            match look(self.leader) {
                Ok(WaitStatus::Exited(_, code)) => return Ok(ExitStatus::from_raw(code << 8)),
                Ok(WaitStatus::Signaled(_, signal, _)) => {
                    return Ok(ExitStatus::from_raw(signal as i32));
                }
                // It died of a real-time signal, which has no name here.
                Err(Errno::EINVAL) => return self.child.wait().await,
                Err(error) => return Err(error.into()),
                Ok(WaitStatus::Stopped(_, signal)) => {
                    self.resume_after(signal);
                    self.change().await;
                }
                Ok(_) => self.change().await,
            }
        }
    }

    async fn change(&mut self) {
        // Either way it is time for a look.
        let _ = timeout(LOOK_AGAIN, self.children.recv()).await;
    }

    /// A command that was stopped because it wants the terminal gets it. From then on it can't be
    /// suspended from there: that would hold the deploy, and its lock, in a way nobody sees.
    fn resume_after(&mut self, stop: Signal) {
        let has_terminal = match (&self.terminal, stop) {
            (Some(lent), Signal::SIGTTIN | Signal::SIGTTOU | Signal::SIGTSTP) => {
                lent.renew(self.leader)
            }
            (None, Signal::SIGTTIN | Signal::SIGTTOU) => {
                self.terminal = LentTerminal::to(self.leader);
                self.terminal.is_some()
            }
            _ => false,
        };
        if has_terminal {
            self.signal(Signal::SIGCONT);
        }
    }

    /// Whether the command itself has ended, whoever it left behind.
    pub(super) fn has_ended(&self) -> bool {
        !matches!(look(self.leader), Ok(WaitStatus::StillAlive | WaitStatus::Stopped(..)))
    }

    /// Whether it was given the terminal, so that a Ctrl-C reached it and not us.
    pub(super) fn had_terminal(&self) -> bool {
        self.terminal.is_some()
    }

    /// Asks every process of the group to end.
    pub(super) fn ask_to_end(&self) {
        self.signal(Signal::SIGTERM);
        // A stopped process can't follow.
        self.signal(Signal::SIGCONT);
    }

    /// Waits until the command and all other processes of its group are gone. One that ended counts
    /// until its parent noticed, which a container without an init may never do: set a limit.
    pub(super) async fn emptied(&mut self) {
        // A leader that was not waited for would count as being there.
        let _ = self.child.wait().await;
        while killpg(self.leader, None).is_ok() {
            sleep(EMPTY_POLL).await;
        }
        self.is_over = true;
    }

    /// Kills whoever is left.
    pub(super) async fn finish(mut self) {
        if self.is_over {
            return;
        }
        // Before the leader is waited for where that can be: until then its id belongs to nobody
        // else.
        self.signal(Signal::SIGKILL);
        let _ = timeout(DEATH, self.child.wait()).await;
        self.is_over = true;
    }

    fn signal(&self, signal: Signal) {
        // Nobody left to receive it is fine, and there is no other way to fail.
        let _ = killpg(self.leader, signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.is_over {
            self.signal(Signal::SIGKILL);
        }
    }
}

fn start(command: &Command, environment: &BTreeMap<String, String>) -> io::Result<Child> {
    tokio::process::Command::new(&command.program)
        .args(&command.arguments)
        .envs(environment)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// What became of a process. It stays to be waited for, so that its id, which names the group,
/// can't be given to another.
#[cfg(target_os = "linux")]
fn look(process: Pid) -> nix::Result<WaitStatus> {
    use nix::sys::wait::{Id, waitid};
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WSTOPPED;
    waitid(Id::Pid(process), flags | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG)
}

/// What became of a process. An end is told once, and its id is free from then on: there is no
/// other way to ask here.
#[cfg(not(target_os = "linux"))]
fn look(process: Pid) -> nix::Result<WaitStatus> {
    nix::sys::wait::waitpid(process, Some(WaitPidFlag::WUNTRACED | WaitPidFlag::WNOHANG))
}

/// Why a command could not be started.
fn refusal(program: &str, error: io::Error) -> CommandError {
    let is_path = program.contains('/');
    match error.kind() {
        io::ErrorKind::NotFound if is_path && Path::new(program).exists() => {
            CommandError::NoInterpreter
        }
        io::ErrorKind::NotFound => CommandError::NotFound,
        io::ErrorKind::PermissionDenied => CommandError::NotExecutable,
        _ if error.raw_os_error() == Some(Errno::ENOEXEC as i32) => CommandError::NotExecutable,
        _ => CommandError::Spawn(error),
    }
}
