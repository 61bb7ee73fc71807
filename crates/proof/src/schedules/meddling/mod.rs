//! What people do behind the deployers' backs.

mod by_hand;

use std::time::Duration;

use dynamolock::names;
use ecs_deploy_sandbox::model::dynamo::Item;
use tokio::time::sleep;

use self::by_hand::{
    delete_set, deregister_strangers, garble_row, go_back, mark_another, mark_what_serves,
    place_set, register_stranger, renumber_rules, stop_task, swap_rules, switch_off,
};
use super::stage::Stage;
use crate::tables::is_released;

/// Something that is done by hand.
///
/// In a storm, all but the stopped task is done while nobody works under the lock, as by somebody who
/// asks first: what happens between a deploy's look and its change can't be fenced. Nor does a deploy
/// take into account what answers don't show yet, so they show at once what was done by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meddling {
    /// The rules are exchanged, where the other color has a healthy target.
    SwapRules,
    /// The rules are given other numbers, in the order that they have.
    RenumberRules,
    /// Another set that runs is marked PRIMARY.
    MarkAnother,
    /// The rules are exchanged, and the set that then serves is marked PRIMARY.
    GoBack,
    /// A set is deleted that neither serves nor is PRIMARY.
    DeleteSet,
    /// A set that neither serves nor is PRIMARY is scaled to nothing.
    SwitchOff,
    /// A set is put on the color that does not serve.
    PlaceSet,
    /// A task is stopped, where its color has another healthy one.
    StopTask,
    /// Something that is no task is registered with the color that does not serve.
    RegisterStranger,
    /// What the lock's row tells of the last deploy is overwritten.
    GarbleRow,
}

/// What is in the sets that are placed by hand.
pub(super) const BY_HAND: &str = "by-hand:1";

/// How long nothing is written to the row of a lock whose holder is dead or paused, in seconds.
const SILENCE: u32 = 13;

/// How long nothing is written to the row of a lock that nobody holds, until answers no longer lag behind
/// the last deploy.
const LAG: u32 = 3;

/// How long somebody waits for a quiet moment, in seconds, before they leave it.
const PATIENCE: u32 = 300;

impl Meddling {
    /// All there is.
    pub const ALL: [Self; 10] = [
        Self::SwapRules,
        Self::RenumberRules,
        Self::MarkAnother,
        Self::GoBack,
        Self::DeleteSet,
        Self::SwitchOff,
        Self::PlaceSet,
        Self::StopTask,
        Self::RegisterStranger,
        Self::GarbleRow,
    ];

    /// The read that is the first to show it, if a single one tells the whole of it.
    pub(super) fn shown_by(self) -> Option<&'static str> {
        match self {
            Self::SwapRules | Self::RenumberRules => Some("DescribeRules"),
            Self::MarkAnother | Self::DeleteSet | Self::SwitchOff | Self::PlaceSet => {
                Some("DescribeServices")
            }
            Self::StopTask | Self::RegisterStranger => Some("DescribeTargetHealth"),
            Self::GoBack | Self::GarbleRow => None,
        }
    }

    /// Does it once it is quiet, or nothing where that would do harm by itself.
    pub(super) async fn take_place(self, stage: &Stage) {
        if self == Self::StopTask || is_quiet(stage).await {
            self.take_place_now(stage);
        }
    }

    /// Does it, or nothing where that would do harm by itself.
    pub(super) fn take_place_now(self, stage: &Stage) {
        let lag = stage.let_answers_lag(Duration::ZERO);
        let done = match self {
            Self::SwapRules => swap_rules(stage).is_some(),
            Self::RenumberRules => renumber_rules(stage).is_some(),
            Self::MarkAnother => mark_another(stage).is_some(),
            Self::GoBack => go_back(stage).is_some(),
            Self::DeleteSet => delete_set(stage).is_some(),
            Self::SwitchOff => switch_off(stage).is_some(),
            Self::PlaceSet => place_set(stage).is_some(),
            Self::StopTask => stop_task(stage).is_some(),
            Self::RegisterStranger => register_stranger(stage).is_some(),
            Self::GarbleRow => garble_row(stage).is_some(),
        };
        stage.let_answers_lag(lag);
        if done {
            stage.course.trouble(&format!("{self:?}"), &self);
        }
    }
}

/// What a refused deploy asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mending {
    /// PRIMARY and what serves shall be the same again: what serves becomes PRIMARY, or where nothing
    /// does, what is PRIMARY serves.
    Untangle,
    /// What is registered and no task shall go.
    Deregister,
}

impl Mending {
    /// Does it once it is quiet.
    pub(super) async fn take_place(self, stage: &Stage) {
        if !is_quiet(stage).await {
            return;
        }
        match self {
            Self::Untangle => mark_what_serves(stage),
            Self::Deregister => deregister_strangers(stage),
        }
        stage.course.trouble(&format!("{self:?}"), &self);
    }
}

/// Waits until nobody works under the lock, and has not for a moment: it is free, or a failed deploy's, or
/// was not written for longer than a lease.
async fn is_quiet(stage: &Stage) -> bool {
    let (mut last, mut silent) = (stage.shop.lock_row(&stage.world), 0);
    for _ in 0..PATIENCE {
        sleep(Duration::from_secs(1)).await;
        let row = stage.shop.lock_row(&stage.world);
        silent = if row == last { silent + 1 } else { 0 };
        let is_free = row.as_ref().is_none_or(is_free);
        if silent >= (if is_free { LAG } else { SILENCE }) {
            return true;
        }
        last = row;
    }
    false
}

fn is_free(row: &Item) -> bool {
    let lease = row.get(names::LEASE_DURATION).map(|lease| format!("{lease:?}"));
    is_released(row) || lease.is_some_and(|lease| lease.contains("\"1ms\""))
}
