//! What was disturbed is rolled back, and the version before must serve again.

use ecs_deploy::Mode;

use super::Meeting;
use super::before::Before;
use super::end::End;
use super::meeting::SUCCESSOR;
use super::returns::Returns;
use super::rollback::{Left, Rollback};
use super::scenario::SHA;
use super::tally::{Ended, Run};
use crate::snapshot::difference;
use crate::{Bench, Deployer, Reached, Why, crew};

/// Of all that were rolled back, every so many is deployed once more.
const DEPLOYED_AGAIN: usize = 5;

/// Lets faults be met, each in a world of its own; then a new process rolls back, whatever the deploy
/// had done.
pub fn meet_and_go_back(meetings: &[Meeting<'_>], returns: &Returns) -> Vec<Run> {
    crew::each(meetings, async |meeting| {
        meeting.run(async |reached| take_place(meeting, returns, reached).await).await
    })
}

/// A deploy that had not written a word when it was rolled back.
pub(super) enum Unbegun {
    /// It did not have the lock.
    Without,
    /// It had the lock, whose row tells of a deploy that was settled.
    WithTheLock,
}

/// A disturbed deploy that was rolled back.
pub(super) struct Retreat {
    pub left: Left,
    /// How the deploy had ended.
    pub ended: Ended,
    /// Whether that had not written a word, and who had the lock then.
    pub unbegun: Option<Unbegun>,
}

async fn take_place(
    meeting: &Meeting<'_>,
    returns: &Returns,
    reached: &mut Reached,
) -> Result<Ended, String> {
    let bench = meeting.undisturbed.scenario.bench().await;
    let retreat = retreat(meeting, &bench, reached).await?;
    returns.judge(&retreat)?;
    if let Some(why) = retreat.left.refusal() {
        return Ok(Ended::NoWayBack(why));
    }
    if retreat.unbegun.is_none() && meeting.call.is_multiple_of(DEPLOYED_AGAIN) {
        deploy_again(meeting, &bench).await?;
    }
    Ok(Ended::RolledBack)
}

/// Lets a fault be met and rolls back; judges what can be judged by itself.
pub(super) async fn retreat(
    meeting: &Meeting<'_>,
    bench: &Bench,
    reached: &mut Reached,
) -> Result<Retreat, String> {
    let before = Before::of(meeting.undisturbed.scenario, bench);
    // What fails the commands of the scenario is about the new version.
    let who = Deployer::new(&bench.world, &bench.shop, SUCCESSOR);
    let disturbed = meeting.disturb(bench, &who, Rollback::by(&who, bench)).await?;
    let ended = meeting.judge(&disturbed, reached)?;
    let rollback = rollback(bench, &who, ended, disturbed.taken_over).await?;
    reached.hear(&bench.ann.events);
    reached.hear(&who.events);
    reached.note(&rollback.ended);
    let left = rollback.left(bench).await?;
    let unbegun = before.is_found_by(&rollback).then(|| match rollback.finds_unbegun() {
        true => Unbegun::WithTheLock,
        false => Unbegun::Without,
    });
    match (&unbegun, left.refusal()) {
        (None, refusal) => before.judge(&rollback, refusal, bench)?,
        (Some(_), Some(Why::NothingBegun)) => before.judge_untouched(bench)?,
        (Some(_), _) => {}
    }
    bench.judge_course()?;
    Ok(Retreat { left, ended, unbegun })
}

/// The rollback that counts. One that refused while the program was paused has not stopped that: it
/// ended as it would have, and is rolled back then.
async fn rollback(
    bench: &Bench,
    who: &Deployer,
    ended: Ended,
    taken_over: Option<Rollback>,
) -> Result<Rollback, String> {
    let Some(taken_over) = taken_over else { return Ok(Rollback::by(who, bench).await) };
    if taken_over.ended.is_ok() || taken_over.finds_unbegun() {
        return Ok(taken_over);
    }
    taken_over.left(bench).await?;
    match ended {
        Ended::AtOnce => Ok(Rollback::by(who, bench).await),
        _ => Err(format!("a rollback that refused kept it from its end: {ended}")),
    }
}

/// A rollback leaves nothing behind that the next deploy of the build would mind.
async fn deploy_again(meeting: &Meeting<'_>, bench: &Bench) -> Result<(), String> {
    let ended = bench.ann.deploy(SHA, Mode::Fresh).await;
    if End::of(&ended) != meeting.undisturbed.end {
        return Err(format!("deployed again, it ended otherwise: {ended:?}"));
    }
    let settled = bench.settled().await.to_string();
    let (cloud, undisturbed) = (without_row(&settled), without_row(&meeting.undisturbed.snapshot));
    if cloud != undisturbed {
        let difference = difference(&undisturbed, &cloud);
        return Err(format!("deployed again, it left other things behind:\n{difference}"));
    }
    match &bench.violations()[..] {
        [] => Ok(()),
        violations => Err(format!("deployed again: {violations:#?}")),
    }
}

/// A snapshot without the lock's row, which tells of what was before.
fn without_row(snapshot: &str) -> String {
    let lines = snapshot.lines().filter(|line| !line.starts_with("lock "));
    lines.collect::<Vec<_>>().join("\n")
}
