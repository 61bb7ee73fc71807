//! What tasks run on, and which of it they share.

use super::Calls;
use super::part::{Finding, Part};

const ARCHITECTURES: [&str; 2] = ["X86_64", "ARM64"];

/// How the names of Windows begin; which of them Fargate has changes with time.
const WINDOWS: &str = "WINDOWS_SERVER_";

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let task = calls.task();
    let platform = task.member("runtimePlatform");
    let mut findings: Vec<Finding> = platform.iter().flat_map(check_platform).collect();
    let storage = task.member("ephemeralStorage");
    findings.extend(storage.and_then(|it| it.within("sizeInGiB", 21..=200, " GiB")));
    findings.extend(task.one_of("pidMode", &["task"]));
    if task.text("ipcMode").is_some() {
        findings.push(task.refuse_member("ipcMode", "Fargate has none: leave it out"));
    }
    let proxy = task.member("proxyConfiguration");
    findings.extend(proxy.and_then(|proxy| {
        let name = proxy.text("containerName")?;
        let is_there = calls.containers().iter().any(|it| it.text("name") == Some(name));
        let why = || format!("there is no container `{name}`");
        (!is_there).then(|| proxy.refuse_member("containerName", why()))
    }));
    findings
}

fn check_platform(platform: &Part<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        platform.one_of("cpuArchitecture", &ARCHITECTURES).into_iter().collect();
    let system = platform.text("operatingSystemFamily");
    if system.is_some_and(|name| name != "LINUX" && !name.starts_with(WINDOWS)) {
        let why = "expected `LINUX`, or a Windows such as `WINDOWS_SERVER_2022_CORE`";
        findings.push(platform.refuse_member("operatingSystemFamily", why));
    }
    findings
}
