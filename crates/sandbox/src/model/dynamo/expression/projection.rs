//! The parts of an item that are asked for.

use std::collections::BTreeMap;

use super::path::{Path, Step, check_all_apart, child};
use crate::model::dynamo::{AttributeValue, Item};

/// Which parts of an item are wanted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Projection {
    paths: Vec<Path>,
}

impl Projection {
    /// These parts, of which none may hold another.
    pub(super) fn new(paths: Vec<Path>) -> Result<Self, String> {
        check_all_apart(paths.iter())?;
        Ok(Self::of(paths))
    }

    /// These parts, which are known to lie apart.
    pub(super) fn of(paths: Vec<Path>) -> Self {
        Self { paths }
    }

    /// The wanted parts of an item, in their places; elements of a list move together.
    pub(crate) fn apply(&self, item: &Item) -> Item {
        let mut roots: BTreeMap<&str, Vec<&[Step]>> = BTreeMap::new();
        for path in &self.paths {
            roots.entry(path.root()).or_default().push(&path.steps);
        }
        roots
            .into_iter()
            .filter_map(|(root, ways)| Some((root.to_owned(), select(item.get(root)?, &ways)?)))
            .collect()
    }
}

/// What the ways down from a value lead to, within its like; none when they lead nowhere.
fn select(value: &AttributeValue, ways: &[&[Step]]) -> Option<AttributeValue> {
    let mut below: BTreeMap<&Step, Vec<&[Step]>> = BTreeMap::new();
    for way in ways {
        let Some((step, rest)) = way.split_first() else { return Some(value.clone()) };
        below.entry(step).or_default().push(rest);
    }
    let found: Vec<_> = below
        .into_iter()
        .filter_map(|(step, rest)| Some((step, select(child(value, step)?, &rest)?)))
        .collect();
    if found.is_empty() {
        return None;
    }
    Some(match value {
        AttributeValue::L(_) => AttributeValue::L(found.into_iter().map(|(_, v)| v).collect()),
        _ => AttributeValue::M(
            found
                .into_iter()
                .filter_map(|(step, value)| match step {
                    Step::Name(name) => Some((name.clone(), value)),
                    Step::Index(_) => None,
                })
                .collect(),
        ),
    })
}
