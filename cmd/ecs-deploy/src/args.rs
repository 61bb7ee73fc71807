//! From arguments to a verb.

mod look;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use dynamolock::GoDuration;
use ecs_deploy::names::{ConfigSha, InvalidName};
use ecs_deploy::plan::{Allowances, Request, Wanted};
use ecs_deploy::{CommandPolicy, Mode, Order};

use crate::exit::Exit;
use crate::flags::{self, Flag, FlagError, Given, Kind};
use crate::{deploy, help, lock_status, plan, rollback as way_back, sandbox, status};

pub(crate) use look::{Look, Output};

/// What the program is asked to do.
#[derive(Debug)]
pub(crate) enum Verb {
    Help(&'static str),
    Version,
    Deploy(Asked),
    Plan(Asked, Output),
    Rollback(Asked),
    Status(Look, Output),
    /// What `ecs-app-status` did.
    OriginalStatus(Look),
    LockStatus(Look, Output),
    /// A deploy on a sandbox of its own.
    Demo(Asked),
    ServeSandbox(Serve),
    /// What a task of the sandbox runs.
    DemoTask(SocketAddr),
}

/// What is to be deployed, in the words of the command line.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) config: Option<String>,
    pub(crate) app: Option<String>,
    pub(crate) env: Option<String>,
    pub(crate) wanted: Option<Wanted>,
    pub(crate) config_sha: Option<ConfigSha>,
    pub(crate) mode: Mode,
    pub(crate) commands: CommandPolicy,
    pub(crate) wait: Duration,
    pub(crate) allow: Allowances,
}

impl Asked {
    /// The order for what was asked, once it is known what that is.
    pub(crate) fn order(&self, request: Request) -> Order {
        let Self { mode, commands, wait, .. } = *self;
        Order { mode, commands, wait, ..Order::new(request) }
    }
}

/// How `sandbox serve` is to serve.
#[derive(Debug, Clone)]
pub(crate) struct Serve {
    pub(crate) config: String,
    pub(crate) listen: SocketAddr,
}

