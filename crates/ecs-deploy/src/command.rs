//! Child processes: the commands that run before and after a deploy.
//!
//! [`Commands`] is what a deploy asks for, so that a proof can play commands in virtual time.

mod census;
mod group;
mod lines;
mod processes;
mod startable;
mod terminal;

use std::collections::BTreeMap;
use std::time::Duration;
use std::{fmt, io};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

pub use self::processes::Processes;

/// A program with its arguments, templates rendered. There is no shell between: every argument
/// reaches the program as it is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Command {
    /// A path, or a name that is looked up in `PATH`.
    pub program: String,
    /// The arguments after the program's own name.
    pub arguments: Vec<String>,
}

// Passwords are given to programs as arguments, too.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command").field("program", &self.program).finish_non_exhaustive()
    }
}

/// Is given each line of a command's output, without its end. It must not block.
pub type LineSink<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// The processes of a command, told apart from later ones under the same number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProcessGroup {
    /// The process group's number, which is that of the command's own process.
    pub number: i32,
    /// When that process began, in the system's own terms; `None` where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
}

/// Is told once that a command was started. It must not block.
pub type StartSink<'a> = &'a (dyn Fn(ProcessGroup) + Send + Sync);

/// The port through which a deploy runs its commands.
#[async_trait]
pub trait Commands: Send + Sync {
    /// Runs `command` to its end and gives each line of its output to `line` as it comes, once it has
    /// told `started`.
    ///
    /// `environment` is added to the caller's own. `limit` covers everything up to the end of the
    /// output, whoever still writes it. At the limit, and when `cancel` fires, the command and all
    /// that it started are asked to end and killed two seconds later; dropping the future kills
    /// them at once. Only a process that left the command's group can outlive it.
    ///
    /// # Errors
    /// [`CommandError`] for everything but an exit with 0.
    async fn run(
        &self,
        command: &Command,
        environment: &BTreeMap<String, String>,
        limit: Duration,
        cancel: &CancellationToken,
        line: LineSink<'_>,
        started: StartSink<'_>,
    ) -> Result<(), CommandError>;

    /// Finds what is certain to keep `command` from starting, without starting it: a program that is not
    /// there or can't be executed, and texts that no program can be given.
    ///
    /// # Errors
    /// The [`CommandError`] that a run would end with at once.
    fn check(&self, command: &Command) -> Result<(), CommandError>;

    /// Whether any of these processes, which another run started on this machine, still lives. Where
    /// that can't be told, it is taken for ended.
    fn lives(&self, group: &ProcessGroup) -> bool;
}

impl CommandError {
    /// Whether it is about a program's file, which something that runs before could make.
    pub(crate) fn is_about_a_file(&self) -> bool {
        matches!(self, Self::NotFound | Self::NoInterpreter | Self::NotExecutable)
    }
}

/// How a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// There is no such program.
    #[error(
        "there is no such program; a name is looked up in PATH, and a path leads from the folder \
         that the deploy was started in"
    )]
    NotFound,
    /// The program is there, and the interpreter is not that its first line names.
    #[error("the interpreter that its first line names was not found")]
    NoInterpreter,
    /// The file is there, but may not be executed or is no program.
    #[error("it is not executable; it lacks the permission (`chmod +x`), or is no program")]
    NotExecutable,
    /// A NUL, which ends a text for the system, is in its name or an argument.
    #[error("its name or an argument has a NUL character in it, which no program can be given")]
    Nul,
    /// An argument is too long for the system.
    #[error(
        "an argument has {length} bytes, and the system takes {most} at most: pass a file instead"
    )]
    LongArgument {
        /// How long it is.
        length: usize,
        /// The most that the system takes.
        most: usize,
    },
    /// The arguments are too long together.
    #[error(
        "its arguments and the environment have {length} bytes together, and the system takes {most} at \
         most: pass a file instead"
    )]
    LongArguments {
        /// How long they are, and the environment that it inherits.
        length: usize,
        /// The most that the system takes.
        most: usize,
    },
    /// The system refused to start it, or to tell how it goes.
    #[error("it could not be run")]
    Spawn(#[source] io::Error),
    /// It ended with an exit code other than 0.
    #[error("it exited with code {0}")]
    Exit(i32),
    /// It died of a signal, by its number.
    #[error("it was killed by signal {0}")]
    Signal(i32),
    /// It was still there at the limit.
    #[error("it did not end within {limit:?} (CommandTimeout) and was ended")]
    TimedOut {
        /// The limit that it was given.
        limit: Duration,
    },
    /// It had ended, and a process that it left behind held its output at the limit.
    #[error(
        "it ended, and a process that it left behind kept its output open for {limit:?} \
         (CommandTimeout) and was ended; start such a process with its output elsewhere"
    )]
    LeftBehind {
        /// The limit that it was given.
        limit: Duration,
    },
    /// It was ended by SIGINT: the user's Ctrl-C, which reached the command in our place.
    #[error("it was interrupted")]
    Interrupted,
    /// It was ended because the caller cancelled.
    #[error("it was cancelled")]
    Cancelled,
}
