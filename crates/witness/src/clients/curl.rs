//! curl, again and again: many answers at a time, and uploads of three kinds.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::tally::Check;
use crate::witnesses::isolated;

/// What one of the curls does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// Long answers, eight at a time.
    Answers,
    /// An upload in chunks.
    Chunks,
    /// An upload at a low rate.
    Slow,
    /// An upload of known length that waits for the go-ahead.
    Expected,
}

/// How many faults are told.
const TOLD: usize = 5;

/// What an errand came to.
#[derive(Debug, Default)]
struct Tale {
    answers: usize,
    versions: BTreeSet<String>,
    faults: Vec<String>,
}

/// One answer: what curl wrote of it.
#[derive(Debug, PartialEq, Eq)]
struct Answer<'a> {
    status: &'a str,
    version: &'a str,
    file: &'a str,
}

impl Errand {
    pub(super) const ALL: [Self; 4] = [Self::Answers, Self::Chunks, Self::Slow, Self::Expected];

    fn name(self) -> &'static str {
        match self {
            Self::Answers => "long answers",
            Self::Chunks => "uploads in chunks",
            Self::Slow => "slow uploads",
            Self::Expected => "uploads that wait for the go-ahead",
        }
    }

    /// Goes on until it is over.
    pub(super) fn repeat(self, url: &str, folder: &Path, over: &AtomicBool) -> Vec<Check> {
        let mut tale = Tale::default();
        let round = Round { errand: self, url, folder: folder.join(format!("{self:?}")) };
        while !over.load(Ordering::Relaxed) && tale.faults.len() < TOLD {
            if let Err(error) = round.run(&mut tale) {
                tale.faults.push(error.to_string());
            }
        }
        tale.checks(self.name())
    }
}

impl Tale {
    fn checks(mut self, name: &str) -> Vec<Check> {
        if self.answers == 0 {
            self.faults.push("there was no answer".into());
        }
        let seen = || format!("only {:?} answered", self.versions);
        let alone = if self.versions.len() > 1 { vec![] } else { vec![seen()] };
        vec![
            Check {
                check: format!("curl: {name} are whole and of one version"),
                faults: self.faults,
            },
            Check { check: format!("curl: each version answers {name}"), faults: alone },
        ]
    }
}

/// One run of curl.
struct Round<'a> {
    errand: Errand,
    url: &'a str,
    folder: PathBuf,
}

impl Round<'_> {
    fn run(&self, tale: &mut Tale) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let sent = sent();
        fs::write(self.folder.join("sent"), &sent)?;
        let mut command = isolated(Path::new("curl"));
        command.current_dir(&self.folder).args(["--silent", "--show-error", "--max-time", "30"]);
        command.args(["--write-out", "%{http_code} %header{x-version} %{filename_effective}\\n"]);
        let output = command.args(self.arguments()).output()?;
        let told = String::from_utf8_lossy(&output.stdout);
        for answer in told.lines().filter_map(answer) {
            let received = fs::read(self.folder.join(answer.file)).unwrap_or_default();
            tale.answers += 1;
            tale.versions.insert(answer.version.to_owned());
            tale.faults.extend(self.fault(&answer, &received, &sent));
        }
        if !output.status.success() {
            tale.faults.push(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        Ok(())
    }

    fn arguments(&self) -> Vec<String> {
        let echo = format!("{}echo", self.url);
        let upload = ["--header", "Transfer-Encoding: chunked", "--upload-file", "sent"];
        let words: &[&str] = match self.errand {
            // The number in the URL is the name of the file, too.
            Errand::Answers => &["--parallel", "--parallel-max", "8", "--output", "#1"],
            Errand::Chunks => &upload,
            Errand::Slow => &["--limit-rate", "700k", "--data-binary", "@sent"],
            Errand::Expected => &["--header", "Expect: 100-continue", "--data-binary", "@sent"],
        };
        let (url, output) = match self.errand {
            Errand::Answers => (format!("{}lines?n=[6001-6008]", self.url), [].as_slice()),
            Errand::Chunks | Errand::Slow | Errand::Expected => {
                (echo, ["--output", "received"].as_slice())
            }
        };
        words.iter().chain(output).copied().map(str::to_owned).chain([url]).collect()
    }

    fn fault(&self, answer: &Answer<'_>, received: &[u8], sent: &[u8]) -> Option<String> {
        let Answer { status, version, file } = answer;
        if *status != "200" || version.is_empty() {
            return Some(format!("status {status}, version `{version}`"));
        }
        let is_right = match self.errand {
            Errand::Answers => received == lines(version, file).as_bytes(),
            Errand::Chunks | Errand::Slow | Errand::Expected => received == sent,
        };
        (!is_right)
            .then(|| format!("{} bytes of {version} are not those of {file}", received.len()))
    }
}

/// What the program behind the balancer answers when it is asked for that many lines.
fn lines(version: &str, count: &str) -> String {
    (0..count.parse().unwrap_or(0)).map(|line: u32| format!("{version} {line}\n")).collect()
}

/// 700 kB in which a lost, doubled or swapped piece shows.
fn sent() -> Vec<u8> {
    (0..100_000).map(|line: u32| format!("{line:06}\n")).collect::<String>().into_bytes()
}

fn answer(line: &str) -> Option<Answer<'_>> {
    let (status, rest) = line.split_once(' ')?;
    let (version, file) = rest.split_once(' ')?;
    Some(Answer { status, version, file })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(errand: Errand, line: &str, received: &str) -> Option<String> {
        let round = Round { errand, url: "http://x/", folder: PathBuf::new() };
        round.fault(&answer(line).unwrap(), received.as_bytes(), b"sent")
    }

    #[test]
    fn an_answer_of_two_versions_or_without_its_end_is_a_fault() {
        let whole = lines("9e1", "3");
        assert_eq!(fault(Errand::Answers, "200 9e1 3", &whole), None);
        for bad in [whole.replacen("9e1 1", "2b7 1", 1), whole[..8].to_owned(), String::new()] {
            assert!(fault(Errand::Answers, "200 9e1 3", &bad).is_some(), "{bad}");
        }
        assert!(fault(Errand::Answers, "502  3", &whole).is_some());
    }

    #[test]
    fn an_upload_that_comes_back_otherwise_is_a_fault() {
        assert_eq!(fault(Errand::Chunks, "200 9e1 received", "sent"), None);
        assert!(fault(Errand::Slow, "200 9e1 received", "sen").is_some());
    }

    #[test]
    fn silence_and_a_single_version_are_faults() {
        let faults =
            |tale: Tale| tale.checks("answers").iter().map(|it| it.faults.len()).sum::<usize>();
        let both = BTreeSet::from(["1".to_owned(), "2".to_owned()]);
        let good = Tale { answers: 2, versions: both, faults: vec![] };
        assert_eq!([Tale::default(), good].map(faults), [2, 0]);
    }
}
