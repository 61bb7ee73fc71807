use crate::{Milestone, Why};

/// What a whole battery must come by. Refusals, which change nothing, are the business of random schedules
/// and of other tests.
pub fn must() -> impl Iterator<Item = Milestone> {
    Milestone::of_effects().chain(ENDS.map(Milestone::End))
}

/// What a whole battery of ways back must come by.
pub fn must_going_back() -> impl Iterator<Item = Milestone> {
    [Why::NothingBegun, Why::VersionBeforeGone].map(Milestone::End).into_iter()
}

const ENDS: [Why; 6] =
    [Why::Displaced, Why::UnknownBuild, Why::Denied, Why::Command, Why::Rollout, Why::Interrupted];
