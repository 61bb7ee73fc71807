//! A deploy that is watched on a terminal.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;

use nix::pty::{Winsize, openpty};
use nix::sys::signal::Signal;
use tokio::process::Command;

use crate::handover::ROLLOUT;
use crate::support::{Door, Running, SECOND, Sandbox, shell};

/// What a terminal is sent until nobody has it open any more.
fn read_all(mut terminal: File) -> String {
    let mut sent = Vec::new();
    // Linux ends a pseudo-terminal that nobody has open with an error.
    let _ = terminal.read_to_end(&mut sent);
    String::from_utf8(sent).unwrap()
}

/// Runs a command on a terminal to its end, which is good; gives what the terminal was sent.
async fn on_terminal(mut command: Command) -> String {
    let size = Winsize { ws_row: 50, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
    let terminal = openpty(&size, None).unwrap();
    let reader = std::thread::spawn(move || read_all(File::from(terminal.master)));
    command.env("TERM", "xterm-256color").stdin(Stdio::null());
    command.stdout(terminal.slave.try_clone().unwrap()).stderr(terminal.slave);
    let status = command.spawn().unwrap().wait().await.unwrap();
    drop(command);
    let sent = reader.join().unwrap();
    assert_eq!(status.code(), Some(0), "{sent}");
    sent
}

#[tokio::test]
async fn finished_steps_stay_and_the_one_at_work_moves() {
    let pre = shell("echo a line; sleep 1.5");
    let sandbox = Sandbox::with_commands(&[pre], &[]).await;
    let sent = on_terminal(sandbox.command(SECOND, &[])).await;
    let moving = sent.matches(" 2 pre       run the pre-deploy commands").count();
    assert!(moving > 3, "the step at work was drawn {moving} times:\n{sent}");
    for line in [
        "[sh] a line\r\n",
        " 2 pre       1 command  ",
        " 9 swap      blue serves, verified ",
        "done     shop:2b7f1c9 serves dev on blue",
        "Success!\r\n",
    ] {
        assert!(sent.contains(line), "no `{line}` in:\n{sent}");
    }
}

/// The seconds left of the lease, as they were drawn one after the other.
fn countdown(sent: &str) -> Vec<u32> {
    let draws = sent.split("waiting  for the lock, ").skip(1);
    let mut seconds: Vec<u32> = draws
        .filter_map(|draw| draw.split_once("s if its holder is dead, ")?.0.parse().ok())
        .collect();
    seconds.dedup();
    seconds
}

#[tokio::test]
async fn a_dead_deploys_lease_is_counted_down_beside_who_had_it() {
    let sandbox = Sandbox::start().await;
    let door = Door::before(sandbox.cloud.endpoint, ROLLOUT).await;
    let running = Running::start(sandbox.command_at(door.address, &[], SECOND, &[]));
    let held = door.held().await;
    running.signal(Signal::SIGKILL);
    drop(held);
    let sent = on_terminal(sandbox.command(SECOND, &["-resume"])).await;
    let seconds = countdown(&sent);
    assert!(seconds.len() > 3, "{seconds:?} in:\n{sent}");
    assert!(seconds.is_sorted_by(|before, after| before > after), "{seconds:?} in:\n{sent}");
    for words in [": another deploy has it: ", " since 20", ", deploying shop:2b7f1c9 (build 2)"] {
        assert!(sent.contains(words), "no `{words}` in:\n{sent}");
    }
}
