//! One of the places in a race: a client, and after its death the next one.

use std::io;
use std::thread::sleep;

use nix::sys::signal::Signal;

use super::course::Course;
use super::event::Event;
use super::lot::{Fate, Lots, Round, Terms};
use super::racer::Racer;
use super::tenure::{Side, Tenure, Write};

/// Whether the client of a seat lives on after a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Alive,
    Killed,
}

/// What came of a seat.
#[derive(Debug, Default)]
pub(super) struct Tale {
    pub(super) tenures: Vec<Tenure>,
    pub(super) faults: Vec<String>,
}

pub(super) struct Seat<'a> {
    course: &'a Course,
    side: Side,
    number: u64,
    lots: Lots,
    terms: Terms,
    round: u64,
    tale: Tale,
}

impl<'a> Seat<'a> {
    pub(super) fn new(course: &'a Course, side: Side, number: u64) -> Self {
        let mut lots = Lots::of(course.seed, 2 * number + (side == Side::Rust) as u64);
        let terms = lots.terms();
        Self { course, side, number, lots, terms, round: 0, tale: Tale::default() }
    }

    /// Races until the course is over.
    pub(super) fn race(mut self) -> Tale {
        while !self.course.is_over() {
            if let Err(error) = self.life() {
                self.fault(&error.to_string());
                self.course.end();
            }
        }
        self.tale
    }

    /// The rounds of one process.
    fn life(&mut self) -> io::Result<()> {
        let mut racer = Racer::start(&self.course.programs, self.side, self.terms)?;
        let mut after = After::Alive;
        while after == After::Alive && !self.course.is_over() {
            let round = self.lots.round(self.course.locks, self.terms.lease);
            self.round += 1;
            let data = format!("{}-{}/{}", self.side.name(), self.number, self.round);
            racer.begin(&format!("lock-{}", round.lock), round.hold, &data)?;
            after = self.follow(&mut racer, &round)?;
        }
        Ok(())
    }

    /// Notes what the client tells of a round, and lets its fate come over it.
    fn follow(&mut self, racer: &mut Racer, round: &Round) -> io::Result<After> {
        let mut after = After::Alive;
        while let Some(event) = racer.event()? {
            let acquired = matches!(event, Event::Acquired { .. });
            if event == Event::Over {
                return Ok(after);
            }
            self.note(event);
            if acquired {
                after = strike(racer, round.fate)?;
            }
        }
        match after {
            After::Killed => Ok(after),
            After::Alive => Err(io::Error::other("the client ended by itself")),
        }
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Acquired { lock, belief, data } => {
                self.course.acquired(&lock, self.side, self.number);
                self.tale.tenures.push(Tenure {
                    side: self.side,
                    seat: self.number,
                    lock,
                    found: data,
                    beliefs: vec![belief],
                    writes: Vec::new(),
                    left: None,
                });
            }
            Event::Fault { reason } => self.fault(&reason),
            event => self.note_of_tenure(event),
        }
    }

    fn note_of_tenure(&mut self, event: Event) {
        let Some(tenure) = self.tale.tenures.last_mut() else { return };
        match event {
            Event::Held { belief } => tenure.beliefs.push(belief),
            Event::Writing { data } => tenure.writes.push(Write { data, answered: false }),
            Event::Wrote { data } => {
                let write = tenure.writes.iter_mut().find(|write| write.data == data);
                write.into_iter().for_each(|write| write.answered = true);
            }
            Event::Leaving { at } => tenure.left = Some(at),
            Event::Acquired { .. } | Event::Fault { .. } | Event::Over => {}
        }
    }

    fn fault(&mut self, reason: &str) {
        let Self { side, number, round, .. } = self;
        self.tale.faults.push(format!("{}-{number}, round {round}: {reason}", side.name()));
    }
}

/// Kills or stops a client that has just acquired a lock.
fn strike(racer: &Racer, fate: Fate) -> io::Result<After> {
    match fate {
        Fate::Release => Ok(After::Alive),
        Fate::Kill(after) => {
            sleep(after);
            racer.signal(Signal::SIGKILL)?;
            Ok(After::Killed)
        }
        Fate::Stop { after, pause } => {
            sleep(after);
            racer.signal(Signal::SIGSTOP)?;
            sleep(pause);
            racer.signal(Signal::SIGCONT)?;
            Ok(After::Alive)
        }
    }
}
