//! What was disturbed is rolled back, and the version before must serve again.

use ecs_deploy::Mode;

use super::end::End;
use super::meeting::SUCCESSOR;
use super::returns::Returns;
use super::rollback::{Before, Left, Reason, Rollback};
use super::scenario::{SHA, Scenario};
use super::tally::{Ended, Run};
use super::{Meeting, Reached, crew};
use crate::snapshot::difference;
use crate::{Bench, Deployer};

/// Of all that were rolled back, every so many is deployed once more.
const DEPLOYED_AGAIN: usize = 5;

/// The build that is deployed.
const BUILD: u64 = 1;

/// Lets faults be met, each in a world of its own; then a new process rolls back, whatever the deploy
/// had done.
pub fn meet_and_go_back(meetings: &[Meeting<'_>], returns: &Returns) -> Vec<Run> {
    crew::each(meetings, async |meeting| {
        meeting.run(async |reached| take_place(meeting, returns, reached).await).await
    })
}

/// A disturbed deploy that was rolled back.
pub(super) struct Retreat {
    pub left: Left,
    /// How the deploy had ended.
    pub ended: Ended,
    /// Whether that had not written a word.
    pub is_unbegun: bool,
}

async fn take_place(
    meeting: &Meeting<'_>,
    returns: &Returns,
    reached: &mut Reached,
) -> Result<Ended, String> {
    let bench = meeting.undisturbed.scenario.bench().await;
    let retreat = retreat(meeting, &bench, reached).await?;
    returns.judge(&retreat)?;
    if let Some(reason) = retreat.left.refusal() {
        return Ok(Ended::NoWayBack(reason));
    }
    if !retreat.is_unbegun && meeting.call.is_multiple_of(DEPLOYED_AGAIN) {
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
    let before = Before::of(bench);
    // What fails the commands of the scenario is about the new version.
    let who = Deployer::new(&bench.world, &bench.shop, SUCCESSOR);
    let disturbed = meeting.disturb(bench, &who, Rollback::by(&who, bench)).await?;
    let ended = meeting.judge(&disturbed, reached)?;
    let rollback = rollback(bench, &who, ended, disturbed.taken_over).await?;
    reached.hear(&bench.ann);
    reached.hear(&who);
    reached.note(&rollback.ended);
    let left = rollback.left(bench).await?;
    let is_unbegun = before.is_found_by(&rollback);
    if !is_unbegun {
        let right = reason_against(meeting.undisturbed.scenario, &rollback);
        judge_begun(bench, &before, left.refusal(), right)?;
    }
    bench.judge_course()?;
    Ok(Retreat { left, ended, is_unbegun })
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
    if taken_over.ended.is_ok() {
        return Ok(taken_over);
    }
    taken_over.left(bench).await?;
    match ended {
        Ended::AtOnce => Ok(Rollback::by(who, bench).await),
        _ => Err(format!("a rollback that refused kept it from its end: {ended}")),
    }
}

/// Whether a rollback of the very deploy that was disturbed did what is right.
fn judge_begun(
    bench: &Bench,
    before: &Before,
    refusal: Option<Reason>,
    right: Option<Reason>,
) -> Result<(), String> {
    if refusal != right {
        return Err(format!("its refusal is {refusal:?}, and should be {right:?}"));
    }
    if refusal.is_some() {
        return Ok(());
    }
    before.judge(bench)?;
    match bench.shop.success_tag(&bench.world, BUILD) {
        Some(tag) if tag == "success" => Err("what was rolled back is a success".to_owned()),
        _ => Ok(()),
    }
}

/// Why a rollback of a scenario's deploy has to refuse, if it has to.
fn reason_against(scenario: Scenario, rollback: &Rollback) -> Option<Reason> {
    let journal = rollback.found.as_ref().and_then(|state| state.journal.as_ref());
    let has_looked = journal.is_some_and(|journal| journal.before.is_some());
    match scenario {
        Scenario::First => Some(Reason::Gone),
        // Two sets stand on the color that serves, and which of them is PRIMARY is not on record.
        Scenario::Several if !has_looked => Some(Reason::Several),
        _ => None,
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
