//! Shows events, on a thread of its own: a terminal that stands still, a full disk or a reader that
//! is gone never stops or slows a deploy.

mod live;
mod plain;
mod queue;
pub(crate) mod words;

use std::io::IsTerminal;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ecs_deploy::event::{Event, EventSink};
use jiff::Timestamp;

use live::Live;
use plain::{Plain, Style};
use queue::{Message, Queue};

/// How long output that nobody takes may keep the program from ending.
const PATIENCE: Duration = Duration::from_secs(5);

/// The same, after a Ctrl-C.
const HURRY: Duration = Duration::from_millis(200);

/// How often the end of the output is looked for.
const LOOK: Duration = Duration::from_millis(5);

/// Shows what it is given, in order.
#[derive(Debug)]
pub(crate) struct Renderer {
    queue: Arc<Queue>,
    thread: JoinHandle<()>,
}

/// Shows one thing after another.
trait View {
    /// Shows an event.
    fn show(&mut self, event: &Event);
    /// Shows a line of the program's own.
    fn say(&mut self, line: &str);
    /// Shows that time passes.
    fn tick(&mut self, now: Timestamp);
    /// How long until time is worth showing again.
    fn patience(&self) -> Duration;
}

/// Whether the end is in a hurry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    /// All output gets its time.
    Calmly,
    /// The user has asked to end.
    Hurriedly,
}

impl Renderer {
    /// Shows a deploy: live on a terminal, else as lines of a log.
    pub(crate) fn of_a_deploy() -> Self {
        Self::start(Style::Log)
    }

    /// Shows a deploy on a sandbox of its own: live on a terminal, else as its steps alone.
    pub(crate) fn of_a_demo() -> Self {
        Self::start(Style::Steps)
    }

    fn start(style: Style) -> Self {
        let queue = Arc::new(Queue::default());
        let messages = Arc::clone(&queue);
        let thread = std::thread::spawn(move || match std::io::stderr().is_terminal() {
            true => run(&messages, &mut Live::new()),
            false => run(&messages, &mut Plain::new(style)),
        });
        Self { queue, thread }
    }

    /// Shows a line of the program's own.
    pub(crate) fn say(&self, line: impl Into<String>) {
        self.queue.push(Message::Line(line.into()));
    }

    /// Shows what is left, for as long as somebody takes it.
    pub(crate) fn finish(self, leave: Leave) {
        self.queue.push(Message::End);
        let patience = match leave {
            Leave::Calmly => PATIENCE,
            Leave::Hurriedly => HURRY,
        };
        let (mut shown, mut since) = (self.queue.shown(), Instant::now());
        while !self.thread.is_finished() && since.elapsed() < patience {
            std::thread::sleep(LOOK);
            if self.queue.shown() != shown && leave == Leave::Calmly {
                (shown, since) = (self.queue.shown(), Instant::now());
            }
        }
    }
}

impl EventSink for Renderer {
    fn emit(&self, event: Event) {
        self.queue.push(Message::Event(Box::new(event)));
    }
}

fn run(messages: &Queue, view: &mut dyn View) {
    loop {
        match messages.next(view.patience()) {
            Some(Message::Event(event)) => view.show(&event),
            Some(Message::Line(line)) => view.say(&line),
            Some(Message::End) => return,
            None => view.tick(Timestamp::now()),
        }
        let lost = messages.take_lost();
        if lost > 0 {
            view.say(&format!("warning  {lost} lines of command output came too fast to be shown"));
        }
    }
}
