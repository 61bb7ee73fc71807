//! Step 9: exchange the priorities, in one call for each listener, and read them back.

use std::collections::BTreeMap;

use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::meddling;
use crate::names::Color;
use crate::pace::Pace;
use crate::plan::Refusal;
use crate::traffic::{RuleArn, Traffic};

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    let color = work.color_to_serve()?;
    let traffic = work.traffic().await?;
    let to = traffic.priorities_for(color);
    match work.journal().rollback {
        None => refuse_changes(work, &traffic, color).await?,
        Some(_) => warn_of_the_rest(work, &traffic),
    }
    for to in &to {
        work.perform(Effect::ExchangePriorities { to: to.clone() }).await?;
    }
    let now = read_back(work, &traffic, &to).await?;
    refuse_undone(work, &now, to, color)?;
    Ok(Detail::Serves { color })
}

/// Reads the rules until all have moved: an answer may lag behind the change.
async fn read_back(
    work: &Work<'_>,
    before: &Traffic,
    to: &[BTreeMap<RuleArn, u32>],
) -> Result<Traffic, DeployError> {
    let mut pace = Pace::new();
    loop {
        let now = work.traffic().await?;
        let has_moved = |to: &BTreeMap<RuleArn, u32>| now.has_priorities(to);
        let is_late =
            |to: &BTreeMap<RuleArn, u32>| !has_moved(to) && is_as_before(before, &now, to);
        if !to.iter().any(is_late) || work.patience.is_over() {
            return Ok(now);
        }
        pace.see(());
        work.patience.pause(pace.wait()).await?;
    }
}

/// Whether rules stand as they did before they were to be moved.
fn is_as_before(before: &Traffic, now: &Traffic, to: &BTreeMap<RuleArn, u32>) -> bool {
    let number = |traffic: &Traffic, arn| traffic.rule(arn).and_then(crate::traffic::Rule::number);
    to.keys().all(|arn| number(before, arn) == number(now, arn))
}

fn refuse_undone(
    work: &Work<'_>,
    now: &Traffic,
    to: Vec<BTreeMap<RuleArn, u32>>,
    color: Color,
) -> Result<(), DeployError> {
    let is_rollback = work.journal().rollback.is_some();
    let left = match now.check() {
        _ if !to.iter().all(|to| now.has_priorities(to)) || !now.is_live(color) => now
            .live()
            .map_or("both colors are live".to_owned(), |live| format!("now {live} is live")),
        Err(refusal) if !is_rollback => refusal.to_string(),
        _ => return Ok(()),
    };
    let to = to.into_iter().flatten().collect();
    Err(DeployError::Forbidden {
        effect: Box::new(Effect::ExchangePriorities { to }),
        reason: format!("the rules were changed at the same time; {left}"),
    })
}

/// Every rule must stand as step 3 saw it, or as the exchange leaves it, and no other may lead to a
/// color.
async fn refuse_changes(
    work: &Work<'_>,
    traffic: &Traffic,
    color: Color,
) -> Result<(), DeployError> {
    let to: BTreeMap<RuleArn, u32> = traffic.priorities_for(color).into_iter().flatten().collect();
    let is_known = work.journal().before.is_none_or(|before| {
        before.priorities.keys().eq(to.keys())
            && traffic.priorities().into_iter().all(|(arn, number)| {
                before.priorities.get(&arn) == Some(&number) || to.get(&arn) == Some(&number)
            })
    });
    match traffic.check() {
        _ if !is_known && !traffic.is_live(color) => {}
        Err(refusal) if !refusal.is_mixed => return Err(Refusal::from(refusal).into()),
        _ => return Ok(()),
    }
    let changed = meddling::list(&meddling::look(work).await?);
    Err(DeployError::Forbidden {
        effect: Box::new(Effect::ExchangePriorities { to }),
        reason: format!(
            "the rules were changed since step 3 ({changed}); resume to go on from there"
        ),
    })
}

/// A rollback moves what it can, and reports the rest.
fn warn_of_the_rest(work: &Work<'_>, traffic: &Traffic) {
    if let Err(refusal) = traffic.check() {
        let rest = refusal.problems.iter().filter(|_| !refusal.is_mixed);
        rest.for_each(|problem| {
            work.patience.reporter.warn(format!("not moved: {}", problem.what))
        });
    }
}
