use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ecs_deploy::command::{CommandError, Commands, Processes};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::support::{AMPLE, Lines, command, run, sh};

#[tokio::test]
async fn lines_come_in_order_and_the_last_one_needs_no_end() {
    let (result, lines) = run(&sh(r"printf 'one\ntwo\n\nlast'")).await;
    result.unwrap();
    assert_eq!(lines, ["one", "two", "", "last"]);
}

#[tokio::test]
async fn both_outputs_are_shown_in_the_order_in_which_they_come() {
    let folder = tempfile::tempdir().unwrap();
    // Each line is written once the one before was seen.
    let wait = r#"seen() { while [ ! -e "$1" ]; do sleep 0.01; done; }"#;
    let script = format!("cd \"$0\"; {wait}; echo a; seen a; echo b >&2; seen b; echo c; seen c");
    let lines = Lines::default();
    let line = |text: &str| {
        lines.add(text);
        std::fs::write(folder.path().join(text), "").unwrap();
    };
    let command = command("sh", &["-c", &script, folder.path().to_str().unwrap()]);
    let never = CancellationToken::new();
    Processes.run(&command, &BTreeMap::new(), AMPLE, &never, &line, &|_| {}).await.unwrap();
    assert_eq!(lines.taken(), ["a", "b", "c"]);
}

#[tokio::test]
async fn bytes_that_are_no_text_do_not_hide_the_rest_of_a_line() {
    let (_, lines) = run(&sh(r"printf 'a\377b\n'")).await;
    assert_eq!(lines, ["a\u{FFFD}b"]);
}

#[tokio::test]
async fn arguments_pass_untouched() {
    let arguments = ["two words", "\"quo'tes\"", "a; exit 1", "$HOME", "*", "", "`id`", "\\"];
    let mut all = vec!["%s\\n"];
    all.extend(arguments);
    let (result, lines) = run(&command("printf", &all)).await;
    result.unwrap();
    assert_eq!(lines, arguments);
}

#[tokio::test]
async fn the_environment_is_ours_and_what_is_added() {
    let added = BTreeMap::from([("ADDED".to_owned(), "a b=c".to_owned())]);
    let lines = Lines::default();
    let line = |text: &str| lines.add(text);
    let command = sh(r#"echo "$ADDED"; echo "$PATH"; pwd -P"#);
    let never = CancellationToken::new();
    Processes.run(&command, &added, AMPLE, &never, &line, &|_| {}).await.unwrap();
    let folder = std::env::current_dir().unwrap().canonicalize().unwrap();
    let path = std::env::var("PATH").unwrap();
    assert_eq!(lines.taken(), ["a b=c", &path, folder.to_str().unwrap()]);
}

#[tokio::test]
async fn an_exit_code_is_told_after_all_lines_were_shown() {
    let (result, lines) = run(&sh("echo why >&2; exit 7")).await;
    assert!(matches!(result, Err(CommandError::Exit(7))), "{result:?}");
    assert_eq!(lines, ["why"]);
}

#[tokio::test]
async fn a_signal_is_told_by_its_number() {
    let (result, _) = run(&sh("kill -9 $$")).await;
    assert!(matches!(result, Err(CommandError::Signal(9))), "{result:?}");
    let (result, _) = run(&sh("kill -40 $$")).await;
    assert!(matches!(result, Err(CommandError::Signal(40))), "{result:?}");
}

#[tokio::test]
async fn a_death_by_sigint_is_an_interrupt() {
    let (result, _) = run(&sh("kill -INT $$")).await;
    assert!(matches!(result, Err(CommandError::Interrupted)), "{result:?}");
}

#[tokio::test]
async fn exit_code_130_of_a_command_without_the_terminal_is_its_own() {
    let (result, _) = run(&sh("exit 130")).await;
    assert!(matches!(result, Err(CommandError::Exit(130))), "{result:?}");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_not_found() {
    for program in ["no-such-program-anywhere", "./no/such/program"] {
        let (result, _) = run(&command(program, &[])).await;
        assert!(matches!(result, Err(CommandError::NotFound)), "{result:?}");
    }
}

#[tokio::test]
async fn a_program_whose_interpreter_is_not_there_is_told_apart_from_one_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program");
    let file = file.to_str().unwrap();
    // A file that this process itself has just written can be busy, as other tests fork.
    let script = format!("echo '#!/no/such/interpreter' > {file} && chmod +x {file}");
    run(&sh(&script)).await.0.unwrap();
    let (result, _) = run(&command(file, &[])).await;
    assert!(matches!(result, Err(CommandError::NoInterpreter)), "{result:?}");
}

#[tokio::test]
async fn a_file_that_is_no_program_is_not_executable() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let (result, _) = run(&command(file.path().to_str().unwrap(), &[])).await;
    assert!(matches!(result, Err(CommandError::NotExecutable)), "{result:?}");
}

/// The largest size that this process had in memory, in KiB.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_flood_without_line_ends_neither_fills_memory_nor_stops_the_clock() {
    const FLOOD: usize = 50_000_000;
    let (bytes, longest) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let line = |text: &str| {
        bytes.fetch_add(text.len(), Ordering::Relaxed);
        longest.fetch_max(text.len(), Ordering::Relaxed);
    };
    let command = sh(&format!("head -c {FLOOD} /dev/zero"));
    let (environment, never) = (BTreeMap::new(), CancellationToken::new());
    let before = peak_memory();
    let (mut ticks, mut last, mut pause) = (0, Instant::now(), Duration::ZERO);
    let heartbeat = async {
        loop {
            tokio::time::sleep(Duration::from_millis(1)).await;
            ticks += 1;
            pause = pause.max(last.elapsed());
            last = Instant::now();
        }
    };
    // In one task, as the heartbeat of the lock is.
    tokio::select! {
        result = Processes.run(&command, &environment, AMPLE, &never, &line, &|_| {}) => result.unwrap(),
        () = heartbeat => {}
    }
    assert_eq!(bytes.into_inner(), FLOOD);
    assert!(longest.into_inner() <= 64 * 1024);
    assert!(peak_memory() - before < 20_000, "{} KiB more", peak_memory() - before);
    assert!(ticks > 5 && pause < Duration::from_secs(1), "{ticks} ticks, {pause:?} apart");
}
