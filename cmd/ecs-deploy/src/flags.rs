//! Flags as Go's `flag` package reads them: one dash or two, `-x v` or `-x=v`, the last repeat wins.

use std::collections::BTreeMap;
use std::ffi::OsString;

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
#[derive(Debug, Default)]
pub(crate) struct Given {
    texts: BTreeMap<&'static str, String>,
    switches: BTreeMap<&'static str, bool>,
}

impl Given {
    /// A flag's value.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.texts.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// Whether a flag is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.switches.get(name).copied().unwrap_or_default()
    }
}

/// Reads arguments that may be these flags and nothing else; `words` are what else might have been
/// meant by one.
pub(crate) fn read(
    arguments: &[String],
    flags: &'static [Flag],
    words: &[&str],
) -> Result<Given, FlagError> {
    let mut given = Given::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let Some((name, value)) = split(argument) else {
            return Err(positional(argument, flags, words));
        };
        let Some(flag) = flags.iter().find(|flag| flag.name == name) else {
            return Err(unknown(argument, name, flags));
        };
        match flag.kind {
            Kind::Switch => drop(given.switches.insert(flag.name, switch(flag.name, value)?)),
            Kind::Text => {
                let value = value.map(str::to_owned).or_else(|| next_value(&mut rest));
                let value = value.ok_or(FlagError::NoValue { name: flag.name })?;
                given.texts.insert(flag.name, value);
            }
        }
    }
    Ok(given)
}

/// A flag's name, and its value if it bears one.
fn split(argument: &str) -> Option<(&str, Option<&str>)> {
    let body = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-'))?;
    if body.is_empty() || body.starts_with('-') {
        return None;
    }
    Some(body.split_once('=').map_or((body, None), |(name, value)| (name, Some(value))))
}

/// What follows a flag, unless that is a flag itself: a forgotten value is told apart, and a value
/// with a dash in front can be given as `-x=-v`.
fn next_value(rest: &mut std::slice::Iter<'_, String>) -> Option<String> {
    let next = rest.as_slice().first().filter(|next| !next.starts_with('-'))?;
    rest.next();
    Some(next.clone())
}

fn switch(name: &'static str, value: Option<&str>) -> Result<bool, FlagError> {
    match value {
        None | Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(true),
        Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(false),
        Some(value) => Err(FlagError::NotASwitch { name, value: value.to_owned() }),
    }
}

fn unknown(argument: &str, name: &str, flags: &[Flag]) -> FlagError {
    let given = argument.split('=').next().unwrap_or(argument).to_owned();
    let suggestion = nearest(name, flags.iter().map(|flag| flag.name));
    FlagError::Unknown { given, suggestion: suggestion.map(|name| format!("-{name}")) }
}

fn positional(argument: &str, flags: &[Flag], words: &[&str]) -> FlagError {
    let bare = argument.split('=').next().unwrap_or_default();
    let flag = nearest(bare, flags.iter().map(|flag| flag.name)).map(|name| format!("-{name}"));
    let word = nearest(argument, words.iter().copied());
    let word = word.map(|word| format!("`ecs-deploy {word} …`, with the verb first"));
    FlagError::Positional { given: argument.to_owned(), suggestion: word.or(flag) }
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
        for (line, is_on) in
            [("-resume", true), ("-resume=t", true), ("--resume=0", false), ("-app x", false)]
        {
            assert_eq!(given(line).unwrap().is_on("resume"), is_on, "{line}");
        }
        assert_eq!(error("-resume=yes"), "-resume is on or off: `yes` is neither true nor false");
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_may_have_been_meant() {
        assert_eq!(error("-confg f"), "unknown flag -confg; did you mean -config?");
        assert_eq!(error("--zebra=1"), "unknown flag --zebra");
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
