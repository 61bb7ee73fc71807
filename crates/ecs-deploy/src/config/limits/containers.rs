//! The containers as a whole.

use super::Calls;
use super::part::Finding;

/// How many containers a task may have.
const MOST_CONTAINERS: usize = 10;

/// How many bytes of JSON a task definition may have.
const MOST_BYTES: usize = 64 << 10;

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let (task, containers) = (calls.task(), calls.containers());
    let mut findings = Vec::new();
    if containers.len() > MOST_CONTAINERS {
        let count = containers.len();
        let why = format!("there are {count} containers, and a task has {MOST_CONTAINERS} at most");
        findings.push(task.refuse_member("containerDefinitions", why));
    }
    if containers.iter().all(|container| container.boolean("essential") == Some(false)) {
        let why = "no container is essential, and a task needs one: leave out `essential` of the main one";
        findings.push(task.refuse_member("containerDefinitions", why));
    }
    let length = task.length();
    if length > MOST_BYTES {
        let why = format!(
            "the task definition has {length} bytes, and AWS takes {MOST_BYTES} at most: keep long \
             values elsewhere, such as in a file in S3 that `environmentFiles` names"
        );
        findings.push(task.refuse_member("containerDefinitions", why));
    }
    findings
}
