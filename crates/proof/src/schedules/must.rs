//! What is to happen sometimes.

use crate::{Milestone, Why};

/// What many thousand schedules together must come by: every outcome of every effect, and all that people,
/// faults and meddling lead to.
pub fn must() -> impl Iterator<Item = Milestone> {
    Milestone::of_effects().chain(ENDS.map(Milestone::End))
}

const ENDS: [Why; 27] = [
    Why::Locked,
    Why::LockedByFailed,
    Why::LockedByDead,
    Why::LockedByUnknown,
    Why::LockInDoubt,
    Why::Displaced,
    Why::LeaseOver,
    Why::NothingToResume,
    Why::ResumesFinished,
    Why::ResumesRolledBack,
    Why::ResumesRollingBack,
    Why::ResumesOther,
    Why::NotResumable,
    Why::NothingToRollBack,
    Why::NotRollable,
    Why::RolledBack,
    Why::VersionBeforeGone,
    Why::NotHealthy,
    Why::UnknownBuild,
    Why::Mixed,
    Why::SwitchedOff,
    Why::Unfit,
    Why::Incomplete,
    Why::TriedInVain,
    Why::Command,
    Why::Rollout,
    Why::Interrupted,
];

/// What all intrusions together must come by: whatever can be noticed is.
pub fn must_of_intrusions() -> impl Iterator<Item = Milestone> {
    NOTICED.map(Milestone::End).into_iter()
}

const NOTICED: [Why; 13] = [
    Why::Meddled,
    Why::Forbidden,
    Why::Undone,
    Why::Stranger,
    Why::Unfit,
    Why::NewSetGone,
    Why::SwitchedOff,
    Why::Incomplete,
    Why::NotResumable,
    Why::NotRollable,
    Why::NotHealthy,
    Why::Several,
    Why::VersionBeforeGone,
];
