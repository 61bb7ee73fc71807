//! Strategies of capacity providers.

use super::Calls;
use super::part::{Finding, Part};

pub(super) fn check(calls: &Calls) -> Vec<Finding> {
    let task_set = calls.task_set();
    let providers = task_set.elements("capacityProviderStrategy");
    let mut findings: Vec<Finding> = providers
        .iter()
        .flat_map(|it| [it.within("weight", 0..=1000, ""), it.within("base", 0..=100_000, "")])
        .flatten()
        .collect();
    let has = |name| move |provider: &&Part<'_>| provider.integer(name).is_some_and(|it| it != 0);
    if let Some(second) = providers.iter().filter(has("base")).nth(1) {
        let why = "two capacity providers have a `base`, and only one can";
        findings.push(second.refuse_member("base", why));
    }
    if providers.len() > 1 && !providers.iter().any(|provider| has("weight")(&provider)) {
        let why = "no capacity provider has a `weight` above 0, and one needs it";
        findings.push(task_set.refuse_member("capacityProviderStrategy", why));
    }
    findings
}
