use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use ecs_deploy::command::{Command, CommandError, Commands, Processes};
use tokio_util::sync::CancellationToken;

use crate::support::{AMPLE, Lines, command, exists, run, run_for, runs, sh, until};

/// The time within which a cancelled command must be gone, with room for a slow machine.
const PROMPT: Duration = Duration::from_secs(5);

/// A shell that runs `script` in `folder`.
fn sh_in(folder: &Path, script: &str) -> Command {
    let script = format!("cd \"$0\"; {script}");
    command("sh", &["-c", &script, folder.to_str().unwrap()])
}

/// Runs `command` and cancels it once it made the file `ready` in `folder`.
async fn cancel_when_ready(
    folder: &Path,
    command: &Command,
) -> (Result<(), CommandError>, Vec<String>, Duration) {
    let cancel = CancellationToken::new();
    let cancelled = async {
        exists(&folder.join("ready")).await;
        cancel.cancel();
        Instant::now()
    };
    let ((result, lines), since) = tokio::join!(run_for(AMPLE, command, &cancel), cancelled);
    (result, lines, since.elapsed())
}

#[tokio::test]
async fn at_the_limit_the_command_and_all_that_it_started_are_gone() {
    let command = sh("sleep 1000 & echo $!; (sleep 1000 & echo $!; wait) & echo $$; wait");
    let limit = Duration::from_millis(500);
    let (result, pids) = run_for(limit, &command, &CancellationToken::new()).await;
    assert!(matches!(result, Err(CommandError::TimedOut { limit: told }) if told == limit));
    assert_eq!(pids.len(), 3);
    until(|| !pids.iter().any(|pid| runs(pid))).await;
}

#[tokio::test]
async fn the_limit_covers_processes_that_hold_the_output_after_the_command_ended() {
    let limit = Duration::from_millis(500);
    let (result, pids) =
        run_for(limit, &sh("sleep 1000 & echo $!"), &CancellationToken::new()).await;
    assert!(matches!(result, Err(CommandError::LeftBehind { .. })), "{result:?}");
    until(|| !runs(&pids[0])).await;
}

#[tokio::test]
async fn a_process_that_outlives_its_command_is_shown_to_its_end() {
    let (result, lines) = run(&sh("(sleep 0.2; echo late) & echo early")).await;
    result.unwrap();
    assert_eq!(lines, ["early", "late"]);
}

#[tokio::test]
async fn nothing_is_left_of_a_command_that_ended_well() {
    let (result, pids) = run(&sh("sleep 1000 >/dev/null 2>&1 & echo $!")).await;
    result.unwrap();
    until(|| !runs(&pids[0])).await;
}

#[tokio::test]
async fn a_process_that_left_the_group_with_the_output_does_not_outlast_the_limit() {
    let limit = Duration::from_millis(500);
    let since = Instant::now();
    let (result, pids) =
        run_for(limit, &sh("setsid sleep 1000 & echo $!"), &CancellationToken::new()).await;
    assert!(matches!(result, Err(CommandError::LeftBehind { .. })), "{result:?}");
    assert!(since.elapsed() < limit + PROMPT);
    run(&command("kill", &[&pids[0]])).await.0.unwrap();
}

#[tokio::test]
async fn a_cancelled_command_may_say_a_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap 'echo goodbye; printf last; exit 0' TERM; sleep 1000 & >ready; wait";
    let (result, lines, _) = cancel_when_ready(folder.path(), &sh_in(folder.path(), script)).await;
    assert!(matches!(result, Err(CommandError::Cancelled)), "{result:?}");
    assert_eq!(lines, ["goodbye", "last"]);
}

#[tokio::test]
async fn a_process_without_the_output_may_end_politely_too() {
    let folder = tempfile::tempdir().unwrap();
    let script = "(trap 'sleep 0.3; >tidied; exit' TERM; >ready; while :; do sleep 0.01; done) \
                  >/dev/null 2>&1 & wait";
    let (result, _, _) = cancel_when_ready(folder.path(), &sh_in(folder.path(), script)).await;
    assert!(matches!(result, Err(CommandError::Cancelled)), "{result:?}");
    assert!(folder.path().join("tidied").exists());
}

#[tokio::test]
async fn a_cancelled_command_that_does_not_follow_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap '' TERM; echo $$; >ready; while :; do sleep 0.01; done";
    let (result, pids, took) =
        cancel_when_ready(folder.path(), &sh_in(folder.path(), script)).await;
    assert!(matches!(result, Err(CommandError::Cancelled)), "{result:?}");
    assert!(took < PROMPT, "{took:?}");
    until(|| !runs(&pids[0])).await;
}

#[tokio::test]
async fn a_command_that_follows_is_not_waited_for_any_longer() {
    let folder = tempfile::tempdir().unwrap();
    let command = sh_in(folder.path(), ">ready; exec sleep 1000");
    let (_, _, took) = cancel_when_ready(folder.path(), &command).await;
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn a_stopped_command_is_woken_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap 'echo goodbye; exit' TERM; >ready; kill -STOP $$";
    let (result, lines, _) = cancel_when_ready(folder.path(), &sh_in(folder.path(), script)).await;
    assert!(matches!(result, Err(CommandError::Cancelled)), "{result:?}");
    assert_eq!(lines, ["goodbye"]);
}

#[tokio::test]
async fn an_interrupt_is_not_kept_waiting_by_what_the_command_leaves_behind() {
    let (result, pids) = run(&sh("sleep 1000 & echo $!; kill -INT $$")).await;
    assert!(matches!(result, Err(CommandError::Interrupted)), "{result:?}");
    until(|| !runs(&pids[0])).await;
}

#[tokio::test]
async fn nothing_starts_once_it_was_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let (result, _) = run_for(AMPLE, &sh_in(folder.path(), ">ready"), &cancel).await;
    assert!(matches!(result, Err(CommandError::Cancelled)), "{result:?}");
    assert!(!folder.path().join("ready").exists());
}

#[tokio::test]
async fn dropping_the_run_kills_the_whole_group() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap '' TERM; sleep 1000 & echo $!; echo $$; >ready; wait";
    let lines = Lines::default();
    let line = |text: &str| lines.add(text);
    let (command, none) = (sh_in(folder.path(), script), BTreeMap::new());
    let never = CancellationToken::new();
    let ready = async {
        exists(&folder.path().join("ready")).await;
        // The lines were written before, and are read by the run that is polled beside.
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    tokio::select! {
        result = Processes.run(&command, &none, AMPLE, &never, &line, &|_| {}) => panic!("{result:?}"),
        () = ready => {}
    }
    let pids = lines.taken();
    assert_eq!(pids.len(), 2);
    until(|| !pids.iter().any(|pid| runs(pid))).await;
}
