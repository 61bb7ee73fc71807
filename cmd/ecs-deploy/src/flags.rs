//! Flags as Go's `flag` package reads them, over clap: one dash or two, `-x v` or `-x=v`, the last
//! repeat wins.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches, Command};

/// A flag that a verb takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flag {
    /// Its name, without dashes.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) kind: Kind,
}

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A value; an empty one counts as missing.
    Text,
    /// Nothing, or `=true` and `=false`.
    Switch,
}

/// Arguments that mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FlagError {
    #[error("unknown flag {given}{}", did_you_mean(suggestion.as_deref()))]
    Unknown { given: String, suggestion: Option<String> },
    #[error("`{given}` is not a flag{}", did_you_mean(suggestion.as_deref()))]
    Positional { given: String, suggestion: Option<String> },
    #[error("-{name} needs a value")]
    NoValue { name: &'static str },
    #[error("-{name} is on or off: `{value}` is neither true nor false")]
    NotASwitch { name: &'static str, value: String },
    #[error("the argument {0:?} is not UTF-8 text")]
    NotText(OsString),
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

/// The flags that were given.
#[derive(Debug)]
pub(crate) struct Given(ArgMatches);

impl Given {
    /// A flag's value.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.0.get_one::<String>(name).filter(|value| !value.is_empty()).cloned()
    }

    /// Whether a flag is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.0.get_one(name).copied().unwrap_or_default()
    }
}

/// Reads arguments that may be these flags and nothing else; `words` are what else might have been
/// meant by one.
pub(crate) fn read(
    arguments: &[String],
    flags: &'static [Flag],
    words: &[&str],
) -> Result<Given, FlagError> {
    command(flags)
        .try_get_matches_from(arguments.iter().map(|argument| two_dashes(argument)))
        .map(Given)
        .map_err(|error| told(&error, flags, words))
}

fn command(flags: &'static [Flag]) -> Command {
    let command = Command::new("ecs-deploy")
        .no_binary_name(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args_override_self(true);
    command.args(flags.iter().map(Flag::argument))
}

impl Flag {
    fn argument(&self) -> Arg {
        let argument = Arg::new(self.name).long(self.name);
        match self.kind {
            Kind::Text => argument.num_args(1),
            Kind::Switch => argument
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true")
                .value_parser(switch),
        }
    }
}

/// What Go takes with one dash, clap takes with two.
fn two_dashes(argument: &str) -> String {
    match argument.strip_prefix('-') {
        Some(name) if !name.is_empty() && !name.starts_with('-') => format!("--{name}"),
        _ => argument.to_owned(),
    }
}

/// The words that Go's `strconv.ParseBool` takes.
fn switch(value: &str) -> Result<bool, &'static str> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("neither true nor false"),
    }
}

/// What clap found, in our words.
fn told(error: &clap::Error, flags: &'static [Flag], words: &[&str]) -> FlagError {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let given = context(ContextKind::InvalidArg);
    let named = || flags.iter().filter(|flag| names(given, flag)).max_by_key(|it| it.name.len());
    match (error.kind(), named()) {
        (ErrorKind::ValueValidation, Some(flag)) => FlagError::NotASwitch {
            name: flag.name,
            value: context(ContextKind::InvalidValue).to_owned(),
        },
        (ErrorKind::UnknownArgument, _) | (_, None) => unknown(given, flags, words),
        (_, Some(flag)) => FlagError::NoValue { name: flag.name },
    }
}

/// Whether clap means this flag by `--name <name>` or `--name[=<name>]`.
fn names(given: &str, flag: &Flag) -> bool {
    let name = given.trim_start_matches('-').split([' ', '[', '=']).next();
    name == Some(flag.name)
}

fn unknown(argument: &str, flags: &[Flag], words: &[&str]) -> FlagError {
    let bare = argument.split('=').next().unwrap_or_default();
    let names = || flags.iter().map(|flag| flag.name);
    let flag = |name: &str| nearest(name, names()).map(|name| format!("-{name}"));
    match bare.strip_prefix("--") {
        Some(name) => FlagError::Unknown { given: format!("-{name}"), suggestion: flag(name) },
        None => {
            let verb = nearest(argument, words.iter().copied());
            let verb = verb.map(|verb| format!("`ecs-deploy {verb} …`, with the verb first"));
            FlagError::Positional { given: argument.to_owned(), suggestion: verb.or(flag(bare)) }
        }
    }
}

/// The name that `given` is likely a slip of.
fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = given.to_lowercase();
    names
        .map(|name| (strsim::damerau_levenshtein(&folded, name), name))
        .filter(|(distance, name)| *distance <= (name.len().max(given.len()) / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: &[Flag] = &[
        Flag { name: "config", kind: Kind::Text },
        Flag { name: "app", kind: Kind::Text },
        Flag { name: "resume", kind: Kind::Switch },
    ];

    fn given(line: &str) -> Result<Given, FlagError> {
        let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
        read(&arguments, FLAGS, &["plan"])
    }

    fn error(line: &str) -> String {
        given(line).unwrap_err().to_string()
    }

    #[test]
    fn one_dash_or_two_and_a_value_behind_a_blank_or_an_equals_sign() {
        for line in ["-config f", "--config f", "-config=f", "--config=f", "-config x -config f"] {
            assert_eq!(given(line).unwrap().text("config").as_deref(), Some("f"), "{line}");
        }
        assert_eq!(given("-app=-a=b").unwrap().text("app").as_deref(), Some("-a=b"));
    }

    #[test]
    fn an_empty_value_counts_as_missing() {
        assert_eq!(given("-app x -app=").unwrap().text("app"), None);
    }

    #[test]
    fn switches_take_the_words_that_go_takes() {
        for (line, is_on) in [
            ("-resume", true),
            ("--resume=0", false),
            ("-app x", false),
            ("-resume -resume=false", false),
            ("-resume=false -resume", true),
        ] {
            assert_eq!(given(line).unwrap().is_on("resume"), is_on, "{line}");
        }
        for (on, off) in [
            ("1", "0"),
            ("t", "f"),
            ("T", "F"),
            ("true", "false"),
            ("TRUE", "FALSE"),
            ("True", "False"),
        ] {
            assert!(given(&format!("-resume={on}")).unwrap().is_on("resume"), "{on}");
            assert!(!given(&format!("-resume={off}")).unwrap().is_on("resume"), "{off}");
        }
        assert_eq!(error("-resume=yes"), "-resume is on or off: `yes` is neither true nor false");
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_may_have_been_meant() {
        assert_eq!(error("-confg f"), "unknown flag -confg; did you mean -config?");
        assert_eq!(error("--zebra=1"), "unknown flag -zebra");
        assert_eq!(error("app shop"), "`app` is not a flag; did you mean -app?");
        assert_eq!(
            error("-app shop plan"),
            "`plan` is not a flag; did you mean `ecs-deploy plan …`, with the verb first?"
        );
        assert_eq!(error("-resume true"), "`true` is not a flag");
    }

    #[test]
    fn a_flag_in_the_place_of_a_value_is_not_taken_for_it() {
        assert_eq!(error("-app -resume"), "-app needs a value");
        assert_eq!(error("-app"), "-app needs a value");
    }
}
