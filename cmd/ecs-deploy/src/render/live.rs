//! A terminal: finished steps stay as lines, the one at work has a line that moves.

use std::io::Write;
use std::time::Duration;

use ecs_deploy::event::{Event, EventKind};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::{View, words};

/// How often the line at work moves.
const FRAME: Duration = Duration::from_millis(100);

/// The view of a terminal.
pub(super) struct Live {
    /// The step at work.
    bar: Option<ProgressBar>,
}

impl Live {
    pub(super) fn new() -> Self {
        Self { bar: None }
    }

    fn begin(&mut self, text: String) {
        self.end();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} {elapsed:>3} {spinner}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        bar.set_style(style.tick_chars("|/-\\ "));
        bar.set_message(text);
        bar.tick();
        self.bar = Some(bar);
    }

    fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Writes above the step at work.
    fn write(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn line(&self, line: &str) {
        // A terminal that is gone shows nothing, and the deploy goes on.
        self.write(|| drop(writeln!(std::io::stderr(), "{line}")));
    }
}

impl View for Live {
    fn show(&mut self, event: &Event) {
        match &event.kind {
            EventKind::StepStarted { step, detail } => self.begin(words::step(*step, detail)),
            EventKind::StepProgress { step, detail } => {
                if let Some(bar) = &self.bar {
                    bar.set_message(words::step(*step, detail));
                }
            }
            EventKind::StepFinished { step, detail, took } => {
                self.end();
                self.line(&words::finished(*step, detail, *took));
            }
            EventKind::WaitingForLock { .. } => {
                if let (Some(bar), Some(line)) = (&self.bar, words::of_event(&event.kind)) {
                    bar.set_message(line);
                }
            }
            EventKind::CommandLine { program, line } => {
                let line = words::of_command(program, line);
                self.write(|| drop(writeln!(std::io::stdout(), "{line}")));
            }
            other => {
                if let Some(line) = words::of_event(other) {
                    self.line(&line);
                }
            }
        }
    }

    fn say(&mut self, line: &str) {
        self.line(line);
    }

    fn tick(&mut self, _now: Timestamp) {
        if let Some(bar) = &self.bar {
            bar.tick();
        }
    }

    fn patience(&self) -> Duration {
        FRAME
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.end();
    }
}
