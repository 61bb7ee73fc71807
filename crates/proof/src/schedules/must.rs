use crate::{Milestone, Why};

/// What ten thousand schedules together must come by: every outcome of every effect, and all that people,
/// faults and meddling lead to.
pub fn must() -> impl Iterator<Item = Milestone> {
    Milestone::of_effects().chain(ENDS.map(Milestone::End))
}

const ENDS: [Why; 24] = [
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
    Why::NothingToRollBack,
    Why::RolledBack,
    Why::VersionBeforeGone,
    Why::NotHealthy,
    Why::UnknownBuild,
    Why::Mixed,
    Why::SwitchedOff,
    Why::Incomplete,
    Why::TriedInVain,
    Why::Command,
    Why::Rollout,
    Why::Interrupted,
];
