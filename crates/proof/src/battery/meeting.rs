//! A scenario meets a fault at one of its calls.

use std::fmt;

use ecs_deploy::error::LockLeft;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Success};
use tokio_util::sync::CancellationToken;

use super::Fault;
use super::end::End;
use super::fault::is_lost;
use super::tally::{Ended, Run, Violation};
use super::undisturbed::Undisturbed;
use crate::{Bench, Deployer, Ending, Line, Reached};

/// Who takes over.
pub(super) const SUCCESSOR: &str = "bob";

/// At which step of the one that took over a paused program runs on: each in turn.
const WAKE_AT: [Step; 4] = [Step::PreDeploy, Step::Create, Step::Swap, Step::PostDeploy];

/// A fault at a call of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Meeting<'a> {
    pub(super) undisturbed: &'a Undisturbed,
    pub(super) fault: Fault,
    pub(super) call: usize,
}

/// Each of these faults at each call.
pub fn meetings<'a>(undisturbed: &'a Undisturbed, faults: &[Fault]) -> Vec<Meeting<'a>> {
    let at_every_call = |fault: &Fault| {
        let fault = *fault;
        let calls = match fault.is_about_the_lock() {
            true => undisturbed.under_the_lock(),
            false => 0..undisturbed.calls.len(),
        };
        calls.map(move |call| Meeting { undisturbed, fault, call })
    };
    faults.iter().flat_map(at_every_call).collect()
}

/// What came of a program that met a fault.
pub(super) struct Disturbed<T> {
    ending: Ending,
    /// What came of the one that took over from it while it was paused.
    pub(super) taken_over: Option<T>,
    /// Whether that one was done when this one ended.
    was_over: bool,
}

impl<T> Disturbed<T> {
    /// Nobody took over from it.
    fn alone(ending: Ending) -> Self {
        Self { ending, taken_over: None, was_over: false }
    }
}

impl Meeting<'_> {
    /// Lets it take place.
    pub(super) async fn run(
        &self,
        take_place: impl AsyncFnOnce(&mut Reached) -> Result<Ended, String>,
    ) -> Run {
        let mut reached = Reached::default();
        let ended = take_place(&mut reached).await;
        let ended = ended.map_err(|what| Violation { context: self.to_string(), what });
        Run { scenario: self.undisturbed.scenario, fault: self.fault, ended, reached }
    }

    /// Runs the scenario until the program that meets the fault has ended. While one is paused, the
    /// successor takes over.
    ///
    /// # Errors
    /// If another call met the fault.
    pub(super) async fn disturb<T>(
        &self,
        bench: &Bench,
        successor: &Deployer,
        take_over: impl Future<Output = T>,
    ) -> Result<Disturbed<T>, String> {
        let line = Line::default();
        self.fault.befall(&line, self.call);
        let run = self.undisturbed.scenario.run(&bench.ann, &line);
        let disturbed = match self.fault {
            Fault::Paused => {
                let wake_at = WAKE_AT[self.call % WAKE_AT.len()];
                successor.events.cancel_at(wake_at, &line.waker());
                displace(&line, run, take_over).await
            }
            Fault::Stolen => Disturbed::alone(rob(bench, &line, run).await),
            _ => Disturbed::alone(run.await),
        };
        let made = line.made();
        match made.get(self.call) == Some(self.operation()) {
            true => Ok(disturbed),
            false => Err(format!("another call was made: {:?}", made.get(self.call))),
        }
    }

    /// How the program that met the fault ended, if it may end so.
    pub(super) fn judge<T>(
        &self,
        disturbed: &Disturbed<T>,
        reached: &mut Reached,
    ) -> Result<Ended, String> {
        let Ending::Told(told) = &disturbed.ending else { return Ok(Ended::GoneOnWith("died")) };
        // Nobody has the lock any more who could be named.
        if disturbed.was_over && told.as_ref().as_ref().is_err_and(is_lost) {
            return Ok(Ended::GoneOnWith("displaced"));
        }
        reached.note(told);
        let ended = self.judge_end(told)?;
        // Whatever it says, the thief is still in the row.
        Ok(if self.fault == Fault::Stolen { Ended::GoneOnWith("lost the lock") } else { ended })
    }

    fn judge_end(&self, told: &Result<Success, Failure>) -> Result<Ended, String> {
        let is_right = End::of(told) == self.undisturbed.end;
        match told {
            Err(Failure { lock: LockLeft::RunsOut, .. }) if is_right => {
                Ok(Ended::GoneOnWith("could not give the lock back"))
            }
            _ if is_right => Ok(Ended::AtOnce),
            Ok(Success { .. }) => Err("it ended well, and should not have".to_owned()),
            Err(failure) => {
                let excuse = self.fault.excuse(self.operation(), failure);
                excuse.map(Ended::GoneOnWith).ok_or_else(|| format!("{failure:?}"))
            }
        }
    }

    fn operation(&self) -> &String {
        &self.undisturbed.calls[self.call]
    }
}

/// The program is paused; another takes over, and is at work when the program runs on.
async fn displace<T>(
    line: &Line,
    run: impl Future<Output = Ending>,
    take_over: impl Future<Output = T>,
) -> Disturbed<T> {
    let is_over = CancellationToken::new();
    let take_over = async {
        line.until_held().await;
        let taken_over = take_over.await;
        line.waker().cancel();
        is_over.cancel();
        taken_over
    };
    let run = async { (run.await, is_over.is_cancelled()) };
    let ((ending, was_over), taken_over) = tokio::join!(run, take_over);
    Disturbed { ending, taken_over: Some(taken_over), was_over }
}

/// A thief takes the lock, and does no more.
async fn rob(bench: &Bench, line: &Line, run: impl Future<Output = Ending>) -> Ending {
    let theft = async {
        line.until_held().await;
        bench.shop.steal_lock(&bench.world);
        line.waker().cancel();
    };
    tokio::join!(run, theft).0
}

impl fmt::Display for Meeting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scenario, fault) = (self.undisturbed.scenario.name(), self.fault.name());
        write!(f, "{scenario}, call {} ({}): {fault}", self.call, self.operation())
    }
}
