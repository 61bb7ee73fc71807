//! What can be wrong with a config file, and where.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::command::CommandError;
use crate::names::InvalidName;

/// A position in a config file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The members that lead there, such as `Apps.shop.Environments.dev.CPU`; empty at the top.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// Something in a config file that is legal and yet likely a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The file it is in.
    pub file: Arc<str>,
    /// The member it is about.
    pub place: Place,
    /// What is odd there.
    pub oddity: Oddity,
}

/// What is odd about a member.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// No member has this name, so it has no effect.
    UnknownMember {
        /// The member with the most similar name, if one is near.
        did_you_mean: Option<String>,
    },
    /// The member stands there more than once: the last one counts, and objects are merged.
    Repeated,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_position(f, &self.file, Some(&self.place))?;
        match &self.oddity {
            Oddity::UnknownMember { did_you_mean } => {
                f.write_str("unknown member, ignored")?;
                write_suggestion(f, did_you_mean.as_deref())
            }
            Oddity::Repeated => f.write_str("repeated, the last one counts"),
        }
    }
}

/// A config file that can't be used.
#[derive(Debug)]
#[non_exhaustive]
pub struct ConfigError {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// Where in the file, if the problem has a place.
    pub place: Option<Place>,
    /// What is wrong.
    pub problem: Box<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_position(f, &self.file, self.place.as_ref())?;
        self.problem.fmt(f)
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.problem.source()
    }
}

/// What is wrong with a config file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// There is no such file.
    #[error("there is no such file{}", in_folder(folder.as_deref()))]
    Absent {
        /// The folder that a relative path was looked for in.
        folder: Option<PathBuf>,
    },
    /// The file can't be read.
    #[error("can't be read")]
    Unreadable(#[source] std::io::Error),
    /// The path leads to a folder.
    #[error("is a folder, and a file is expected")]
    Folder,
    /// The file is far larger than any config.
    #[error("is larger than {limit} MiB, which no config is: is it another file?")]
    TooLarge {
        /// The largest size that is read, in MiB.
        limit: u64,
    },
    /// The file holds bytes that are no text.
    #[error("is not UTF-8 text")]
    NotText,
    /// The text is no JSON.
    #[error("{0}")]
    Syntax(String),
    /// A value of another type was expected.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type, with its article.
        expected: &'static str,
        /// The value or its type.
        found: String,
    },
    /// A member that must be there is absent, `null` or empty.
    #[error("`{member}` is missing")]
    Missing {
        /// The member's name.
        member: &'static str,
    },
    /// A member that a later version will know; ignoring it could drop a safety setting.
    #[error("not supported yet by this version; remove it, or deploy with a version that has it")]
    Unsupported,
    /// A member of an ECS call that something else decides.
    #[error("can't be set here: {instead}")]
    Elsewhere {
        /// What decides it.
        instead: &'static str,
    },
    /// A name breaks its rule.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// A name that the file doesn't hold.
    #[error("there is no {what} `{name}`{}", choices(known, did_you_mean.as_deref()))]
    Unknown {
        /// What was looked for: an app or an environment.
        what: &'static str,
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
        /// The most similar of them, if one is near.
        did_you_mean: Option<String>,
    },
    /// A template can't be understood, or names what doesn't exist.
    #[error("{0}")]
    Template(String),
    /// A command is certain not to start.
    #[error("{phase} command {number} (`{program}`) would not start")]
    Command {
        /// `pre-deploy` or `post-deploy`.
        phase: &'static str,
        /// Which one, from 1.
        number: usize,
        /// The program, without characters that can't be seen.
        program: String,
        /// Why.
        source: CommandError,
    },
    /// AWS is certain to refuse a call with it.
    #[error("AWS would refuse it: {0}")]
    RefusedByAws(String),
    /// The value is of the right type and yet can't be deployed.
    #[error("{0}")]
    Unusable(String),
}

impl Problem {
    pub(super) fn unknown(what: &'static str, name: &str, known: &[&str]) -> Self {
        Self::Unknown {
            what,
            name: name.to_owned(),
            did_you_mean: nearest(name, known.iter().copied()),
            known: known.iter().map(|known| (*known).to_owned()).collect(),
        }
    }
}

fn in_folder(folder: Option<&Path>) -> String {
    folder.map(|folder| format!(" in {}", folder.display())).unwrap_or_default()
}

fn choices(known: &[String], did_you_mean: Option<&str>) -> String {
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let suggestion = did_you_mean.map(|name| format!("; did you mean `{name}`?"));
    match known[..] {
        [] => String::from(": the config names none"),
        [_] => format!(": the only one is {}", known[0]),
        _ => format!(": known are {}{}", known.join(", "), suggestion.unwrap_or_default()),
    }
}

fn write_suggestion(f: &mut fmt::Formatter<'_>, name: Option<&str>) -> fmt::Result {
    match name {
        Some(name) => write!(f, "; did you mean `{name}`?"),
        None => Ok(()),
    }
}

fn write_position(f: &mut fmt::Formatter<'_>, file: &str, place: Option<&Place>) -> fmt::Result {
    write!(f, "{file}:")?;
    if let Some(place) = place {
        write!(f, "{}:{}:", place.line, place.column)?;
        if !place.path.is_empty() {
            write!(f, " {}:", place.path)?;
        }
    }
    f.write_str(" ")
}

/// The known name that `name` is likely a slip of.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let folded = name.to_ascii_lowercase();
    known
        .map(|other| (strsim::damerau_levenshtein(&folded, &other.to_ascii_lowercase()), other))
        .filter(|(distance, other)| *distance <= (other.len().max(name.len()) / 3).max(1))
        .min()
        .map(|(_, other)| other.to_owned())
}
