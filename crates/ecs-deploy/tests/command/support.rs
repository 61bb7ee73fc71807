//! What the tests of commands share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use ecs_deploy::command::{Command, CommandError, Commands, Processes};
use tokio_util::sync::CancellationToken;

/// Longer than any test takes: who needs it hangs.
pub(crate) const AMPLE: Duration = Duration::from_secs(60);

/// A shell that runs `script`.
pub(crate) fn sh(script: &str) -> Command {
    command("sh", &["-c", script])
}

pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
    Command { program: program.to_owned(), arguments }
}

/// Collects lines.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Lines {
    pub(crate) fn add(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }

    pub(crate) fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Runs `command` with ample time, to its result and its lines.
pub(crate) async fn run(command: &Command) -> (Result<(), CommandError>, Vec<String>) {
    run_for(AMPLE, command, &CancellationToken::new()).await
}

/// Runs `command` with this limit, to its result and its lines.
pub(crate) async fn run_for(
    limit: Duration,
    command: &Command,
    cancel: &CancellationToken,
) -> (Result<(), CommandError>, Vec<String>) {
    let lines = Lines::default();
    let line = |text: &str| lines.add(text);
    let result = Processes.run(command, &BTreeMap::new(), limit, cancel, &line, &|_| {}).await;
    (result, lines.taken())
}

/// Waits until `path` exists.
pub(crate) async fn exists(path: &Path) {
    until(|| path.exists()).await;
}

/// Waits until `condition` holds, and fails when it does not come true.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(AMPLE, wait).await.expect("it never came true");
}

/// Whether a process runs: one that only waits for its parent to notice its end does not.
pub(crate) fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(PathBuf::from("/proc").join(pid).join("stat"));
    // The state follows the name, which stands in parentheses and may hold any character.
    let state = stat.as_deref().ok().and_then(|stat| stat.rsplit_once(") ")?.1.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}
