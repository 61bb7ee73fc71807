//! Where containers log to.

use super::Calls;
use super::part::{Finding, Part};

const DRIVERS: [&str; 3] = ["awslogs", "splunk", "awsfirelens"];

/// Options that awslogs needs on Fargate.
const AWSLOGS: [&str; 3] = ["awslogs-group", "awslogs-region", "awslogs-stream-prefix"];

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let containers = calls.containers();
    let logs: Vec<Part<'_>> =
        containers.iter().filter_map(|container| container.member("logConfiguration")).collect();
    let mut findings: Vec<Finding> = logs.iter().filter_map(check_driver).collect();
    let mut routers =
        containers.iter().filter_map(|container| container.member("firelensConfiguration"));
    let mut routed = logs.iter().filter(|log| log.text("logDriver") == Some("awsfirelens"));
    match (routers.next(), routed.next()) {
        (None, Some(log)) => {
            let why = "awsfirelens needs a container with a `firelensConfiguration`, which routes the logs";
            findings.push(log.refuse(why));
        }
        (Some(router), None) => {
            let why = "no container logs through it: a `logDriver` has to be awsfirelens";
            findings.push(router.refuse(why));
        }
        _ => {}
    }
    findings
}

fn check_driver(log: &Part<'_>) -> Option<Finding> {
    if log.text("logDriver") != Some("awslogs") {
        return log.one_of("logDriver", &DRIVERS);
    }
    let secrets = log.elements("secretOptions");
    let is_there = |option: &str| {
        log.keys("options").any(|key| key == option)
            || secrets.iter().any(|secret| secret.text("name") == Some(option))
    };
    let missing: Vec<String> =
        AWSLOGS.iter().filter(|o| !is_there(o)).map(|o| format!("`{o}`")).collect();
    let why = || format!("awslogs needs the options {} on Fargate", missing.join(", "));
    (!missing.is_empty()).then(|| log.refuse(why()))
}
