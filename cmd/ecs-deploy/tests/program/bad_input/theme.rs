//! One way after the other to get it wrong, each with a file that shows what its user sees.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::StreamExt;
use regex_lite::Regex;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::case::{Case, Stdout};
use crate::support::{Cloud, Sandbox, Tap, one_account, program};

/// How many cases run at once.
const AT_ONCE: usize = 4;

/// How long a case may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Cases of one kind: their files stand in one folder, and they share a sandbox.
pub(super) struct Theme {
    name: &'static str,
    folder: TempDir,
    sandbox: Option<Sandbox>,
    told: BTreeSet<String>,
    problems: Vec<String>,
    /// Texts of this run, and what stands for them.
    names: Vec<(String, &'static str)>,
}

/// What came of a case.
struct Told {
    name: &'static str,
    text: String,
    code: i32,
    expected: i32,
}

impl Theme {
    /// Cases that AWS has no part in.
    pub(super) fn without_aws(name: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("deploy.json"), one_account().to_string()).unwrap();
        Self {
            name,
            folder,
            sandbox: None,
            told: BTreeSet::new(),
            problems: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Cases on a sandbox.
    pub(super) async fn new(name: &'static str) -> Self {
        let sandbox = Some(Sandbox::start().await);
        Self { sandbox, ..Self::without_aws(name) }
    }

    pub(super) fn cloud(&self) -> &Cloud {
        &self.sandbox.as_ref().expect("a sandbox").cloud
    }

    /// Where the cases run.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Puts a file where the cases run.
    pub(super) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Puts a config there that differs from the usual one.
    pub(super) fn config(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let mut config = one_account();
        change(&mut config);
        self.file(name, serde_json::to_string_pretty(&config).unwrap());
    }

    /// Shows a text of this run under a name.
    pub(super) fn names(&mut self, text: &str, name: &'static str) {
        self.names.push((text.to_owned(), name));
    }

    /// Runs cases side by side.
    pub(super) async fn all(&mut self, cases: Vec<Case>) {
        let this = &*self;
        let run = |case| this.run(case);
        let told: Vec<Told> =
            futures_util::stream::iter(cases).map(run).buffer_unordered(AT_ONCE).collect().await;
        told.iter().for_each(|told| self.compare(told));
    }

    /// Runs one case.
    pub(super) async fn one(&mut self, case: Case) {
        let told = self.run(case).await;
        self.compare(&told);
    }

    async fn run(&self, case: Case) -> Told {
        let sandbox = self.sandbox.as_ref().map(|sandbox| sandbox.cloud.endpoint);
        let (name, shown, expected) = (case.name, case.shown(), case.code);
        let command = self.command(&case);
        let tap = Tap::before(sandbox, case.meddle).await;
        let ended = ended(command, &tap, &case.variables, &case.unset).await;
        let code = ended.status.code().expect("an exit code");
        let text = format!(
            "{shown}\nexit code {code}\ncalls that changed something: {}\n{}{}",
            tap.changes(),
            section("stderr", &ended.stderr),
            section("stdout", &ended.stdout),
        );
        Told { name, text: self.normal(&text, &tap), code, expected }
    }

    /// The program with its arguments and its output.
    fn command(&self, case: &Case) -> Command {
        let mut command = program();
        if case.stdout == Stdout::Closed {
            let program = command.as_std().get_program().to_owned();
            command = Command::new("sh");
            command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).kill_on_drop(true);
            command.args(["-c", r#"exec "$0" "$@" >&-"#]).arg(program);
        }
        command.stdout(match case.stdout {
            Stdout::Read | Stdout::Closed => Stdio::piped(),
            Stdout::Full => File::options().write(true).open("/dev/full").unwrap().into(),
            Stdout::NoReader => std::io::pipe().unwrap().1.into(),
        });
        command.current_dir(self.folder.path()).args(&case.arguments);
        command
    }

    /// The text without what differs from run to run.
    fn normal(&self, text: &str, tap: &Tap) -> String {
        let address = format!("http://{}", tap.address);
        let folder = self.folder.path().display().to_string();
        let mut text = text.replace(&folder, "FOLDER").replace(&address, "http://ENDPOINT");
        for (this, name) in &self.names {
            text = text.replace(this, name);
        }
        for (pattern, name) in patterns() {
            text = pattern.replace_all(&text, *name).into_owned();
        }
        folded(&text)
    }

    fn compare(&mut self, told: &Told) {
        let Told { name, text, code, expected } = told;
        assert!(self.told.insert(format!("{name}.txt")), "two cases are named {name}");
        if code != expected {
            self.problems.push(format!("{name} has to end with {expected}:\n{text}"));
        }
        let file = fixtures(self.name).join(format!("{name}.txt"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(fixtures(self.name)).unwrap();
            std::fs::write(&file, text).unwrap();
        }
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        if *text != known {
            let file = file.display();
            self.problems
                .push(format!("{file} (BLESS=1 rewrites it) is:\n{known}\nfound:\n{text}"));
        }
    }

    /// All has to have been as the files show it, and no file may be there that no case writes.
    pub(super) fn end(self) {
        assert!(self.problems.is_empty(), "{}", self.problems.join("\n"));
        let files = std::fs::read_dir(fixtures(self.name)).unwrap();
        let files: BTreeSet<String> =
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(files, self.told);
    }
}

fn fixtures(theme: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bad-input").join(theme)
}

/// What was printed; that it is text, whatever commands print, is one of the proofs.
fn section(name: &str, bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes).expect("text") {
        "" => String::new(),
        text => format!("--- {name} ---\n{text}"),
    }
}

async fn ended(
    mut command: Command,
    tap: &Tap,
    variables: &[(&'static str, String)],
    unset: &[&'static str],
) -> Output {
    command.env("AWS_ENDPOINT_URL", format!("http://{}", tap.address));
    command.envs(variables.iter().map(|(name, value)| (*name, value)));
    for name in unset {
        command.env_remove(name);
    }
    let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // The child has its own ends of pipes: a copy that stays here would keep them open.
    drop(command);
    let output = tokio::time::timeout(LIMIT, child.wait_with_output()).await;
    output.expect("an end in time").unwrap()
}

/// What differs from run to run, and what stands for it.
fn patterns() -> &'static [(Regex, &'static str)] {
    static PATTERNS: OnceLock<Vec<(Regex, &str)>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        [
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
            (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
            (r"ecs-svc/[0-9a-f]{6,}", "ecs-svc/ID"),
            (r"\b[\w.-]+@[\w.-]+ since TIME", "USER@HOST since TIME"),
            (r" +\d+\.\ds\b", " N.Ns"),
            (r"-accept-rules [0-9a-f]{12} leaves", "-accept-rules DIGEST leaves"),
            (r"for the lock, \d+s at most", "for the lock, Ns at most"),
        ]
        .map(|(pattern, name)| (Regex::new(pattern).unwrap(), name))
        .into()
    })
}

/// How often a step is told of that is not done yet depends on how long it takes.
fn is_progress(line: &str) -> bool {
    let step = line.strip_prefix("TIME ").and_then(|line| line.get(..2));
    step.is_some_and(|step| step.trim().parse::<u8>().is_ok()) && !line.ends_with(" N.Ns")
}

/// The text without progress, and with the repetitions of a line counted.
fn folded(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !is_progress(line)).collect();
    let shown = lines.chunk_by(|one, other| one == other).map(|same| match same {
        [line] => format!("{line}\n"),
        [line, ..] => format!("{line}   ({} times)\n", same.len()),
        [] => unreachable!("a chunk holds a line"),
    });
    shown.collect()
}
