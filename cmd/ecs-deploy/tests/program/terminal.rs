//! A deploy that is watched on a terminal.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;

use nix::pty::{Winsize, openpty};

use crate::support::{SECOND, Sandbox, shell};

/// What a terminal is sent until nobody has it open any more.
fn read_all(mut terminal: File) -> String {
    let mut sent = Vec::new();
    // Linux ends a pseudo-terminal that nobody has open with an error.
    let _ = terminal.read_to_end(&mut sent);
    String::from_utf8(sent).unwrap()
}

#[tokio::test]
async fn finished_steps_stay_and_the_one_at_work_moves() {
    let pre = shell("echo a line; sleep 1.5");
    let sandbox = Sandbox::with_commands(&[pre], &[]).await;
    let size = Winsize { ws_row: 50, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
    let terminal = openpty(&size, None).unwrap();
    let reader = std::thread::spawn(move || read_all(File::from(terminal.master)));
    let mut command = sandbox.command(SECOND, &[]);
    command.env("TERM", "xterm-256color").stdin(Stdio::null());
    command.stdout(terminal.slave.try_clone().unwrap()).stderr(terminal.slave);
    let status = command.spawn().unwrap().wait().await.unwrap();
    drop(command);
    assert_eq!(status.code(), Some(0));

    let sent = reader.join().unwrap();
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
