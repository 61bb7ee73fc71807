//! What somebody else changed since a deploy looked, as its journal and the cloud tell.

use std::fmt;

use crate::cloud::{TaskSet, TaskSetStatus};
use crate::engine::Work;
use crate::error::DeployError;
use crate::journal::{Before, State};
use crate::names::{Color, TaskSetId};
use crate::plan::Refusal;
use crate::traffic::{RuleArn, Traffic};

/// Something that is not as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What the journal says.
    pub on_record: String,
    /// What the cloud says.
    pub now: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { on_record, now } = self;
        write!(f, "{on_record} on record, and {now} now")
    }
}

/// A deploy can't be gone on with, because somebody else changed what it stands on.
#[derive(Debug, thiserror::Error)]
#[error("the cloud was changed since the deploy looked at it ({})", list(differences))]
#[non_exhaustive]
pub struct Meddled {
    /// What was changed.
    pub differences: Vec<Difference>,
    /// Why that is in the way.
    #[source]
    pub refusal: Refusal,
}

pub(crate) fn list(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Adds to a refusal what somebody else changed, where the journal tells; best effort.
pub(crate) async fn explain(work: &Work<'_>, refusal: Refusal) -> DeployError {
    match look(work).await {
        Ok(differences) if !differences.is_empty() => {
            DeployError::Meddled(Box::new(Meddled { differences, refusal }))
        }
        _ => refusal.into(),
    }
}

/// What was changed since the deploy looked.
pub(crate) async fn look(work: &Work<'_>) -> Result<Vec<Difference>, DeployError> {
    let traffic = work.traffic().await?;
    let sets = work.service().await?.task_sets;
    Ok(differences(&work.engine.ledger.state(), &traffic, &sets))
}

fn differences(state: &State, traffic: &Traffic, sets: &[TaskSet]) -> Vec<Difference> {
    let before = state.journal.as_ref().and_then(|journal| journal.before.as_ref());
    let of_rules = before.map(|before| of_rules(before, traffic)).unwrap_or_default();
    let served = before.map(|before| before.serving_sets.iter().collect()).unwrap_or_default();
    of_rules.into_iter().chain(of_sets(served, state.task_set.as_ref(), sets)).collect()
}

fn of_rules(before: &Before, traffic: &Traffic) -> Vec<Difference> {
    let changed = |(arn, priority): (&RuleArn, &u32)| {
        let on_record = stood(before.color_of(arn), Some(*priority));
        let rule = traffic.rule(arn);
        let now = rule
            .map_or_else(|| "gone".to_owned(), |rule| stood(traffic.color_of(rule), rule.number()));
        let on_record_of_it = format!("{arn} is {on_record}");
        (on_record != now).then_some(Difference { on_record: on_record_of_it, now })
    };
    before.priorities.iter().filter_map(changed).collect()
}

/// How a rule stands, in words.
fn stood(color: Option<Color>, priority: Option<u32>) -> String {
    let color = color.map_or("no color's".to_owned(), |color| format!("{color}'s"));
    match priority {
        Some(priority) => format!("{color} with priority {priority}"),
        None => format!("{color} without a priority"),
    }
}

fn of_sets(served: Vec<&TaskSetId>, made: Option<&TaskSetId>, sets: &[TaskSet]) -> Vec<Difference> {
    let gone = |id: &TaskSetId| match sets.iter().find(|set| set.id == *id) {
        None => Some("gone"),
        Some(set) if set.status == TaskSetStatus::Draining => Some("being deleted"),
        Some(_) => None,
    };
    let of = |id: &TaskSetId, what: &str| {
        let on_record = format!("{id} is {what}");
        gone(id).map(|now| Difference { on_record, now: now.to_owned() })
    };
    let served = served.into_iter().filter_map(|id| of(id, "what served"));
    served.chain(made.and_then(|id| of(id, "what this deploy made"))).collect()
}
