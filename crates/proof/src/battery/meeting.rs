//! A scenario meets a fault at one of its calls.

use ecs_deploy::error::LockLeft;
use ecs_deploy::steps::Step;
use ecs_deploy::{Failure, Success};
use tokio_util::sync::CancellationToken;

use super::end::End;
use super::fault::is_lost;
use super::tally::{Ended, Run, Violation};
use super::undisturbed::Undisturbed;
use super::{Fault, crew};
use crate::{Bench, Deployer, Ending, Line, Reached};

/// Who takes over.
pub(super) const SUCCESSOR: &str = "bob";

/// At which step of the one that took over a paused program runs on: each in turn.
const WAKE_AT: [Step; 4] = [Step::PreDeploy, Step::Create, Step::Swap, Step::PostDeploy];

/// A fault at a call of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Meeting<'a> {
    undisturbed: &'a Undisturbed,
    fault: Fault,
    call: usize,
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

/// Lets them take place, each in a world of its own.
pub fn meet(meetings: &[Meeting<'_>]) -> Vec<Run> {
    crew::each(meetings, async |meeting| meeting.run().await)
}

impl Meeting<'_> {
    async fn run(&self) -> Run {
        let mut reached = Reached::default();
        let ended = self.take_place(&mut reached).await;
        let ended = ended.map_err(|what| Violation { context: self.to_string(), what });
        Run { scenario: self.undisturbed.scenario, fault: self.fault, ended, reached }
    }

    async fn take_place(&self, reached: &mut Reached) -> Result<Ended, String> {
        let (scenario, line) = (self.undisturbed.scenario, Line::default());
        let bench = scenario.bench().await;
        self.fault.befall(&line, self.call);
        let ended = match self.fault {
            Fault::Paused => self.displace(&bench, &line, reached).await,
            Fault::Stolen => self.rob(&bench, &line, reached).await,
            _ => {
                let ending = scenario.run(&bench.ann, &line).await;
                self.go_on(&bench.ann, ending, reached).await
            }
        };
        reached.hear(&bench.ann.events);
        let made = line.made();
        if made.get(self.call) != Some(self.operation()) {
            return Err(format!("another call was made: {:?}", made.get(self.call)));
        }
        let ended = ended?;
        self.undisturbed.judge(&bench).await?;
        Ok(ended)
    }

    /// The program is paused; another takes over, and is at work when the program runs on.
    async fn displace(
        &self,
        bench: &Bench,
        line: &Line,
        reached: &mut Reached,
    ) -> Result<Ended, String> {
        let scenario = self.undisturbed.scenario;
        let successor = scenario.deployer(bench, SUCCESSOR);
        successor.events.cancel_at(WAKE_AT[self.call % WAKE_AT.len()], &line.waker());
        let is_over = CancellationToken::new();
        let take_over = async {
            line.until_held().await;
            let ended = scenario.go_on(&successor).await;
            line.waker().cancel();
            is_over.cancel();
            ended
        };
        let run = async { (scenario.run(&bench.ann, line).await, is_over.is_cancelled()) };
        let ((ending, was_over), taken_over) = tokio::join!(run, take_over);
        reached.hear(&successor.events);
        self.expect_end(&taken_over, reached)?;
        match ending {
            // Nobody has the lock any more who could be named.
            Ending::Told(told) if was_over && told.as_ref().as_ref().is_err_and(is_lost) => {
                Ok(Ended::GoneOnWith("displaced"))
            }
            ending => self.judge_ending(ending, reached),
        }
    }

    /// A thief takes the lock, and does no more.
    async fn rob(
        &self,
        bench: &Bench,
        line: &Line,
        reached: &mut Reached,
    ) -> Result<Ended, String> {
        let theft = async {
            line.until_held().await;
            bench.shop.steal_lock(&bench.world);
            line.waker().cancel();
        };
        let (ending, ()) = tokio::join!(self.undisturbed.scenario.run(&bench.ann, line), theft);
        self.judge_ending(ending, reached)?;
        // Whatever it says, the thief is still in the row.
        self.finish(&bench.ann, reached).await?;
        Ok(Ended::GoneOnWith("lost the lock"))
    }

    /// What did not end as it would have is gone on with.
    async fn go_on(
        &self,
        who: &Deployer,
        ending: Ending,
        reached: &mut Reached,
    ) -> Result<Ended, String> {
        let ended = self.judge_ending(ending, reached)?;
        if let Ended::GoneOnWith(_) = ended {
            self.finish(who, reached).await?;
        }
        Ok(ended)
    }

    async fn finish(&self, who: &Deployer, reached: &mut Reached) -> Result<(), String> {
        let gone_on = self.undisturbed.scenario.go_on(who).await;
        self.expect_end(&gone_on, reached)
    }

    fn judge_ending(&self, ending: Ending, reached: &mut Reached) -> Result<Ended, String> {
        let Ending::Told(told) = ending else { return Ok(Ended::GoneOnWith("died")) };
        reached.note(&told);
        let is_right = End::of(&told) == self.undisturbed.end;
        match *told {
            Err(Failure { lock: LockLeft::RunsOut, .. }) if is_right => {
                Ok(Ended::GoneOnWith("could not give the lock back"))
            }
            _ if is_right => Ok(Ended::AtOnce),
            Ok(Success { .. }) => Err("it ended well, and should not have".to_owned()),
            Err(failure) => {
                let excuse = self.fault.excuse(self.operation(), &failure);
                excuse.map(Ended::GoneOnWith).ok_or_else(|| format!("{failure:?}"))
            }
        }
    }

    fn expect_end(&self, ended: &Result<(), Failure>, reached: &mut Reached) -> Result<(), String> {
        reached.note(ended);
        if End::of(ended) == self.undisturbed.end {
            return Ok(());
        }
        Err(format!("gone on with, it ended otherwise: {ended:?}"))
    }

    fn operation(&self) -> &String {
        &self.undisturbed.calls[self.call]
    }
}

impl std::fmt::Display for Meeting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (scenario, fault) = (self.undisturbed.scenario.name(), self.fault.name());
        write!(f, "{scenario}, call {} ({}): {fault}", self.call, self.operation())
    }
}
