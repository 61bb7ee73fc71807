//! The program at work.

use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(60);

/// A program that runs.
pub(crate) struct Running {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: Lines<BufReader<ChildStderr>>,
    /// What was read of its standard error.
    told: String,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        Self { child, stdout, stderr, told: String::new() }
    }

    /// The next line of its standard output.
    pub(crate) async fn line(&mut self) -> String {
        let line = tokio::time::timeout(LIMIT, self.stdout.next_line()).await;
        line.expect("a line in time").unwrap().expect("a line")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id().expect("it runs")).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
    }

    /// Presses Ctrl-C once, and comes back when it says that it has noticed.
    pub(crate) async fn interrupt(&mut self) {
        self.signal(Signal::SIGINT);
        let noticed = async {
            while !self.told.contains("stopping in order") {
                let line = self.stderr.next_line().await.unwrap();
                let Some(line) = line else { panic!("it ended without it:\n{}", self.told) };
                self.told.push_str(&line);
                self.told.push('\n');
            }
        };
        tokio::time::timeout(LIMIT, noticed).await.expect("it never noticed");
    }

    /// Waits for its end, which [`ended`](Self::ended) then tells.
    pub(crate) async fn over(&mut self) {
        self.child.wait().await.unwrap();
    }

    /// Waits for its end, from now.
    pub(crate) async fn ended(self) -> Ended {
        let started = Instant::now();
        let Self { mut child, stdout: out, stderr: err, told } = self;
        let (mut out, mut err) = (out.into_inner(), err.into_inner());
        let (mut stdout, mut stderr) = (String::new(), told);
        let (status, _, _) = tokio::time::timeout(LIMIT, async {
            tokio::join!(
                child.wait(),
                out.read_to_string(&mut stdout),
                err.read_to_string(&mut stderr)
            )
        })
        .await
        .expect("an end in time");
        Ended { code: status.unwrap().code(), stdout, stderr, took: started.elapsed() }
    }
}

impl Ended {
    /// It has to have ended with this exit code.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    /// It has to have told this.
    #[track_caller]
    pub(crate) fn telling(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "no `{words}` in:\n{}", self.stderr);
        self
    }
}
