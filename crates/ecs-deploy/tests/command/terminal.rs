//! Commands at a terminal. The outer half of each test plays the user at a pseudo-terminal; the
//! inner half is this same program again, as the leader of a session at that terminal.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use ecs_deploy::command::{CommandError, Commands, Processes};
use nix::pty::openpty;
use nix::sys::termios::{LocalFlags, tcgetattr};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::{AMPLE, Lines, runs, sh, until};

/// What the user sees and types, and the program that runs before them.
struct Session {
    terminal: File,
    seen: String,
    program: Child,
}

impl Session {
    /// Starts the inner half of the test `name`.
    fn start(name: &str) -> Self {
        let pty = openpty(None, None).unwrap();
        let side = || Stdio::from(own(&pty.slave));
        let program = Command::new("setsid")
            .arg("--ctty")
            .arg(std::env::current_exe().unwrap())
            .args(["--ignored", "--nocapture", "--exact", &format!("terminal::inner::{name}")])
            .stdin(side())
            .stdout(side())
            .stderr(side())
            .spawn()
            .unwrap();
        Self { terminal: File::from(own(&pty.master)), seen: String::new(), program }
    }

    fn types(&mut self, text: &str) {
        self.terminal.write_all(text.as_bytes()).unwrap();
    }

    /// Reads on until `text` was shown.
    fn sees(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let mut chunk = [0; 1024];
            // A terminal that nobody holds any more ends with an error.
            let length = self.terminal.read(&mut chunk).unwrap_or(0);
            assert!(length > 0, "{text:?} is missing in {:?}", self.seen);
            self.seen.push_str(&String::from_utf8_lossy(&chunk[..length]));
        }
    }

    /// The program reads a line itself, which only the foreground may do, and ends well.
    fn gets_the_terminal_back(mut self) {
        // What was typed before could be lost: a Ctrl-C discards it.
        self.sees("<your turn>");
        self.types("mine\n");
        self.sees("<ours mine>");
        self.sees("test result: ok. 1 passed");
        assert!(self.program.wait().unwrap().success());
    }
}

/// A copy that is not left to children by chance.
fn own(file: &OwnedFd) -> OwnedFd {
    file.try_clone().unwrap()
}

#[test]
fn a_command_that_reads_the_terminal_is_lent_it() {
    let mut session = Session::start("reads");
    session.types("one\n");
    session.sees("<got one>");
    session.gets_the_terminal_back();
}

#[test]
fn a_ctrl_c_that_kills_the_reader_of_the_terminal_is_an_interrupt() {
    for name in ["is_interrupted", "exits_when_interrupted"] {
        let mut session = Session::start(name);
        session.types("one\n");
        session.sees("<got one>");
        session.types("\x03");
        session.gets_the_terminal_back();
    }
}

#[test]
fn a_command_that_leaves_the_terminal_alone_leaves_ctrl_c_to_us() {
    let mut session = Session::start("leaves_ctrl_c_to_us");
    session.sees("<ready>");
    session.types("\x03");
    session.gets_the_terminal_back();
}

#[test]
fn a_command_at_the_terminal_cannot_be_suspended() {
    let mut session = Session::start("reads_twice");
    session.types("one\n");
    session.sees("<got one>");
    session.types("\x1a");
    session.sees("<resumed after one>");
    session.types("two\n");
    session.sees("<got two>");
    session.gets_the_terminal_back();
}

#[test]
fn the_terminal_is_put_right_after_a_command_that_died_at_a_password() {
    let mut session = Session::start("dies_at_a_password");
    session.types("secret\n");
    session.sees("<echo is on>");
    session.gets_the_terminal_back();
}

#[test]
fn dropping_the_run_takes_the_terminal_back() {
    let mut session = Session::start("is_dropped");
    session.types("one\n");
    session.sees("<got one>");
    session.gets_the_terminal_back();
}

/// The inner halves.
mod inner {
    use super::*;

    fn say(text: &str) {
        let mut terminal = std::io::stdout().lock();
        writeln!(terminal, "<{text}>").unwrap();
    }

    async fn run(script: &str, cancel: &CancellationToken) -> Result<(), CommandError> {
        Processes.run(&sh(script), &BTreeMap::new(), AMPLE, cancel, &say, &|_| {}).await
    }

    fn read_line() {
        say("your turn");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).unwrap();
        say(&format!("ours {}", line.trim_end()));
    }

    #[tokio::test]
    #[ignore = "needs the outer half's terminal"]
    async fn reads() {
        run("read a; echo got $a", &CancellationToken::new()).await.unwrap();
        read_line();
    }

    #[tokio::test]
    #[ignore = "needs the outer half's terminal"]
    async fn reads_twice() {
        let script = "trap 'echo resumed after $a' CONT; until read a; do :; done; echo got $a; \
                      until read b; do :; done; echo got $b";
        run(script, &CancellationToken::new()).await.unwrap();
        read_line();
    }

    #[tokio::test]
    #[ignore = "needs the outer half's terminal"]
    async fn is_interrupted() {
        let result = run("read a; echo got $a; read b", &CancellationToken::new()).await;
        assert!(matches!(result, Err(CommandError::Interrupted)), "{result:?}");
        read_line();
    }

    #[tokio::test]
    #[ignore = "needs the outer half's terminal"]
    async fn exits_when_interrupted() {
        let script = "trap 'exit 130' INT; read a; echo got $a; read b";
        let result = run(script, &CancellationToken::new()).await;
        assert!(matches!(result, Err(CommandError::Interrupted)), "{result:?}");
        read_line();
    }

    #[tokio::test]
    #[ignore = "needs the outer half's terminal"]
    async fn leaves_ctrl_c_to_us() {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupts = signal(SignalKind::interrupt()).unwrap();
        let cancel = CancellationToken::new();
        let user = async {
            interrupts.recv().await;
            cancel.cancel();
        };
        let (result, ()) = tokio::join!(run("echo ready; exec sleep 1000", &cancel), user);
        assert!(matches!(result, Err(CommandError::Cancelled)), "{result:?}");
        read_line();
    }

    #[tokio::test]
    #[ignore = "needs the outer half's terminal"]
    async fn dies_at_a_password() {
        let result = run("stty -echo; read a; kill -9 $$", &CancellationToken::new()).await;
        assert!(matches!(result, Err(CommandError::Signal(9))), "{result:?}");
        let modes = tcgetattr(std::io::stdin()).unwrap();
        say(if modes.local_flags.contains(LocalFlags::ECHO) { "echo is on" } else { "no echo" });
        read_line();
    }

    #[tokio::test]
    #[ignore = "needs the outer half's terminal"]
    async fn is_dropped() {
        let (lines, all) = (Lines::default(), Notify::new());
        let line = |text: &str| {
            say(text);
            lines.add(text);
            if text.starts_with("got") {
                all.notify_one();
            }
        };
        let (command, none) = (sh("echo $$; read a; echo got $a; read b"), BTreeMap::new());
        let never = CancellationToken::new();
        tokio::select! {
            result = Processes.run(&command, &none, AMPLE, &never, &line, &|_| {}) => panic!("{result:?}"),
            () = all.notified() => {}
        }
        // A process that is about to die may still take a first character.
        let pid = lines.taken().remove(0);
        until(|| !runs(&pid)).await;
        read_line();
    }
}
