//! Exit codes, and the ends that need no renderer.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use ecs_deploy::error::FailureKind;
use serde::Serialize;

/// How the program ends; documented in `-h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit(u8);

impl Exit {
    /// Done.
    pub(crate) const DONE: Self = Self(0);
    /// Something could not be read, or a deploy failed before the swap.
    pub(crate) const FAILED: Self = Self(1);
    /// Usage, config, or something else that stands against it before anything was changed.
    pub(crate) const REFUSED: Self = Self(2);
    /// Stopped by a signal.
    pub(crate) const INTERRUPTED: Self = Self(130);

    /// An exit code that a program of the sandbox's ends with.
    pub(crate) fn of_task(code: u8) -> Self {
        Self(code)
    }
}

impl From<FailureKind> for Exit {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::BeforeSwap => Self::FAILED,
            FailureKind::Refused => Self::REFUSED,
            FailureKind::Locked => Self(3),
            FailureKind::Gate => Self(4),
            FailureKind::AfterSwap => Self(6),
            FailureKind::Interrupted => Self::INTERRUPTED,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}

/// Says why nothing was done.
pub(crate) fn refuse(error: &(dyn Error + 'static), hint: &str) -> Exit {
    let mut text = format!("ecs-deploy: {}\n", chain(error));
    if !hint.is_empty() {
        text.push_str(&format!("hint: {hint}\n"));
    }
    // Nobody is left to tell that nobody listens.
    let _ = std::io::stderr().write_all(text.as_bytes());
    Exit::REFUSED
}

/// Prints what was asked for.
pub(crate) fn print(text: &str) -> Exit {
    let mut stdout = std::io::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Exit::DONE,
        Err(error) => {
            note(&format!("ecs-deploy: can't write to standard output: {}", words(&error)));
            Exit::FAILED
        }
    }
}

/// Prints what was asked for as JSON.
pub(crate) fn print_json(value: &impl Serialize) -> Exit {
    match serde_json::to_string_pretty(value) {
        Ok(text) => print(&(text + "\n")),
        Err(error) => refuse(&error, ""),
    }
}

/// An error with its causes on one line; a cause that was told already is not told again.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut told = words(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = words(error);
        if !told.contains(&next) {
            told.push_str(": ");
            told.push_str(&next);
        }
        cause = error.source();
    }
    told
}

/// An error by itself; one of the system's without its number.
pub(crate) fn words(error: &(dyn Error + 'static)) -> String {
    let words = error.to_string();
    match error.downcast_ref::<std::io::Error>() {
        Some(_) => words.split(" (os error ").next().unwrap_or_default().to_owned(),
        None => words,
    }
}

/// Writes a line that is no result.
pub(crate) fn note(line: &str) {
    // Nobody is left to tell that nobody listens.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help;

    #[test]
    fn every_failure_has_the_code_that_the_help_tells() {
        for (kind, code) in [
            (FailureKind::BeforeSwap, 1),
            (FailureKind::Refused, 2),
            (FailureKind::Locked, 3),
            (FailureKind::Gate, 4),
            (FailureKind::AfterSwap, 6),
            (FailureKind::Interrupted, 130),
        ] {
            assert_eq!(Exit::from(kind), Exit(code), "{kind:?}");
            let told = format!("\n  {code:<5}");
            assert!(help::DEPLOY.contains(&told), "{code}");
            // Nothing stands before a rollback as a gate.
            let of_rollback = kind != FailureKind::Gate;
            assert_eq!(help::ROLLBACK.contains(&told), of_rollback, "{code}");
        }
    }
}
