//! A fault befalls the program, and another the one that goes on with it: at every call of the one,
//! at every call of the other.

use std::num::NonZeroUsize;

use super::end::End;
use super::pair::{Pair, cut_short};
use super::tally::Run;
use super::{Ended, Undisturbed};
use crate::{Ending, Line, Reached, crew};

/// Lets every `stride`-th of all pairs happen: with 1 every one.
pub fn pairs(undisturbed: &Undisturbed, stride: NonZeroUsize) -> Vec<Run> {
    let firsts: Vec<usize> = (0..undisturbed.calls.len()).collect();
    let calls = crew::each(&firsts, async |first| calls_of_recovery(undisturbed, *first).await);
    let chosen = Pair::chosen(firsts.into_iter().zip(calls), stride);
    crew::each(&chosen, async |pair| {
        pair.run(undisturbed, async |reached| take_place(undisturbed, *pair, reached).await).await
    })
}

/// How many calls the program makes that goes on with one that died after a call.
async fn calls_of_recovery(undisturbed: &Undisturbed, first: usize) -> usize {
    let (scenario, recovery) = (undisturbed.scenario, Line::default());
    let bench = scenario.bench().await;
    scenario.run(&bench.ann, &Pair::dying(first)).await;
    scenario.recover(&bench.ann, &recovery).await;
    recovery.made().len()
}

async fn take_place(
    undisturbed: &Undisturbed,
    pair: Pair,
    reached: &mut Reached,
) -> Result<Ended, String> {
    let scenario = undisturbed.scenario;
    let bench = scenario.bench().await;
    scenario.run(&bench.ann, &Pair::dying(pair.first)).await;
    let ending = scenario.recover(&bench.ann, &pair.disturbing()).await;
    let gone_on = scenario.go_on(&bench.ann).await;
    reached.hear(&bench.ann.events);
    reached.note(&gone_on);
    if End::of(&gone_on) != undisturbed.end {
        return Err(format!("gone on with, it ended otherwise: {gone_on:?}"));
    }
    undisturbed.judge(&bench).await?;
    Ok(match ending {
        Ending::Told(told) if End::of(&told) == undisturbed.end => Ended::AtOnce,
        ending => cut_short(&ending),
    })
}