/// A command line that can't be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UsageError {
    #[error(transparent)]
    Flag(#[from] FlagError),
    #[error("{} missing", is_or_are(.0))]
    Missing(Vec<&'static str>),
    #[error("-resume goes on with a failed deploy and -start-over begins again: give one of them")]
    ResumeAndStartOver,
    #[error("-{0} has no effect on a plan")]
    NotWithPlan(&'static str),
    #[error("-sha deploys a build of ArtifactDB and -image an image without it: give one of them")]
    ShaAndImage,
    #[error(transparent)]
    Name(#[from] InvalidName),
    #[error("-wait takes a duration like 90s or 15m, not `{0}`")]
    Wait(String),
    #[error("-listen takes an address like 127.0.0.1:4566, not `{0}`")]
    Listen(String),
    #[error("-output takes text or json, not `{0}`")]
    Output(String),
    #[error("-output has no effect on a deploy: it is for plan, status and lock status")]
    NotWithDeploy,
    #[error("`lock` is followed by `status`")]
    LockWhat,
    #[error("`sandbox` is followed by `serve`")]
    SandboxWhat,
    #[error("{DEMO_TASK} takes the address to listen on")]
    DemoTask,
}

fn is_or_are(flags: &[&'static str]) -> String {
    let names: Vec<String> = flags.iter().map(|flag| format!("-{flag}")).collect();
    match &names[..] {
        [only] => format!("{only} is"),
        [most @ .., last] => format!("{} and {last} are", most.join(", ")),
        [] => String::from("nothing is"),
    }
}

/// The verb by which the sandbox starts this program as a task.
pub(crate) const DEMO_TASK: &str = "demo-web-program";

/// The name by which the program does what the original's `ecs-app-status` did.
const ORIGINAL_STATUS: &str = "ecs-app-status";

const VERBS: &[&str] = &["plan", "rollback", "status", "lock", "sandbox"];

const LISTEN: &str = "127.0.0.1:4566";

const DEPLOY_FLAGS: &[Flag] = &[
    Flag { name: "config", kind: Kind::Text },
    Flag { name: "app", kind: Kind::Text },
    Flag { name: "env", kind: Kind::Text },
    Flag { name: "sha", kind: Kind::Text },
    Flag { name: "image", kind: Kind::Text },
    Flag { name: "config-sha", kind: Kind::Text },
    Flag { name: "resume", kind: Kind::Switch },
    Flag { name: "start-over", kind: Kind::Switch },
    Flag { name: "skip-pre-post", kind: Kind::Switch },
    Flag { name: "wait", kind: Kind::Text },
    Flag { name: "accept-rules", kind: Kind::Text },
    Flag { name: "allow-zero", kind: Kind::Switch },
    Flag { name: "sandbox", kind: Kind::Switch },
    look::OUTPUT,
    Flag { name: "version", kind: Kind::Switch },
    Flag { name: "h", kind: Kind::Switch },
    Flag { name: "help", kind: Kind::Switch },
];

const ROLLBACK_FLAGS: &[Flag] = &[
    Flag { name: "config", kind: Kind::Text },
    Flag { name: "app", kind: Kind::Text },
    Flag { name: "env", kind: Kind::Text },
    Flag { name: "skip-pre-post", kind: Kind::Switch },
    Flag { name: "wait", kind: Kind::Text },
    Flag { name: "h", kind: Kind::Switch },
    Flag { name: "help", kind: Kind::Switch },
];

const SERVE_FLAGS: &[Flag] = &[
    Flag { name: "config", kind: Kind::Text },
    Flag { name: "listen", kind: Kind::Text },
    Flag { name: "h", kind: Kind::Switch },
    Flag { name: "help", kind: Kind::Switch },
];

/// Reads a command line, which begins with the program's name.
pub(crate) fn read(mut line: impl Iterator<Item = OsString>) -> Result<Verb, UsageError> {
    let name = line.next().unwrap_or_default();
    if Path::new(&name).file_name() == Some(ORIGINAL_STATUS.as_ref()) {
        return look::original(&texts(line)?);
    }
    parse(line)
}

fn texts(arguments: impl Iterator<Item = OsString>) -> Result<Vec<String>, FlagError> {
    arguments.map(|argument| argument.into_string().map_err(FlagError::NotText)).collect()
}

fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Verb, UsageError> {
    let arguments = texts(arguments)?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &words[..] {
        ["help"] => Ok(Verb::Help(help::DEPLOY)),
        ["plan", ..] => plan(&arguments[1..]),
        ["rollback", ..] => rollback(&arguments[1..]),
        ["status", ..] => look::status(&arguments[1..]),
        ["lock", ..] => look::lock(&arguments[1..]),
        ["sandbox", "serve", ..] => serve(&arguments[2..]),
        ["sandbox", "-h" | "--help" | "-help"] => Ok(Verb::Help(help::SERVE)),
        ["sandbox", ..] => Err(UsageError::SandboxWhat),
        [DEMO_TASK, address] => {
            Ok(Verb::DemoTask(address.parse().map_err(|_| UsageError::DemoTask)?))
        }
        [DEMO_TASK, ..] => Err(UsageError::DemoTask),
        _ => deploy(&arguments),
    }
}

fn deploy(arguments: &[String]) -> Result<Verb, UsageError> {
    let given = flags::read(arguments, DEPLOY_FLAGS, VERBS)?;
    if wants_help(&given) {
        return Ok(Verb::Help(help::DEPLOY));
    }
    if given.is_on("version") {
        return Ok(Verb::Version);
    }
    if given.text("output").is_some() {
        return Err(UsageError::NotWithDeploy);
    }
    let asked = asked(&given)?;
    if given.is_on("sandbox") {
        return Ok(Verb::Demo(asked));
    }
    require_target(&given)?;
    Ok(Verb::Deploy(asked))
}

fn plan(arguments: &[String]) -> Result<Verb, UsageError> {
    let given = flags::read(arguments, DEPLOY_FLAGS, VERBS)?;
    if wants_help(&given) {
        return Ok(Verb::Help(help::DEPLOY));
    }
    for flag in ["resume", "start-over", "sandbox"] {
        if given.is_on(flag) {
            return Err(UsageError::NotWithPlan(flag));
        }
    }
    if given.text("wait").is_some() {
        return Err(UsageError::NotWithPlan("wait"));
    }
    require_target(&given)?;
    Ok(Verb::Plan(asked(&given)?, look::output(&given)?))
}

fn rollback(arguments: &[String]) -> Result<Verb, UsageError> {
    let given = flags::read(arguments, ROLLBACK_FLAGS, VERBS)?;
    if wants_help(&given) {
        return Ok(Verb::Help(help::ROLLBACK));
    }
    require(&given, &["config", "app", "env"])?;
    Ok(Verb::Rollback(place(&given)?))
}

fn serve(arguments: &[String]) -> Result<Verb, UsageError> {
    let given = flags::read(arguments, SERVE_FLAGS, &[])?;
    if wants_help(&given) {
        return Ok(Verb::Help(help::SERVE));
    }
    require(&given, &["config"])?;
    let listen = given.text("listen").unwrap_or_else(|| LISTEN.to_owned());
    Ok(Verb::ServeSandbox(Serve {
        config: given.text("config").unwrap_or_default(),
        listen: listen.parse().map_err(|_| UsageError::Listen(listen))?,
    }))
}

fn wants_help(given: &Given) -> bool {
    given.is_on("h") || given.is_on("help")
}

fn require(given: &Given, flags: &[&'static str]) -> Result<(), UsageError> {
    let missing: Vec<_> = flags.iter().copied().filter(|flag| given.text(flag).is_none()).collect();
    if missing.is_empty() { Ok(()) } else { Err(UsageError::Missing(missing)) }
}

/// What a deploy can't do without. An image is for the few apps without ArtifactDB: where neither it
/// nor a SHA is given, the SHA is what was forgotten.
fn require_target(given: &Given) -> Result<(), UsageError> {
    match given.text("image") {
        Some(_) => require(given, &["config", "app", "env"]),
        None => require(given, &["config", "app", "env", "sha"]),
    }
}

fn asked(given: &Given) -> Result<Asked, UsageError> {
    Ok(Asked {
        wanted: wanted(given)?,
        config_sha: given.text("config-sha").map(|sha| sha.parse()).transpose()?,
        mode: mode(given)?,
        allow: Allowances {
            zero_tasks: given.is_on("allow-zero"),
            rules: given.text("accept-rules").map(|digest| digest.parse()).transpose()?,
        },
        ..place(given)?
    })
}

/// What a rollback is told too: where, and how.
fn place(given: &Given) -> Result<Asked, UsageError> {
    Ok(Asked {
        config: given.text("config"),
        app: given.text("app"),
        env: given.text("env"),
        wanted: None,
        config_sha: None,
        mode: Mode::Fresh,
        commands: match given.is_on("skip-pre-post") {
            true => CommandPolicy::Skip,
            false => CommandPolicy::Run,
        },
        wait: given.text("wait").map_or(Ok(Duration::ZERO), wait)?,
        allow: Allowances::default(),
    })
}

/// A duration as the config writes it too, such as `15m`; not a negative one.
fn wait(text: String) -> Result<Duration, UsageError> {
    match text.parse::<GoDuration>() {
        Ok(wait) if wait.as_nanos() >= 0 => Ok(wait.to_std()),
        _ => Err(UsageError::Wait(text)),
    }
}

fn wanted(given: &Given) -> Result<Option<Wanted>, UsageError> {
    Ok(match (given.text("sha"), given.text("image")) {
        (Some(_), Some(_)) => return Err(UsageError::ShaAndImage),
        (Some(sha), None) => Some(Wanted::Sha(sha)),
        (None, Some(image)) => Some(Wanted::Image(image.parse()?)),
        (None, None) => None,
    })
}

fn mode(given: &Given) -> Result<Mode, UsageError> {
    match (given.is_on("resume"), given.is_on("start-over")) {
        (true, true) => Err(UsageError::ResumeAndStartOver),
        (true, false) => Ok(Mode::Resume),
        (false, true) => Ok(Mode::StartOver),
        (false, false) => Ok(Mode::Fresh),
    }
}

impl Verb {
    /// Does it.
    pub(crate) fn run(self) -> Exit {
        match self {
            Self::Help(text) => crate::exit::print(text),
            Self::Version => crate::exit::print(help::VERSION),
            Self::Deploy(asked) => deploy::run(&asked),
            Self::Rollback(asked) => way_back::run(&asked),
            Self::Plan(asked, output) => plan::run(&asked, output),
            Self::Status(look, output) => status::run(&look, output),
            Self::OriginalStatus(look) => status::run_as_original(&look),
            Self::LockStatus(look, output) => lock_status::run(&look, output),
            Self::Demo(asked) => sandbox::demo(&asked),
            Self::ServeSandbox(serve) => sandbox::serve(&serve),
            Self::DemoTask(address) => sandbox::task(address),
        }
    }
}

#[cfg(test)]
mod tests;
