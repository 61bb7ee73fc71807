//! What users saw, as a table.

use std::collections::BTreeSet;
use std::time::Instant;

use ecs_deploy_sandbox::run::traffic::Sample;

use crate::render::words::line;

/// When the swap took place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Swap {
    /// Right before the call.
    pub(super) began: Instant,
    /// When the last of the balancer's nodes has followed.
    pub(super) followed: Instant,
}

/// The width of a column.
const COLUMN: usize = 9;

/// The requests before, during and after the swap, by version and failed.
pub(super) fn table(samples: &[Sample], swap: Option<Swap>) -> Vec<String> {
    let versions: Vec<&str> = versions(samples);
    let mut rows =
        vec![line("", &row("requests", versions.iter().map(ToString::to_string), "failed"))];
    let Some(Swap { began, followed }) = swap else {
        rows.push(counted("no swap", samples.iter(), &versions));
        return rows;
    };
    let before = samples.iter().filter(|sample| sample.sent < began);
    let during = samples.iter().filter(|sample| sample.sent >= began && sample.sent < followed);
    let after = samples.iter().filter(|sample| sample.sent >= followed);
    rows.push(counted("before", before, &versions));
    rows.push(counted("during", during, &versions));
    rows.push(counted("after", after, &versions));
    rows
}

/// The versions in the order in which they first answered.
fn versions(samples: &[Sample]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let answered = samples.iter().filter(|sample| !sample.failed());
    answered.filter_map(version).filter(|version| seen.insert(*version)).collect()
}

fn version(sample: &Sample) -> Option<&str> {
    sample.outcome.as_ref().ok()?.version.as_deref()
}

fn counted<'a>(
    name: &str,
    samples: impl Iterator<Item = &'a Sample> + Clone,
    versions: &[&str],
) -> String {
    let by = |wanted: &str| {
        let good = samples.clone().filter(|sample| !sample.failed());
        good.filter(|sample| version(sample) == Some(wanted)).count().to_string()
    };
    let failed = samples.clone().filter(|sample| sample.failed()).count();
    line("", &row(name, versions.iter().map(|version| by(version)), &failed.to_string()))
}

fn row(name: &str, columns: impl Iterator<Item = String>, last: &str) -> String {
    let columns: String = columns.map(|column| format!("{column:>COLUMN$}")).collect();
    format!("{name:<9}{columns}{last:>8}")
}
