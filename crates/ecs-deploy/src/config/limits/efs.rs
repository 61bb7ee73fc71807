//! File systems of EFS.

use super::Calls;
use super::part::{Finding, Part};

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let volumes = calls.task().elements("volumes");
    let systems = volumes.iter().filter_map(|volume| volume.member("efsVolumeConfiguration"));
    systems.flat_map(|system| check_system(&system)).collect()
}

fn check_system(system: &Part<'_>) -> Vec<Finding> {
    let words = ["ENABLED", "DISABLED"];
    let mut findings: Vec<Finding> =
        system.one_of("transitEncryption", &words).into_iter().collect();
    let authorization = system.member("authorizationConfig");
    findings.extend(authorization.as_ref().and_then(|it| it.one_of("iam", &words)));
    let access_point = authorization.as_ref().and_then(|it| it.text("accessPointId"));
    let by_role = authorization.as_ref().and_then(|it| it.text("iam")) == Some("ENABLED");
    if system.text("transitEncryption").unwrap_or("DISABLED") == "DISABLED" {
        let needs = [
            (by_role, "`iam`"),
            (access_point.is_some(), "an access point"),
            (system.integer("transitEncryptionPort").is_some(), "`transitEncryptionPort`"),
        ];
        if let Some((_, what)) = needs.iter().find(|(is_there, _)| *is_there) {
            let why = format!("{what} needs `transitEncryption`: set it to `ENABLED`");
            findings.push(system.refuse(why));
        }
    }
    if access_point.is_some() && system.text("rootDirectory").is_some_and(|folder| folder != "/") {
        let why = "an access point has its own root: leave it out, or set it to `/`";
        findings.push(system.refuse_member("rootDirectory", why));
    }
    findings
}
