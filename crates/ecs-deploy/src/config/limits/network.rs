//! The network of a task set, and the registries that know its tasks.

use super::Calls;
use super::part::Finding;

const MOST_SUBNETS: usize = 16;

const MOST_SECURITY_GROUPS: usize = 5;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let task_set = calls.task_set();
    let network = task_set.member("networkConfiguration");
    let network = network.and_then(|network| network.member("awsvpcConfiguration"));
    let mut findings = Vec::new();
    if let Some(network) = network {
        for (name, most) in [("subnets", MOST_SUBNETS), ("securityGroups", MOST_SECURITY_GROUPS)] {
            let count = network.elements(name).len();
            let why = format!("there are {count}, and AWS takes {most} at most");
            findings.extend((count > most).then(|| network.refuse_member(name, why)));
        }
        findings.extend(network.one_of("assignPublicIp", &["ENABLED", "DISABLED"]));
    }
    let registries = task_set.elements("serviceRegistries");
    if registries.len() > 1 {
        let why = "a task set has one service registry at most";
        findings.push(task_set.refuse_member("serviceRegistries", why));
    }
    for registry in &registries {
        if registry.integer("port").is_some() && registry.text("containerName").is_some() {
            let why = "a registry takes a `port`, or a `containerName` and its port, not both";
            findings.push(registry.refuse_member("port", why));
        }
        let unknown = registry.text("containerName").filter(|name| {
            !calls.containers().iter().any(|container| container.text("name") == Some(name))
        });
        let unknown = unknown.map(|name| format!("there is no container `{name}`"));
        findings.extend(unknown.map(|why| registry.refuse_member("containerName", why)));
    }
    findings
}
