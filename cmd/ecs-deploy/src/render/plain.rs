//! Lines for a log: one for each change of state, one for every 30 s of waiting.

use std::io::Write;
use std::time::Duration;

use ecs_deploy::event::{Detail, Event, EventKind};
use ecs_deploy::steps::Step;
use jiff::{SignedDuration, Timestamp};

use super::{View, words};
use crate::exit::words as words_of;

/// How long a wait goes without a line.
const STILL: SignedDuration = SignedDuration::from_secs(30);

/// A step that ends sooner is told once, not twice.
const SOON: SignedDuration = SignedDuration::from_secs(1);

/// How often it is looked whether one of these is over.
const LOOK: Duration = Duration::from_millis(250);

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Everything, with the time of day.
    Log,
    /// The steps that ended, for a reader who watches.
    Steps,
}

/// The view of what is not a terminal.
pub(super) struct Plain {
    lines: Lines,
    /// Whether it was told that what commands print is lost.
    told_of_loss: bool,
}

impl Plain {
    pub(super) fn new(style: Style) -> Self {
        Self { lines: Lines::new(style), told_of_loss: false }
    }

    /// A reader that is gone gets nothing, and the deploy goes on.
    fn print(&mut self, line: &str) {
        let Err(error) = writeln!(std::io::stdout(), "{line}") else { return };
        if !std::mem::replace(&mut self.told_of_loss, true) {
            let why = words_of(&error);
            let loss =
                format!("what commands print is lost: can't write to standard output: {why}");
            self.say(&words::line("warning", &loss));
        }
    }
}

impl View for Plain {
    fn show(&mut self, event: &Event) {
        if let EventKind::CommandLine { program, line } = &event.kind {
            self.print(&words::of_command(program, line));
        }
        self.lines.of_event(event).iter().for_each(|line| write(line));
    }

    fn say(&mut self, line: &str) {
        write(&self.lines.stamped(Timestamp::now(), line.to_owned()));
    }

    fn tick(&mut self, now: Timestamp) {
        self.lines.of_time(now).iter().for_each(|line| write(line));
    }

    fn patience(&self) -> Duration {
        LOOK
    }
}

fn write(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Which lines there are to write.
struct Lines {
    style: Style,
    step: Option<AtWork>,
    /// Who was last told to have the lock that is waited for, and when.
    holder: Option<(String, Timestamp)>,
}

/// The step at work.
struct AtWork {
    step: Step,
    detail: Detail,
    since: Timestamp,
    /// When it was last told.
    told: Option<Timestamp>,
}

impl Lines {
    fn new(style: Style) -> Self {
        Self { style, step: None, holder: None }
    }

    fn of_event(&mut self, event: &Event) -> Vec<String> {
        let at = event.at;
        match &event.kind {
            EventKind::StepStarted { step, detail } => {
                let detail = detail.clone();
                self.step = Some(AtWork { step: *step, detail, since: at, told: None });
                Vec::new()
            }
            EventKind::StepProgress { step, detail } => self.progress(*step, detail, at),
            EventKind::StepFinished { step, detail, took } => {
                self.step = None;
                vec![self.stamped(at, words::finished(*step, detail, *took))]
            }
            EventKind::WaitingForLock { holder, .. } if !self.is_news(holder, at) => Vec::new(),
            other => {
                words::of_event(other).map(|line| self.stamped(at, line)).into_iter().collect()
            }
        }
    }

    /// Whether a holder of the lock is another than told last, or was told long ago.
    fn is_news(&mut self, holder: &str, at: Timestamp) -> bool {
        let is_old = |told: Timestamp| at.duration_since(told) >= STILL;
        let told = self.holder.as_ref();
        let is_news = told.is_none_or(|(last, told)| last != holder || is_old(*told));
        if is_news {
            self.holder = Some((holder.to_owned(), at));
        }
        is_news
    }

    fn progress(&mut self, step: Step, detail: &Detail, at: Timestamp) -> Vec<String> {
        if let Some(work) = &mut self.step {
            if work.told.is_some() && work.detail == *detail {
                return Vec::new();
            }
            work.detail = detail.clone();
            work.told = Some(at);
        }
        match self.style {
            Style::Log => vec![self.stamped(at, words::step(step, detail))],
            Style::Steps => Vec::new(),
        }
    }

    fn of_time(&mut self, now: Timestamp) -> Vec<String> {
        let Some(work) = self.step.as_mut().filter(|_| self.style == Style::Log) else {
            return Vec::new();
        };
        let line = match work.told {
            None if now.duration_since(work.since) < SOON => return Vec::new(),
            None => words::step(work.step, &work.detail),
            Some(told) if now.duration_since(told) < STILL => return Vec::new(),
            Some(_) => {
                let seconds = now.duration_since(work.since).as_secs();
                format!("{}, still after {seconds}s", words::step(work.step, &work.detail))
            }
        };
        work.told = Some(now);
        vec![self.stamped(now, line)]
    }

    fn stamped(&self, at: Timestamp, line: String) -> String {
        match self.style {
            Style::Log => format!("{at:.0} {line}"),
            Style::Steps => line,
        }
    }
}

#[cfg(test)]
mod tests;
