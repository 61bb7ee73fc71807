//! Somebody who runs the program again and again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ecs_deploy::cloud::Cloud;
use ecs_deploy::{Failure, Runtime, Success, deploy, rollback};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use tokio::time::{sleep, timeout};

use super::advice::{self, Advice};
use super::draw::{Temper, Trouble, Verb, Visit};
use super::machine::{FickleCommands, JumpingClock};
use super::stage::Stage;
use crate::{Deployer, Ending, Events, Line, Mishap, Passage, operation};

/// No run may take longer: more than any wait, and all limits of the steps together.
const HANGS: Duration = Duration::from_secs(3600);

/// Somebody at a machine.
pub(super) struct Person {
    pub who: &'static str,
    stage: Stage,
    deployer: Deployer,
    runs: u32,
    calls: usize,
    advice: Option<Advice>,
}

impl Person {
    pub(super) fn new(stage: &Stage, who: &'static str) -> Self {
        let deployer = Deployer::new(&stage.world, &stage.shop, who);
        Self { who, stage: stage.clone(), deployer, runs: 0, calls: 0, advice: None }
    }

    /// Does all that is drawn for them.
    pub(super) async fn work(mut self, visits: Vec<Visit>) {
        for visit in visits {
            sleep(visit.after).await;
            let drawn = visit.verb.map(|verb| Advice { wait: visit.wait, ..verb.into() });
            let fresh = Verb::Deploy(ecs_deploy::Mode::Fresh, "one").into();
            let asked = drawn.or(self.advice).unwrap_or(fresh);
            self.run(asked, Some(visit)).await;
        }
    }

    /// Runs the program once and keeps its advice; tells what came of it where that is a success.
    /// Without a visit nothing goes wrong.
    pub(super) async fn run(&mut self, asked: Advice, visit: Option<Visit>) -> Option<Success> {
        if let Some(mending) = asked.first {
            mending.take_place(&self.stage).await;
        }
        self.runs += 1;
        self.stage.course.tell(format_args!("{} runs {asked:?}", self.who));
        let way = Way::of(self, visit);
        let events = Events::default();
        let run = self.ask(asked, &way, &events);
        let ended = timeout(HANGS, way.line.unless_dead(run)).await;
        self.stage.course.hear(&events);
        self.calls = way.line.count();
        let ending = match ended {
            Ok(ended) => Ending::of(ended),
            Err(_) => {
                self.stage.course.violation(format_args!("{} hangs", self.who));
                Ending::Died
            }
        };
        self.note(asked, &ending);
        match ending {
            Ending::Told(told) => told.ok(),
            Ending::Died => None,
        }
    }

    /// What the program said to do next, if it did.
    pub(super) fn advice(&self) -> Option<Advice> {
        self.advice
    }

    /// How many calls the last run made.
    pub(super) fn calls(&self) -> usize {
        self.calls
    }

    async fn ask(&self, asked: Advice, way: &Way, events: &Events) -> Result<Success, Failure> {
        let cloud: Cloud = self.stage.shop.connect(&self.stage.world, &way.line).await;
        let stop = way.line.stop();
        match asked.verb {
            Verb::Deploy(mode, sha) => {
                let mut order = self.deployer.order(sha, mode);
                order.wait = asked.wait;
                deploy(&order, &cloud, &way.runtime, events, &stop).await
            }
            Verb::RollBack(commands) => {
                let mut order = self.deployer.way_back();
                (order.commands, order.wait) = (commands, asked.wait);
                rollback(&order, &cloud, &way.runtime, events, &stop).await
            }
        }
    }

