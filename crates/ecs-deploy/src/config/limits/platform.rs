//! What tasks run on, and which of it they share.

use super::Calls;
use super::part::Finding;

const ARCHITECTURES: [&str; 2] = ["X86_64", "ARM64"];

/// Systems of task definitions; which of them Fargate has changes with time.
const SYSTEMS: [&str; 10] = [
    "LINUX",
    "WINDOWS_SERVER_2004_CORE",
    "WINDOWS_SERVER_2016_FULL",
    "WINDOWS_SERVER_2019_CORE",
    "WINDOWS_SERVER_2019_FULL",
    "WINDOWS_SERVER_2022_CORE",
    "WINDOWS_SERVER_2022_FULL",
    "WINDOWS_SERVER_2025_CORE",
    "WINDOWS_SERVER_2025_FULL",
    "WINDOWS_SERVER_20H2_CORE",
];

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let task = calls.task();
    let platform = task.member("runtimePlatform");
    let platform = platform.iter().flat_map(|platform| {
        [
            platform.one_of("cpuArchitecture", &ARCHITECTURES),
            // A system that AWS gets later is not known here.
            platform.one_of("operatingSystemFamily", &SYSTEMS).filter(|_| {
                let name = platform.text("operatingSystemFamily").unwrap_or_default();
                !name.starts_with("WINDOWS_SERVER_")
            }),
        ]
    });
    let mut findings: Vec<Finding> = platform.flatten().collect();
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
