//! What there was before a deploy, and is to be again once that is rolled back.

use ecs_deploy::journal::State;

use super::rollback::Rollback;
use super::scenario::{BUILD, Scenario};
use crate::snapshot::difference;
use crate::tables::{is_released, on_record};
use crate::{Bench, Snapshot, Why};

/// What there was before a scenario's deploy.
pub(super) struct Before {
    scenario: Scenario,
    on_record: Option<State>,
    served: Snapshot,
    image: String,
}

impl Before {
    pub(super) fn of(scenario: Scenario, bench: &Bench) -> Self {
        let (world, shop) = (&bench.world, &bench.shop);
        Self {
            scenario,
            on_record: shop.lock_row(world).as_ref().and_then(on_record),
            served: Snapshot::of_what_serves(world, shop),
            image: shop.primary(world).map(|set| set.image).unwrap_or_default(),
        }
    }

    /// Whether a rollback found the row as it was, and so goes back from the deploy before.
    pub(super) fn is_found_by(&self, rollback: &Rollback) -> bool {
        rollback.found == self.on_record
    }

    /// Whether a rollback of the scenario's deploy did what is right: it brought this back, or refused
    /// where it has to.
    pub(super) fn judge(
        &self,
        rollback: &Rollback,
        refusal: Option<Why>,
        bench: &Bench,
    ) -> Result<(), String> {
        let right = self.reason_against();
        if refusal != right {
            return Err(format!("its refusal is {refusal:?}, and should be {right:?}"));
        }
        if refusal.is_some() {
            return Ok(());
        }
        rollback.judge_commands(&self.image)?;
        if bench.shop.success_tag(&bench.world, BUILD).as_deref() == Some("success") {
            return Err("what was rolled back is a success".to_owned());
        }
        self.judge_what_serves(bench)
    }

    /// Whether a rollback that refused to undo the deploy before left that as it was, and freed the lock.
    pub(super) fn judge_untouched(&self, bench: &Bench) -> Result<(), String> {
        let row = bench.shop.lock_row(&bench.world).ok_or("there is no row any more")?;
        if !is_released(&row) || on_record(&row) != self.on_record {
            return Err(format!("the row is not released as it was: {row:?}"));
        }
        self.judge_what_serves(bench)
    }

    fn judge_what_serves(&self, bench: &Bench) -> Result<(), String> {
        let serves = Snapshot::of_what_serves(&bench.world, &bench.shop);
        if serves == self.served {
            return Ok(());
        }
        let difference = difference(&self.served.to_string(), &serves.to_string());
        Err(format!("it is not the version before that serves:\n{difference}"))
    }

    /// Why a rollback of the scenario's deploy has to refuse, if it has to.
    fn reason_against(&self) -> Option<Why> {
        (self.scenario == Scenario::First).then_some(Why::VersionBeforeGone)
    }
}
