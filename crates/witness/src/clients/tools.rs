//! The programs that have to be installed.

use std::process::{Command, Stdio};

use crate::version::numbers;
use crate::witnesses::Missing;

/// A program, and the oldest version that will do.
struct Tool {
    name: &'static str,
    /// What makes it tell its version.
    ask: &'static str,
    oldest: [u32; 2],
}

const TOOLS: [Tool; 3] = [
    Tool { name: "curl", ask: "--version", oldest: [7, 84] },
    Tool { name: "wrk", ask: "-v", oldest: [4, 0] },
    Tool { name: "node", ask: "--version", oldest: [18, 0] },
];

/// The versions of all of them.
pub(crate) fn versions() -> Result<String, Missing> {
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for tool in &TOOLS {
        match tool.version() {
            Some(version) => there.push(format!("{} {version}", tool.name)),
            None => {
                let [major, minor] = tool.oldest;
                missing.push(format!("{} {major}.{minor} or later", tool.name));
            }
        }
    }
    match missing.is_empty() {
        true => Ok(there.join(", ")),
        false => Err(Missing(missing.join(" and "))),
    }
}

impl Tool {
    /// Its version, if it is new enough.
    fn version(&self) -> Option<String> {
        let mut command = Command::new(self.name);
        let output = command.arg(self.ask).stdin(Stdio::null()).output().ok()?;
        // wrk tells its version and fails.
        let version = version_in(&String::from_utf8_lossy(&output.stdout))?;
        (numbers(&version).as_slice() >= self.oldest.as_slice()).then_some(version)
    }
}

/// The first word that begins as a version does, without what a distribution adds.
fn version_in(told: &str) -> Option<String> {
    let words = told.split_whitespace().map(|word| {
        let word = word.rsplit('/').next().unwrap_or(word).trim_start_matches('v');
        word.split(['-', '+']).next().unwrap_or(word)
    });
    words.filter(|word| word.contains('.')).find(|word| numbers(word).len() > 1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_tell_of_themselves() {
        for (told, version) in [
            ("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 zlib/1.2.13\n", "7.88.1"),
            ("wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer\n", "4.1.0"),
            ("wrk 4.2.0 [epoll] Copyright (C) 2012 Will Glozer\n", "4.2.0"),
            ("v20.20.2\n", "20.20.2"),
        ] {
            assert_eq!(version_in(told).as_deref(), Some(version));
        }
        assert_eq!(version_in("command not found\n"), None);
    }
}
