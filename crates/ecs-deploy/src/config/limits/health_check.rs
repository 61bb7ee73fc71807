//! Health checks of containers. AWS takes commands without `CMD` or `CMD-SHELL`, too.

use super::Calls;
use super::part::Finding;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let containers = calls.containers();
    let checks = containers.iter().filter_map(|container| container.member("healthCheck"));
    checks
        .flat_map(|check| {
            [
                check.within("interval", 5..=300, " seconds"),
                check.within("timeout", 2..=60, " seconds"),
                check.within("retries", 1..=10, ""),
                check.within("startPeriod", 0..=300, " seconds"),
            ]
        })
        .flatten()
        .collect()
}
