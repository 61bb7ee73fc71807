//! Variables of containers.

use std::collections::BTreeSet;

use super::Calls;
use super::part::{Finding, Part};

/// How many files of variables a container may have.
const MOST_FILES: usize = 10;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    calls.containers().iter().flat_map(check_container).collect()
}

fn check_container(container: &Part<'_>) -> Vec<Finding> {
    let plain = container.elements("environment");
    let plain: BTreeSet<&str> = plain.iter().filter_map(|variable| variable.text("name")).collect();
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for secret in container.elements("secrets") {
        let Some(name) = secret.text("name") else { continue };
        if !seen.insert(name) {
            findings.push(secret.refuse(format!("the container has two secrets `{name}`")));
        } else if plain.contains(name) {
            let why = format!("`{name}` is in `environment` as well: leave it out of one of them");
            findings.push(secret.refuse(why));
        }
    }
    let files = container.elements("environmentFiles");
    if files.len() > MOST_FILES {
        let why =
            format!("there are {} files, and a container has {MOST_FILES} at most", files.len());
        findings.push(container.refuse_member("environmentFiles", why));
    }
    let is_arn = |file: &Part<'_>| file.text("value").is_none_or(|value| value.starts_with("arn:"));
    findings.extend(files.iter().filter(|file| !is_arn(file)).map(|file| {
        file.refuse_member("value", "expected the ARN of a file in S3: `arn:…:s3:::BUCKET/KEY`")
    }));
    findings
}
