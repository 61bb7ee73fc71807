//! What waits to be shown.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ecs_deploy::event::{Event, EventKind};

/// How much command output may wait, in bytes: a command can print faster than a terminal shows, and
/// one that stands still shows nothing.
const ROOM: usize = 16 << 20;

/// Something to show.
#[derive(Debug)]
pub(super) enum Message {
    /// An event of the deploy.
    Event(Box<Event>),
    /// A line of the program's own.
    Line(String),
    /// There is no more.
    End,
}

impl Message {
    /// The size of a line of command output; of those there may be any number.
    fn output(&self) -> Option<usize> {
        match self {
            Self::Event(event) => match &event.kind {
                EventKind::CommandLine { line, .. } => Some(line.len() + size_of::<Event>()),
                _ => None,
            },
            Self::Line(_) | Self::End => None,
        }
    }
}

/// A queue whose writers never wait. Where there is no room, lines of command output are left out
/// and counted; everything else always has room.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
}

#[derive(Debug, Default)]
struct State {
    messages: VecDeque<Message>,
    /// Bytes of command output that wait.
    output: usize,
    lost: u64,
    shown: u64,
}

impl Queue {
    /// Adds a message, without waiting.
    pub(super) fn push(&self, message: Message) {
        let mut state = self.lock();
        let size = message.output();
        if size.is_some_and(|size| state.output + size > ROOM) {
            state.lost += 1;
            return;
        }
        state.output += size.unwrap_or_default();
        state.messages.push_back(message);
        self.filled.notify_one();
    }

    /// The next message; none when none comes in time.
    pub(super) fn next(&self, patience: Duration) -> Option<Message> {
        let is_empty = |state: &mut State| state.messages.is_empty();
        let waited = self.filled.wait_timeout_while(self.lock(), patience, is_empty);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let message = state.messages.pop_front()?;
        state.output -= message.output().unwrap_or_default();
        state.shown += 1;
        Some(message)
    }

    /// How many lines were left out since the last time.
    pub(super) fn take_lost(&self) -> u64 {
        std::mem::take(&mut self.lock().lost)
    }

    /// How many messages were taken.
    pub(super) fn shown(&self) -> u64 {
        self.lock().shown
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use ecs_deploy::event::Detail;
    use ecs_deploy::steps::Step;
    use jiff::Timestamp;

    use super::*;

    fn event(kind: EventKind) -> Message {
        Message::Event(Box::new(Event::new(Timestamp::UNIX_EPOCH, kind)))
    }

    #[test]
    fn output_that_nobody_takes_is_left_out_and_counted_and_steps_never_are() {
        let queue = Queue::default();
        let line = "x".repeat(ROOM / 4);
        for _ in 0..9 {
            let (program, line) = ("p".to_owned(), line.clone());
            queue.push(event(EventKind::CommandLine { program, line }));
        }
        let detail = Detail::note("");
        queue.push(event(EventKind::StepStarted { step: Step::Lock, detail }));
        let waiting: Vec<Message> = std::iter::from_fn(|| queue.next(Duration::ZERO)).collect();
        assert_eq!((waiting.len(), queue.take_lost(), queue.take_lost()), (4, 6, 0));
        assert!(waiting[3].output().is_none(), "the step came through");

        let (program, line) = ("p".to_owned(), line);
        queue.push(event(EventKind::CommandLine { program, line }));
        assert!(queue.next(Duration::ZERO).is_some(), "there is room again");
    }
}
