//! The command lines that only look: `status`, `lock status`, and the program `ecs-app-status`.

use std::time::Duration;

use ecs_deploy::plan::Allowances;
use ecs_deploy::{CommandPolicy, Mode};

use super::{Asked, UsageError, Verb, require, wants_help};
use crate::flags::{self, Flag, Given, Kind};
use crate::help;

/// What is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) config: String,
    pub(crate) app: String,
    /// The only environment; else all.
    pub(crate) env: Option<String>,
}

/// How a look is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

/// The flags of `status` and `lock status`.
pub(super) const FLAGS: &[Flag] = &[
    Flag { name: "config", kind: Kind::Text },
    Flag { name: "app", kind: Kind::Text },
    Flag { name: "env", kind: Kind::Text },
    OUTPUT,
    Flag { name: "h", kind: Kind::Switch },
    Flag { name: "help", kind: Kind::Switch },
];

/// The flag that asks for JSON.
pub(super) const OUTPUT: Flag = Flag { name: "output", kind: Kind::Text };

/// The flags of `ecs-app-status`.
const ORIGINAL_FLAGS: &[Flag] = &[
    Flag { name: "config", kind: Kind::Text },
    Flag { name: "app", kind: Kind::Text },
    Flag { name: "h", kind: Kind::Switch },
    Flag { name: "help", kind: Kind::Switch },
];

/// Reads what follows `status`.
pub(super) fn status(arguments: &[String]) -> Result<Verb, UsageError> {
    let given = flags::read(arguments, FLAGS, &[])?;
    if wants_help(&given) {
        return Ok(Verb::Help(help::STATUS));
    }
    require(&given, &["config", "app"])?;
    Ok(Verb::Status(look(&given, given.text("env")), output(&given)?))
}

/// Reads what follows `lock`.
pub(super) fn lock(arguments: &[String]) -> Result<Verb, UsageError> {
    let Some((verb, arguments)) = arguments.split_first().filter(|(verb, _)| *verb == "status")
    else {
        return Err(UsageError::LockWhat);
    };
    let given = flags::read(arguments, FLAGS, &[verb])?;
    if wants_help(&given) {
        return Ok(Verb::Help(help::STATUS));
    }
    require(&given, &["config", "app", "env"])?;
    Ok(Verb::LockStatus(look(&given, given.text("env")), output(&given)?))
}

/// Reads the arguments of `ecs-app-status`.
pub(super) fn original(arguments: &[String]) -> Result<Verb, UsageError> {
    let given = flags::read(arguments, ORIGINAL_FLAGS, &[])?;
    if wants_help(&given) {
        return Ok(Verb::Help(help::STATUS));
    }
    require(&given, &["config", "app"])?;
    Ok(Verb::OriginalStatus(look(&given, None)))
}

fn look(given: &Given, env: Option<String>) -> Look {
    let text = |name| given.text(name).unwrap_or_default();
    Look { config: text("config"), app: text("app"), env }
}

/// How the output is asked for.
pub(super) fn output(given: &Given) -> Result<Output, UsageError> {
    match given.text("output").as_deref() {
        None | Some("text") => Ok(Output::Text),
        Some("json") => Ok(Output::Json),
        Some(other) => Err(UsageError::Output(other.to_owned())),
    }
}

impl Look {
    /// A deploy of what is looked at.
    pub(crate) fn asked(&self, environment: &str) -> Asked {
        Asked {
            config: Some(self.config.clone()),
            app: Some(self.app.clone()),
            env: Some(environment.to_owned()),
            wanted: None,
            config_sha: None,
            mode: Mode::Fresh,
            commands: CommandPolicy::Run,
            wait: Duration::ZERO,
            allow: Allowances::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::args::read;

    fn parsed(line: &str) -> Result<Verb, UsageError> {
        read(line.split_whitespace().map(OsString::from))
    }

    fn told(line: &str) -> String {
        parsed(line).unwrap_err().to_string()
    }

    #[test]
    fn a_status_is_of_a_whole_app_unless_an_environment_is_named() {
        let Ok(Verb::Status(look, Output::Text)) = parsed("ecs-deploy status -config f -app a")
        else {
            panic!("no status")
        };
        assert_eq!(look.env, None);
        let narrowed = parsed("ecs-deploy status -config f -app a -env e -output json");
        let Ok(Verb::Status(look, Output::Json)) = narrowed else { panic!("no status") };
        assert_eq!(look.env.as_deref(), Some("e"));
    }

    #[test]
    fn a_lock_is_one_environments() {
        assert!(matches!(
            parsed("ecs-deploy lock status -config f -app a -env e"),
            Ok(Verb::LockStatus(_, Output::Text))
        ));
        assert_eq!(told("ecs-deploy lock status -config f -app a"), "-env is missing");
        assert_eq!(told("ecs-deploy lock"), "`lock` is followed by `status`");
        assert_eq!(told("ecs-deploy lock steal -env e"), "`lock` is followed by `status`");
    }

    #[test]
    fn a_program_called_ecs_app_status_has_that_programs_flags_alone() {
        for name in ["ecs-app-status", "/usr/local/bin/ecs-app-status"] {
            let parsed = parsed(&format!("{name} -config f --app=a"));
            assert!(matches!(parsed, Ok(Verb::OriginalStatus(_))), "{name}");
        }
        assert_eq!(told("ecs-app-status -config f -app a -env e"), "unknown flag -env");
        assert_eq!(told("ecs-app-status"), "-config and -app are missing");
    }

    #[test]
    fn an_output_is_text_or_json() {
        let told = told("ecs-deploy status -config f -app a -output yaml");
        assert_eq!(told, "-output takes text or json, not `yaml`");
    }
}
