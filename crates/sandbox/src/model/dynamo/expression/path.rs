//! Document paths: `Tags.#key`, `List[3].Name`.

use std::fmt;

use crate::model::dynamo::{AttributeValue, Item};

/// One way down into a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The member of a map.
    Name(String),
    /// The element of a list, from 0.
    Index(usize),
}

/// The way from an item to a value in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path {
    /// The attribute's name.
    pub(super) root: String,
    /// The ways down from there.
    pub(super) steps: Vec<Step>,
}

impl Path {
    /// The name of the attribute that it starts at.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// What stands there.
    pub(super) fn get<'a>(&self, item: &'a Item) -> Option<&'a AttributeValue> {
        self.steps.iter().try_fold(item.get(&self.root)?, |value, step| child(value, step))
    }

    /// Refuses two paths that cannot stand beside each other in one expression.
    pub(super) fn check_apart(&self, other: &Self) -> Result<(), String> {
        if self.root != other.root {
            return Ok(());
        }
        for (a, b) in self.steps.iter().zip(&other.steps) {
            match (a, b) {
                (Step::Name(a), Step::Name(b)) if a == b => {}
                (Step::Index(a), Step::Index(b)) if a == b => {}
                (Step::Name(_), Step::Name(_)) | (Step::Index(_), Step::Index(_)) => return Ok(()),
                _ => return Err(self.clash(other, "conflict")),
            }
        }
        Err(self.clash(other, "overlap"))
    }

    fn clash(&self, other: &Self, how: &str) -> String {
        format!(
            "Two document paths {how} with each other; must remove or rewrite one of these paths; \
             path one: {self}, path two: {other}"
        )
    }
}

/// Refuses paths of which two cannot stand beside each other.
pub(super) fn check_all_apart<'a>(
    paths: impl Iterator<Item = &'a Path> + Clone,
) -> Result<(), String> {
    for (index, path) in paths.clone().enumerate() {
        for before in paths.clone().take(index) {
            before.check_apart(path)?;
        }
    }
    Ok(())
}

/// One step down.
pub(super) fn child<'a>(value: &'a AttributeValue, step: &Step) -> Option<&'a AttributeValue> {
    match (value, step) {
        (AttributeValue::M(map), Step::Name(name)) => map.get(name),
        (AttributeValue::L(list), Step::Index(index)) => list.get(*index),
        _ => None,
    }
}

/// One step down, to write.
pub(super) fn child_mut<'a>(
    value: &'a mut AttributeValue,
    step: &Step,
) -> Option<&'a mut AttributeValue> {
    match (value, step) {
        (AttributeValue::M(map), Step::Name(name)) => map.get_mut(name),
        (AttributeValue::L(list), Step::Index(index)) => list.get_mut(*index),
        _ => None,
    }
}

/// As AWS's messages write it: `[Tags, key, [3]]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.root)?;
        for step in &self.steps {
            match step {
                Step::Name(name) => write!(f, ", {name}")?,
                Step::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}
