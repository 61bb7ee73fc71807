//! Where the way back from a deploy may lead.

use std::collections::BTreeSet;

use super::back::{Retreat, Unbegun, retreat};
use super::meeting::SUCCESSOR;
use super::rollback::{Left, Rollback};
use super::tally::{Ended, Violation};
use super::{Fault, Meeting, Undisturbed};
use crate::writers::is_change;
use crate::{Deployer, Line, Reached, Why, crew};

/// What rollbacks leave behind that follow on a deploy.
#[derive(Debug)]
pub struct Returns {
    /// On one that has not written a word: it is the one before that is rolled back.
    unbegun: Left,
    /// On one that nothing befell.
    whole: Left,
    /// On one that died before any of its changes.
    cut: BTreeSet<Left>,
}

impl Returns {
    /// Runs them all.
    ///
    /// # Errors
    /// If one does not end as it should.
    pub fn of(undisturbed: &Undisturbed) -> Result<Self, Violation> {
        let unbegun = crew::in_virtual_time(after_nothing(undisturbed));
        let whole = crew::in_virtual_time(after_the_deploy(undisturbed));
        let wrong = |what| {
            let context = format!("{}, rolled back", undisturbed.scenario.name());
            Violation { context, what }
        };
        Ok(Self {
            unbegun: unbegun.map_err(wrong)?,
            whole: whole.map_err(wrong)?,
            cut: after_deaths(undisturbed)?,
        })
    }

    /// Whether the way back from a disturbed deploy led where it may.
    pub(super) fn judge(&self, retreat: &Retreat) -> Result<(), String> {
        let Retreat { left, ended, unbegun } = retreat;
        let expected = match (unbegun, ended) {
            (Some(Unbegun::WithTheLock), _) if self.unbegun.refusal().is_none() => {
                &Left::Untouched(Why::NothingBegun)
            }
            (Some(_), _) => &self.unbegun,
            (None, Ended::AtOnce) => &self.whole,
            (None, _) if self.cut.contains(left) => left,
            (None, _) => left.nearest(&self.cut).unwrap_or(&self.whole),
        };
        match left == expected {
            true => Ok(()),
            false => Err(format!("the way back led elsewhere:\n{}", left.difference(expected))),
        }
    }
}

/// A rollback where the deploy would begin.
async fn after_nothing(undisturbed: &Undisturbed) -> Result<Left, String> {
    let bench = undisturbed.scenario.bench().await;
    let who = Deployer::new(&bench.world, &bench.shop, SUCCESSOR);
    Rollback::by(&who, &bench).await.left(&bench).await
}

async fn after_the_deploy(undisturbed: &Undisturbed) -> Result<Left, String> {
    let bench = undisturbed.scenario.bench().await;
    let who = Deployer::new(&bench.world, &bench.shop, SUCCESSOR);
    undisturbed.scenario.run(&bench.ann, &Line::default()).await;
    Rollback::by(&who, &bench).await.left(&bench).await
}

/// One after each death that leaves another change undone.
fn after_deaths(undisturbed: &Undisturbed) -> Result<BTreeSet<Left>, Violation> {
    let calls = (0..).zip(&undisturbed.calls).filter(|(_, operation)| is_change(operation));
    let meeting = |call| Meeting { undisturbed, fault: Fault::DiesBefore, call };
    let deaths: Vec<_> = calls.map(|(call, _)| meeting(call)).collect();
    let left = crew::each(&deaths, async |death| {
        let bench = undisturbed.scenario.bench().await;
        let retreat = retreat(death, &bench, &mut Reached::default()).await;
        retreat.map_err(|what| Violation { context: death.to_string(), what })
    });
    left.into_iter().map(|retreat| Ok(retreat?.left)).collect()
}
