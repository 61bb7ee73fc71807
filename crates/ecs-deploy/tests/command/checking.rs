//! The check of a command that can't start reports the same error as running it, and starts nothing.

use std::mem::discriminant;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ecs_deploy::command::{Command, CommandError, Commands as _, Processes};

use crate::support::{command, run, sh};

/// Asserts that a check and a run both end with such an error.
async fn assert_both(command: &Command, expected: &CommandError) {
    let checked = Processes.check(command).expect_err("it can't start");
    assert_eq!(discriminant(&checked), discriminant(expected), "{checked:?}");
    let ran = run(command).await.0.expect_err("it can't start");
    assert_eq!(discriminant(&ran), discriminant(expected), "{ran:?}");
}

/// A file that a shell writes: one that this process has just written itself can be busy, as other tests
/// fork.
async fn file(folder: &Path, name: &str, text: &str, mode: u32) -> String {
    let path = folder.join(name);
    run(&sh(&format!("printf '{text}' > {}", path.display()))).await.0.unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_can_start_passes_and_nothing_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let touch = sh(&format!("touch {}", mark.display()));
    Processes.check(&touch).unwrap();
    assert!(!mark.exists());
    Processes.check(&command("/bin/sh", &["-c", "exit 7"])).unwrap();
    let script = file(folder.path(), "script", "#!/bin/sh -e\\nexit 0\\n", 0o755).await;
    let script = command(&script, &[]);
    Processes.check(&script).unwrap();
    run(&script).await.0.unwrap();
}

#[tokio::test]
async fn a_program_that_is_not_there_is_told() {
    for program in ["no-such-program-anywhere", "./no/such/program", "/no/such/program"] {
        assert_both(&command(program, &[]), &CommandError::NotFound).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("/no/such/program", &link).unwrap();
    let checked = Processes.check(&command(link.to_str().unwrap(), &[]));
    assert!(matches!(checked, Err(CommandError::NotFound)), "{checked:?}");
}

#[tokio::test]
async fn a_file_that_may_not_be_executed_and_a_folder_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = file(folder.path(), "text", "no program", 0o644).await;
    for program in [&*text, folder.path().to_str().unwrap()] {
        assert_both(&command(program, &[]), &CommandError::NotExecutable).await;
    }
}

#[tokio::test]
async fn an_interpreter_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let script = file(folder.path(), "script", "#!/no/such/interpreter\\n", 0o755).await;
    assert_both(&command(&script, &[]), &CommandError::NoInterpreter).await;
    // A tool that the interpreter would look for is its own affair.
    let script = file(folder.path(), "other", "#!/usr/bin/env no-such-tool\\n", 0o755).await;
    Processes.check(&command(&script, &[])).unwrap();
}

#[tokio::test]
async fn a_text_that_no_program_can_be_given_is_told() {
    let nul = command("true", &["a\0b"]);
    assert!(matches!(Processes.check(&nul), Err(CommandError::Nul)));
    assert!(matches!(Processes.check(&command("tr\0ue", &[])), Err(CommandError::Nul)));
    run(&nul).await.0.expect_err("it can't start");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn arguments_are_as_long_as_the_system_takes_and_no_longer() {
    let longest = command("true", &[&"x".repeat((128 << 10) - 1)]);
    Processes.check(&longest).unwrap();
    run(&longest).await.0.unwrap();
    let longer = command("true", &[&"x".repeat(128 << 10)]);
    let checked = Processes.check(&longer);
    assert!(matches!(checked, Err(CommandError::LongArgument { .. })), "{checked:?}");
    run(&longer).await.0.expect_err("it can't start");
    let part = "x".repeat(100 << 10);
    let many = command("true", &[&*part; 61]);
    let checked = Processes.check(&many);
    assert!(matches!(checked, Err(CommandError::LongArguments { .. })), "{checked:?}");
    run(&many).await.0.expect_err("it can't start");
}
