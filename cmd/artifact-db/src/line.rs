//! From the command line to an order.

use std::ffi::OsString;

use clap::error::ContextKind;
use clap::{CommandFactory, Parser};
use ecs_deploy::names::{InvalidName, Region};
use ecs_deploy_aws::ARTIFACT_TABLE;

use crate::create::Create;
use crate::flags::Flags;
use crate::get::Get;
use crate::latest::Latest;
use crate::order::{Order, Place, Work};
use crate::tag_rm::RemoveTag;
use crate::tag_set::SetTag;

const COMMANDS: &str = "\
Commands:
  latest   print the highest build that has all the tags; an empty tag may be missing
  get      print one build
  create   store an artifact under the project's next number
  tag set  set one tag of a build
  tag rm   remove one tag of a build

  artifact-db latest -p PROJECT [-t JSON] [-j]
  artifact-db get -p PROJECT -b BUILD [-j]
  artifact-db create -p PROJECT -v VALUE [-t JSON] [-c PROJECT:BUILD]...
  artifact-db tag set -p PROJECT -b BUILD -k KEY -v VALUE
  artifact-db tag rm -p PROJECT -b BUILD -k KEY

Flags may stand before or after the command. Exit codes: 0 done, 1 failed.";

/// Numbered builds of projects, with tags, in a DynamoDB table.
#[derive(Debug, Parser)]
#[command(name = "artifact-db", version, after_help = COMMANDS, args_override_self = true)]
#[command(override_usage = "artifact-db [--region REGION] [--table TABLE] COMMAND [FLAGS]")]
struct Line {
    /// The AWS region of the table
    #[arg(long, default_value = "us-east-1", value_parser = region)]
    region: Region,
    /// The table
    #[arg(long, default_value = ARTIFACT_TABLE)]
    table: String,
    #[command(flatten)]
    flags: Flags,
    #[arg(hide = true)]
    words: Vec<String>,
}

/// The rule that a text breaks; the parser says around it which flag has which value.
fn region(text: &str) -> Result<Region, &'static str> {
    text.parse().map_err(|error: InvalidName| error.expected)
}

/// A command line without an order.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Help, or the version, which was asked for.
    Told(String),
    /// A mistake, and what would be right.
    Refused { error: UsageError, usage: String },
}

/// A command line that can't be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UsageError {
    #[error("{}", .0.to_string().trim_end())]
    Line(#[from] clap::Error),
    #[error("error: unknown command `{0}`")]
    UnknownCommand(String),
    #[error("error: --{0} is missing")]
    Missing(&'static str),
    #[error("error: `{command}` takes no --{flag}")]
    NotTaken { command: &'static str, flag: &'static str },
}

/// Reads the arguments, the program's name first.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Order, Stop> {
    let line = Line::try_parse_from(arguments).map_err(Stop::from)?;
    let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
    let place = Place { region: line.region, table: line.table };
    if let [] | ["tag"] | ["help", ..] = words[..] {
        return Err(Stop::Told(help()));
    }
    match work(&words, line.flags) {
        Ok(work) => Ok(Order { place, work }),
        Err(error) => Err(Stop::Refused { error, usage: help() }),
    }
}

fn work(words: &[&str], mut flags: Flags) -> Result<Work, UsageError> {
    let (command, work) = match words {
        ["latest"] => ("latest", Work::Latest(Latest::of(&mut flags)?)),
        ["get"] => ("get", Work::Get(Get::of(&mut flags)?)),
        ["create"] => ("create", Work::Create(Create::of(&mut flags)?)),
        ["tag", "set"] => ("tag set", Work::SetTag(SetTag::of(&mut flags)?)),
        ["tag", "rm"] => ("tag rm", Work::RemoveTag(RemoveTag::of(&mut flags)?)),
        _ => return Err(UsageError::UnknownCommand(words.join(" "))),
    };
    flags.refuse_rest(command)?;
    Ok(work)
}

fn help() -> String {
    Line::command().render_help().to_string()
}

impl From<clap::Error> for Stop {
    fn from(mut error: clap::Error) -> Self {
        if !error.use_stderr() {
            return Self::Told(error.to_string());
        }
        // It is told once, on stderr.
        error.remove(ContextKind::Usage);
        Self::Refused { error: error.into(), usage: help() }
    }
}

#[cfg(test)]
mod tests;
