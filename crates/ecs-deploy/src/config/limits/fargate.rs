//! What Fargate, or awsvpc, has not.

use super::Calls;
use super::part::{Finding, Part};

const OF_TASKS: [&str; 2] = ["placementConstraints", "inferenceAccelerators"];

const OF_CONTAINERS: [&str; 9] = [
    "disableNetworking",
    "dnsSearchDomains",
    "dnsServers",
    "dockerSecurityOptions",
    "extraHosts",
    "hostname",
    "links",
    "privileged",
    // GPUs and other devices.
    "resourceRequirements",
];

const OF_LINUX: [&str; 4] = ["devices", "maxSwap", "sharedMemorySize", "swappiness"];

/// The one capability that may be added.
const CAPABILITY: &str = "SYS_PTRACE";

const ULIMITS: [&str; 15] = [
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let containers = calls.containers();
    let of_containers = containers.iter().flat_map(check_container);
    there(&calls.task(), &OF_TASKS).into_iter().chain(of_containers).collect()
}

fn check_container(container: &Part<'_>) -> Vec<Finding> {
    let mut findings = there(container, &OF_CONTAINERS);
    if let Some(linux) = container.member("linuxParameters") {
        findings.extend(there(&linux, &OF_LINUX));
        let capabilities = linux.member("capabilities");
        let added = capabilities.iter().flat_map(|capabilities| capabilities.elements("add"));
        let refused = added.filter(|it| it.as_text().is_some_and(|name| name != CAPABILITY));
        let why = format!("Fargate lets no capability be added but {CAPABILITY}");
        findings.extend(refused.map(|capability| capability.refuse(why.clone())));
    }
    findings.extend(container.elements("ulimits").iter().filter_map(check_ulimit));
    findings
}

/// Refuses members that are there and say something.
fn there(part: &Part<'_>, names: &[&'static str]) -> Vec<Finding> {
    let members = names.iter().filter_map(|name| part.member(name));
    let said = members.filter(|member| !member.is_empty());
    said.map(|member| member.refuse("a task on Fargate can't have it: leave it out")).collect()
}

fn check_ulimit(ulimit: &Part<'_>) -> Option<Finding> {
    if let Some(finding) = ulimit.one_of("name", &ULIMITS) {
        return Some(finding);
    }
    let (soft, hard) = (ulimit.integer("softLimit")?, ulimit.integer("hardLimit")?);
    // -1 stands for no limit.
    (hard >= 0 && soft > hard).then(|| {
        let why = format!("it is {soft}, more than the `hardLimit` of {hard}");
        ulimit.refuse_member("softLimit", why)
    })
}