    fn note(&mut self, asked: Advice, ending: &Ending) {
        let (who, course, shop) = (self.who, &self.stage.course, &self.stage.shop);
        let verb = match asked.verb {
            Verb::Deploy(..) => "deploy",
            Verb::RollBack(_) => "rollback",
        };
        self.advice = match ending {
            Ending::Died => {
                course.ending(who, &format!("{verb}: died"), "");
                Some(asked)
            }
            Ending::Told(told) => match &**told {
                Ok(success) => {
                    let serving = format!(": {} on {}", success.artifact, success.serving);
                    course.ending(who, &format!("{verb}: done"), serving);
                    None
                }
                Err(failure) => {
                    course.why(&failure.error);
                    let why = format!(", {}, lock {:?}", failure.error, failure.lock);
                    course.ending(who, &format!("{verb}: {:?}", failure.kind), why);
                    advice::after(asked.verb, failure, shop)
                }
            },
        };
    }
}

/// What one run of the program goes its way with.
struct Way {
    line: Line,
    runtime: Runtime,
}

impl Way {
    fn of(person: &Person, visit: Option<Visit>) -> Self {
        let clock = JumpingClock::new();
        let runtime = Runtime { clock: Arc::new(clock.clone()), ..person.deployer.runtime() };
        let mut network = Network {
            stage: person.stage.clone(),
            who: person.who,
            clock,
            troubles: BTreeMap::new(),
            rng: Rng::with_seed(visit.as_ref().map_or(u64::from(person.runs), |visit| visit.seed)),
            calls: 0,
            has_written: false,
        };
        let Some(visit) = visit else { return Self { line: network.line(), runtime } };
        network.troubles = visit.troubles;
        let right = runtime.wall.clone();
        let error = SignedDuration::from_secs(visit.clock_error);
        let wrong = move || -> Timestamp { right() + error };
        let runtime = Runtime { wall: Arc::new(wrong), ..runtime };
        let runtime = match visit.commands {
            Temper::Steady => runtime,
            Temper::Fickle => {
                let rng = Mutex::new(network.rng.fork());
                let commands = FickleCommands { course: person.stage.course.clone(), rng };
                Runtime { commands: Arc::new(commands), ..runtime }
            }
        };
        Self { line: network.line(), runtime }
    }
}

/// What lies between a run of the program and AWS.
struct Network {
    stage: Stage,
    who: &'static str,
    clock: JumpingClock,
    troubles: BTreeMap<usize, Trouble>,
    rng: Rng,
    calls: usize,
    has_written: bool,
}

impl Network {
    fn line(mut self) -> Line {
        Line::steered(move |request| {
            let operation = operation(request);
            self.stage.course.call(self.who, self.calls, &operation);
            self.has_written |= operation == "UpdateItem";
            let mishap = self.next_mishap(&operation);
            Passage { mishap, takes: self.delay() }
        })
    }

    fn next_mishap(&mut self, operation: &str) -> Option<Mishap> {
        let trouble = self.troubles.remove(&self.calls);
        self.calls += 1;
        match trouble? {
            Trouble::Mishap(mishap) => {
                self.stage.course.trouble(name_of(mishap), &mishap);
                Some(mishap)
            }
            Trouble::ByHand(meddling) => {
                if meddling.shown_by() == Some(operation) {
                    meddling.take_place_now(&self.stage);
                }
                None
            }
            // Who waits for another's lease measures no more time than passes: nobody's clock does.
            Trouble::ClockJump(_) if !self.has_written => None,
            Trouble::ClockJump(by) => {
                self.stage.course.trouble("clock jumped", &by);
                self.clock.jump(by);
                None
            }
        }
    }

    /// How long an answer takes: some are slow.
    fn delay(&mut self) -> Duration {
        let is_slow = self.rng.u32(0..64) == 0;
        Duration::from_millis(self.rng.u64(if is_slow { 500..4000 } else { 1..40 }))
    }
}

/// What it is counted as.
pub(super) fn name_of(mishap: Mishap) -> &'static str {
    match mishap {
        Mishap::Failed => "failed",
        Mishap::AnswerLost => "answer lost",
        Mishap::Hung => "hung",
        Mishap::Late(_) => "late",
        Mishap::Throttled => "throttled",
        Mishap::DiesBefore => "died before a call",
        Mishap::DiesAfter => "died after a call",
        Mishap::Stopped => "asked to stop",
        Mishap::Paused(_) => "paused",
        _ => "other",
    }
}
