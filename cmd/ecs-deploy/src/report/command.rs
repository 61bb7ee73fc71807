//! A command line to be pasted.

use std::fmt;
use std::time::Duration;

use dynamolock::GoDuration;
use ecs_deploy::names::EnvironmentName;
use ecs_deploy::plan::{Allowances, Wanted};
use ecs_deploy::{CommandPolicy, Mode};

use crate::args::Asked;

/// The command line that was given, and its relatives.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    asked: Asked,
    verb: Option<&'static str>,
}

impl Command {
    /// The deploy that was asked for.
    pub(crate) fn new(asked: &Asked) -> Self {
        Self { asked: asked.clone(), verb: None }
    }

    /// The same.
    pub(crate) fn again(&self) -> Self {
        self.clone()
    }

    /// The same, with another treatment of the deploy before it.
    pub(crate) fn with(&self, mode: Mode) -> Self {
        Self { asked: Asked { mode, ..self.asked.clone() }, ..self.clone() }
    }

    /// The same, with at least this much time for a deploy that is under way.
    pub(crate) fn waiting(&self, wait: Duration) -> Self {
        let wait = self.asked.wait.max(wait);
        Self { asked: Asked { wait, ..self.asked.clone() }, ..self.clone() }
    }

    /// The same deploy to another environment.
    pub(crate) fn to(&self, environment: &EnvironmentName) -> Self {
        let env = Some(environment.to_string());
        Self { asked: Asked { env, ..self.asked.clone() }, ..self.clone() }
    }

    /// The rollback of it.
    pub(crate) fn roll_back(&self) -> Self {
        let allow = Allowances::default();
        let asked = Asked { wanted: None, config_sha: None, allow, ..self.asked.clone() };
        Self { verb: Some("rollback"), asked }.with(Mode::Fresh)
    }

    /// The deploy of a version in its place.
    pub(crate) fn deploy_of(&self, wanted: Wanted) -> Self {
        Self { verb: None, ..self.of(wanted) }
    }

    /// The same without the commands before and after the swap.
    pub(crate) fn without_commands(&self) -> Self {
        Self {
            asked: Asked { commands: CommandPolicy::Skip, ..self.asked.clone() },
            ..self.clone()
        }
    }

    /// The same with another version.
    pub(crate) fn of(&self, wanted: Wanted) -> Self {
        Self { asked: Asked { wanted: Some(wanted), ..self.asked.clone() }, ..self.clone() }
    }

    /// The look at its app.
    pub(crate) fn status(&self) -> Self {
        self.look("status")
    }

    /// The look at its lock.
    pub(crate) fn lock_status(&self) -> Self {
        self.look("lock status")
    }

    /// A look asks for a place alone.
    fn look(&self, verb: &'static str) -> Self {
        let Asked { config, app, env, .. } = self.asked.clone();
        let asked = Asked {
            config,
            app,
            env,
            wanted: None,
            config_sha: None,
            mode: Mode::Fresh,
            commands: CommandPolicy::Run,
            wait: Duration::ZERO,
            allow: Allowances::default(),
        };
        Self { asked, verb: Some(verb) }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Asked { config, app, env, wanted, config_sha, mode, commands, wait, allow } =
            &self.asked;
        f.write_str("ecs-deploy")?;
        if let Some(verb) = self.verb {
            write!(f, " {verb}")?;
        }
        let (sha, image) = match wanted {
            Some(Wanted::Sha(sha)) => (Some(sha.clone()), None),
            Some(Wanted::Image(image)) => (None, Some(image.to_string())),
            None => (None, None),
        };
        let config_sha = config_sha.as_ref().map(ToString::to_string);
        for (flag, value) in [
            ("config", config),
            ("app", app),
            ("env", env),
            ("sha", &sha),
            ("image", &image),
            ("config-sha", &config_sha),
        ] {
            if let Some(value) = value {
                write!(f, " -{flag} {}", quoted(value))?;
            }
        }
        f.write_str(match mode {
            Mode::Fresh => "",
            Mode::Resume => " -resume",
            Mode::StartOver => " -start-over",
        })?;
        f.write_str(match commands {
            CommandPolicy::Run => "",
            CommandPolicy::Skip => " -skip-pre-post",
        })?;
        if let Some(digest) = &allow.rules {
            write!(f, " -accept-rules {digest}")?;
        }
        if allow.zero_tasks {
            f.write_str(" -allow-zero")?;
        }
        match GoDuration::try_from(*wait) {
            Ok(wait) if wait.as_nanos() > 0 => write!(f, " -wait {}", short(wait)),
            _ => Ok(()),
        }
    }
}

/// `15m` rather than `15m0s`.
fn short(wait: GoDuration) -> String {
    let text = wait.to_string();
    match text.strip_suffix("m0s") {
        Some(minutes) => format!("{minutes}m"),
        None => text,
    }
}

/// A word as a POSIX shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-./:@%+,=".contains(&b);
    if !word.is_empty() && word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted_whatever_its_values_hold() {
        let asked = Asked {
            config: Some("my deploy.json".into()),
            app: Some("shop".into()),
            env: Some("d'ev".into()),
            wanted: Some(Wanted::Sha("9e1d00a".into())),
            config_sha: Some("1a2b3c4d".parse().unwrap()),
            mode: Mode::Fresh,
            commands: CommandPolicy::Skip,
            wait: Duration::ZERO,
            allow: Allowances::default(),
        };
        let command = Command::new(&asked);
        assert_eq!(
            command.with(Mode::Resume).to_string(),
            r"ecs-deploy -config 'my deploy.json' -app shop -env 'd'\''ev' -sha 9e1d00a -config-sha 1a2b3c4d -resume -skip-pre-post"
        );
        let wanted = Some(Wanted::Image("r/shop:1".parse().unwrap()));
        let asked = Asked { wanted, config_sha: None, ..asked };
        assert_eq!(
            Command::new(&asked).to_string(),
            r"ecs-deploy -config 'my deploy.json' -app shop -env 'd'\''ev' -image r/shop:1 -skip-pre-post"
        );
        let waiting = command.waiting(Duration::from_secs(900));
        assert!(waiting.to_string().ends_with(" -skip-pre-post -wait 15m"), "{waiting}");
        let place = r"-config 'my deploy.json' -app shop -env 'd'\''ev'";
        assert_eq!(waiting.status().to_string(), format!("ecs-deploy status {place}"));
        assert_eq!(waiting.lock_status().to_string(), format!("ecs-deploy lock status {place}"));
        let allow = Allowances { zero_tasks: true, rules: Some("0123456789ab".parse().unwrap()) };
        let allowed = Command::new(&Asked { allow, ..waiting.asked.clone() });
        let flags = " -accept-rules 0123456789ab -allow-zero -wait 15m";
        assert!(allowed.to_string().ends_with(flags), "{allowed}");
        assert!(!allowed.roll_back().to_string().contains("-allow-zero"), "{allowed}");
        let longer = waiting.waiting(Duration::from_secs(60));
        assert!(longer.to_string().ends_with(" -wait 15m"), "{longer}");
        assert_eq!(
            command.with(Mode::Resume).lock_status().to_string(),
            r"ecs-deploy lock status -config 'my deploy.json' -app shop -env 'd'\''ev'"
        );
    }
}
