//! How containers end, and are started again.

use super::Calls;
use super::part::{Finding, Part};

/// How long Fargate waits at most for a container to end, in seconds.
const LONGEST_STOP: i64 = 120;

/// How many exit codes a restart policy may ignore.
const MOST_EXIT_CODES: usize = 50;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let containers = calls.containers();
    containers.iter().flat_map(|it| [check_stop(it), check_restart(it)]).flatten().collect()
}

fn check_stop(container: &Part<'_>) -> Option<Finding> {
    let timeout = container.integer("stopTimeout").filter(|timeout| *timeout > LONGEST_STOP)?;
    let why = format!("it is {timeout}, and {LONGEST_STOP} seconds are the most on Fargate");
    Some(container.refuse_member("stopTimeout", why))
}

fn check_restart(container: &Part<'_>) -> Option<Finding> {
    let policy = container.member("restartPolicy")?;
    let codes = policy.elements("ignoredExitCodes").len();
    if codes > MOST_EXIT_CODES {
        let why = format!("there are {codes} exit codes, and AWS takes {MOST_EXIT_CODES} at most");
        return Some(policy.refuse_member("ignoredExitCodes", why));
    }
    policy.within("restartAttemptPeriod", 60..=1800, " seconds")
}
