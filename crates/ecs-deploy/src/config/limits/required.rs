//! Members that structures of the API can't do without.

use super::Calls;
use super::part::{Finding, Part};

/// Structures of a container and what each must have.
const OF_CONTAINERS: [(&str, &[&str]); 10] = [
    ("dependsOn", &["containerName", "condition"]),
    ("environmentFiles", &["value", "type"]),
    ("firelensConfiguration", &["type"]),
    ("healthCheck", &["command"]),
    ("logConfiguration", &["logDriver"]),
    ("mountPoints", &["sourceVolume"]),
    ("repositoryCredentials", &["credentialsParameter"]),
    ("restartPolicy", &["enabled"]),
    ("secrets", &["name", "valueFrom"]),
    ("ulimits", &["name", "softLimit", "hardLimit"]),
];

/// Structures of a volume and what each must have.
const OF_VOLUMES: [(&str, &[&str]); 2] = [
    ("efsVolumeConfiguration", &["fileSystemId"]),
    ("s3filesVolumeConfiguration", &["fileSystemArn"]),
];

const OF_TASKS: [(&str, &[&str]); 2] =
    [("ephemeralStorage", &["sizeInGiB"]), ("proxyConfiguration", &["containerName"])];

const OF_TASK_SETS: [(&str, &[&str]); 1] = [("capacityProviderStrategy", &["capacityProvider"])];

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let containers = calls.containers();
    let volumes = calls.task().elements("volumes");
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(containers.iter().flat_map(|it| check_all(it, &OF_CONTAINERS)));
    findings.extend(volumes.iter().flat_map(|it| check_all(it, &OF_VOLUMES)));
    findings.extend(check_all(&calls.task(), &OF_TASKS));
    findings.extend(check_all(&calls.task_set(), &OF_TASK_SETS));
    findings
}

fn check_all(part: &Part<'_>, all: &[(&'static str, &[&'static str])]) -> Vec<Finding> {
    all.iter().flat_map(|(name, members)| check_each(part, name, members)).collect()
}

/// The structure that a member is, or each of those that it lists.
fn check_each(part: &Part<'_>, name: &'static str, members: &[&'static str]) -> Vec<Finding> {
    let listed = part.elements(name);
    let alone = part.member(name).filter(Part::is_structure);
    let structures = listed.into_iter().chain(alone);
    structures.filter_map(|structure| first_missing(&structure, members)).collect()
}

fn first_missing(structure: &Part<'_>, members: &[&'static str]) -> Option<Finding> {
    let is_missing = |name| structure.member(name).is_none_or(|member| member.is_blank());
    let missing = members.iter().find(|name| is_missing(name))?;
    Some(structure.refuse(format!("`{missing}` is missing")))
}
