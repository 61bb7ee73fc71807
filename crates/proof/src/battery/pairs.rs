//! A fault befalls the program, and another the one that goes on with it: at every call of the one,
//! at every call of the other.

use std::num::NonZeroUsize;

use super::end::End;
use super::tally::{Run, Violation};
use super::{Ended, Fault, Undisturbed, crew};
use crate::{Ending, Line, Reached};

/// What befalls the second program.
const SECONDS: [Fault; 2] = [Fault::DiesAfter, Fault::AnswerLost];

/// The first program dies after a call of its; the one that goes on with it meets a fault as well.
#[derive(Clone, Copy, Debug)]
struct Pair {
    first: usize,
    second: usize,
    fault: Fault,
}

/// Lets every `stride`-th of all pairs happen: with 1 every one.
pub fn pairs(undisturbed: &Undisturbed, stride: NonZeroUsize) -> Vec<Run> {
    let firsts: Vec<usize> = (0..undisturbed.calls.len()).collect();
    let recoveries =
        crew::each(&firsts, async |first| calls_of_recovery(undisturbed, *first).await);
    let all = firsts.iter().zip(recoveries).flat_map(|(first, calls)| {
        let pair = move |second, fault| Pair { first: *first, second, fault };
        (0..calls).flat_map(move |second| SECONDS.map(|fault| pair(second, fault)))
    });
    let chosen: Vec<_> = all.step_by(stride.get()).collect();
    crew::each(&chosen, async |pair| run(undisturbed, *pair).await)
}

/// How many calls the program makes that goes on with one that died after a call.
async fn calls_of_recovery(undisturbed: &Undisturbed, first: usize) -> usize {
    let (scenario, recovery) = (undisturbed.scenario, Line::default());
    let bench = scenario.bench().await;
    scenario.run(&bench.ann, &dying_after(first)).await;
    scenario.recover(&bench.ann, &recovery).await;
    recovery.made().len()
}

fn dying_after(call: usize) -> Line {
    let line = Line::default();
    Fault::DiesAfter.befall(&line, call);
    line
}

async fn run(undisturbed: &Undisturbed, pair: Pair) -> Run {
    let mut reached = Reached::default();
    let scenario = undisturbed.scenario;
    let ended = take_place(undisturbed, pair, &mut reached).await;
    let Pair { first, second, fault } = pair;
    let (name, how) = (scenario.name(), fault.name());
    let context = format!("{name}, dies after call {first}, then at call {second}: {how}");
    let ended = ended.map_err(|what| Violation { context, what });
    Run { scenario, fault, ended, reached }
}

async fn take_place(
    undisturbed: &Undisturbed,
    pair: Pair,
    reached: &mut Reached,
) -> Result<Ended, String> {
    let (scenario, recovery) = (undisturbed.scenario, Line::default());
    let bench = scenario.bench().await;
    scenario.run(&bench.ann, &dying_after(pair.first)).await;
    pair.fault.befall(&recovery, pair.second);
    let ending = scenario.recover(&bench.ann, &recovery).await;
    let gone_on = scenario.go_on(&bench.ann).await;
    reached.hear(&bench.ann.events);
    reached.note(&gone_on);
    if End::of(&gone_on) != undisturbed.end {
        return Err(format!("gone on with, it ended otherwise: {gone_on:?}"));
    }
    undisturbed.judge(&bench).await?;
    Ok(match ending {
        Ending::Died => Ended::GoneOnWith("died"),
        Ending::Told(told) if End::of(&told) == undisturbed.end => Ended::AtOnce,
        Ending::Told(_) => Ended::GoneOnWith("failed"),
    })
}
