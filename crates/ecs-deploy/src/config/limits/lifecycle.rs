//! How containers end, and are started again.

use super::Calls;
use super::part::{Finding, Part};

/// How long ECS waits at least for a container to start or to end, in seconds.
const SHORTEST: i64 = 2;

/// How long Fargate waits at most for a container to end, in seconds.
const LONGEST_STOP: i64 = 120;

/// How many exit codes a restart policy may ignore.
const MOST_EXIT_CODES: usize = 50;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let containers = calls.containers();
    let of_each = |it: &Part<'_>| [check_start(it), check_stop(it), check_restart(it)];
    containers.iter().flat_map(of_each).flatten().collect()
}

fn check_start(container: &Part<'_>) -> Option<Finding> {
    let timeout = container.integer("startTimeout").filter(|timeout| *timeout < SHORTEST)?;
    let why = format!("it is {timeout}, and {SHORTEST} seconds are the least");
    Some(container.refuse_member("startTimeout", why))
}

fn check_stop(container: &Part<'_>) -> Option<Finding> {
    container.within("stopTimeout", SHORTEST..=LONGEST_STOP, " seconds on Fargate")
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
