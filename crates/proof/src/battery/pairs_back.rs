//! A fault befalls a deploy, and another the rollback that follows on it: at every call of the one, at
//! every call of the other.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::before::Before;
use super::meeting::SUCCESSOR;
use super::pair::{Pair, cut_short};
use super::rollback::{Left, Rollback};
use super::tally::{Run, Violation};
use super::{Ended, Undisturbed};
use crate::{Bench, Deployer, Ending, Reached, Why, crew};

/// A deploy that died, and a rollback of it to which nothing happened.
struct Death {
    call: usize,
    calls_of_rollback: usize,
    left: Left,
    commands: BTreeSet<String>,
}

/// Lets every `stride`-th of all pairs happen: with 1 every one. A third process rolls back what the second
/// did not: all must be left as by one rollback to which nothing happened.
///
/// # Errors
/// If such a rollback does not end as it should.
pub fn pairs_going_back(
    undisturbed: &Undisturbed,
    stride: NonZeroUsize,
) -> Result<Vec<Run>, Violation> {
    let calls: Vec<usize> = (0..undisturbed.calls.len()).collect();
    let deaths = crew::each(&calls, async |call| rolled_back(undisturbed, *call).await);
    let deaths: Vec<Option<Death>> = deaths.into_iter().collect::<Result<_, _>>()?;
    let deaths: Vec<Death> = deaths.into_iter().flatten().collect();
    let chosen = Pair::chosen(deaths.iter().map(|it| (it.call, it.calls_of_rollback)), stride);
    Ok(crew::each(&chosen, async |pair| {
        let death = deaths.iter().find(|death| death.call == pair.first);
        let death = death.expect("pairs are chosen of these");
        pair.run(undisturbed, async |reached| take_place(undisturbed, *pair, death, reached).await)
            .await
    }))
}

/// Rolls a deploy back that died after a call; none where it had not written a word, as then it is the
/// deploy before that each of two rollbacks is about.
async fn rolled_back(undisturbed: &Undisturbed, call: usize) -> Result<Option<Death>, Violation> {
    let scenario = undisturbed.scenario;
    let bench = scenario.bench().await;
    let before = Before::of(scenario, &bench);
    scenario.run(&bench.ann, &Pair::dying(call)).await;
    let who = Deployer::new(&bench.world, &bench.shop, SUCCESSOR);
    let rollback = Rollback::by(&who, &bench).await;
    if before.is_found_by(&rollback) {
        return Ok(None);
    }
    let left = rollback.left(&bench).await.map_err(|what| Violation {
        context: format!("{}, dies after call {call}, rolled back", scenario.name()),
        what,
    })?;
    let (calls_of_rollback, commands) = (rollback.calls, commands_of(&who));
    Ok(Some(Death { call, calls_of_rollback, left, commands }))
}

async fn take_place(
    undisturbed: &Undisturbed,
    pair: Pair,
    death: &Death,
    reached: &mut Reached,
) -> Result<Ended, String> {
    let bench = undisturbed.scenario.bench().await;
    undisturbed.scenario.run(&bench.ann, &Pair::dying(pair.first)).await;
    let who = Deployer::new(&bench.world, &bench.shop, SUCCESSOR);
    let ending = who.roll_back_over(&pair.disturbing()).await;
    let is_back = matches!(&ending, Ending::Told(told) if told.is_ok());
    let left = match is_back {
        true => Left::Back(bench.settled().await.to_string()),
        false => left_by_third(&who, &bench, reached).await?,
    };
    reached.hear(&who.events);
    bench.judge_course()?;
    if left != death.left {
        let difference = left.difference(&death.left);
        return Err(format!("the way back led elsewhere:\n{difference}"));
    }
    let (commands, expected) = (commands_of(&who), &death.commands);
    if commands != *expected {
        return Err(format!("it ran {commands:?}, and not {expected:?}"));
    }
    Ok(if is_back { Ended::RolledBack } else { cut_short(&ending) })
}

/// What one more rollback leaves behind, which may find that all is done.
async fn left_by_third(
    who: &Deployer,
    bench: &Bench,
    reached: &mut Reached,
) -> Result<Left, String> {
    let mut third = Rollback::by(who, bench).await;
    if third.refusal() == Some(Why::NothingBegun) {
        // The second died before it wrote a word. The lock is free now, and it asks to be run again.
        third.left(bench).await?;
        third = Rollback::by(who, bench).await;
    }
    reached.note(&third.ended);
    match third.refusal() {
        Some(Why::RolledBack) => Ok(Left::Back(bench.settled().await.to_string())),
        _ => third.left(bench).await,
    }
}

fn commands_of(who: &Deployer) -> BTreeSet<String> {
    who.commands.started().into_iter().collect()
}
