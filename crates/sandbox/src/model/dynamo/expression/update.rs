//! Updates: what they are made of and what they make of an item.

use super::path::{Path, Step, check_all_apart, child_mut};
use super::projection::Projection;
use crate::model::ApiError;
use crate::model::dynamo::{AttributeValue, Item};

/// What an update expression does to an item.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Update {
    pub(super) set: Vec<(Path, Value)>,
    pub(super) remove: Vec<Path>,
    pub(super) add: Vec<(Path, AttributeValue)>,
    pub(super) delete: Vec<(Path, AttributeValue)>,
}

/// The right side of an assignment.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Plain(Source),
    Sum(Source, Source),
    Difference(Source, Source),
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    Value(AttributeValue),
    Path(Path),
    IfNotExists(Path, Box<Source>),
    ListAppend(Box<Source>, Box<Source>),
}

const INVALID_PATH: &str =
    "The document path provided in the update expression is invalid for update";
const WRONG_TYPE: &str = "An operand in the update expression has an incorrect data type";
const NO_ATTRIBUTE: &str =
    "The provided expression refers to an attribute that does not exist in the item";

impl Update {
    /// Every path that it writes.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> + Clone {
        let set = self.set.iter().map(|(path, _)| path);
        let changed = self.add.iter().chain(&self.delete).map(|(path, _)| path);
        set.chain(&self.remove).chain(changed)
    }

    /// The parts of an item that it writes, as `UPDATED_OLD` and `UPDATED_NEW` return them.
    pub(crate) fn written(&self) -> Projection {
        Projection::of(self.paths().cloned().collect())
    }

    pub(super) fn check_paths(&self) -> Result<(), String> {
        check_all_apart(self.paths())
    }

    /// The item after the update. Every value is read, and every list index meant, as of before it.
    pub(crate) fn apply(&self, old: &Item) -> Result<Item, ApiError> {
        self.applied(old).map_err(|message| ApiError::client("ValidationException", message))
    }

    fn applied(&self, old: &Item) -> Result<Item, String> {
        let mut item = old.clone();
        for (path, value) in by_place(&self.set) {
            put(&mut item, path, value.value(old)?)?;
        }
        for (path, operand) in &self.add {
            let sum = added(path.get(old), operand)?;
            put(&mut item, path, sum)?;
        }
        for (path, operand) in &self.delete {
            match path.get(old).map(|value| without(value, operand)).transpose()? {
                Some(Some(rest)) => put(&mut item, path, rest)?,
                Some(None) => remove(&mut item, path)?,
                None => {}
            }
        }
        // The last element of a list first, so that the others keep their indexes until then.
        let mut removed: Vec<&Path> = self.remove.iter().collect();
        removed.sort();
        removed.into_iter().rev().try_for_each(|path| remove(&mut item, path))?;
        Ok(item)
    }
}

/// In the order of their paths: elements past a list's end are appended in that order.
fn by_place<T>(writes: &[(Path, T)]) -> Vec<&(Path, T)> {
    let mut writes: Vec<_> = writes.iter().collect();
    writes.sort_by(|(a, _), (b, _)| a.cmp(b));
    writes
}

impl Value {
    fn value(&self, item: &Item) -> Result<AttributeValue, String> {
        use AttributeValue::N;
        let (a, b) = match self {
            Self::Plain(source) => return source.value(item),
            Self::Sum(a, b) | Self::Difference(a, b) => (a.value(item)?, b.value(item)?),
        };
        let (N(a), N(b)) = (a, b) else { return Err(WRONG_TYPE.to_owned()) };
        let result = match self {
            Self::Difference(..) => a.minus(&b),
            _ => a.plus(&b),
        };
        result.map(N).map_err(|error| error.to_string())
    }
}

impl Source {
    fn value(&self, item: &Item) -> Result<AttributeValue, String> {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Path(path) => path.get(item).cloned().ok_or_else(|| NO_ATTRIBUTE.to_owned()),
            Self::IfNotExists(path, other) => {
                path.get(item).map_or_else(|| other.value(item), |value| Ok(value.clone()))
            }
            Self::ListAppend(first, second) => match (first.value(item)?, second.value(item)?) {
                (AttributeValue::L(mut list), AttributeValue::L(more)) => {
                    list.extend(more);
                    Ok(AttributeValue::L(list))
                }
                _ => Err(WRONG_TYPE.to_owned()),
            },
        }
    }
}

/// What ADD makes of a value: numbers are summed, sets are joined.
fn added(old: Option<&AttributeValue>, operand: &AttributeValue) -> Result<AttributeValue, String> {
    use AttributeValue::{Bs, N, Ns, Ss};
    Ok(match (old, operand) {
        (None, operand) => operand.clone(),
        (Some(N(a)), N(b)) => N(a.plus(b).map_err(|error| error.to_string())?),
        (Some(Ss(a)), Ss(b)) => Ss(a | b),
        (Some(Ns(a)), Ns(b)) => Ns(a | b),
        (Some(Bs(a)), Bs(b)) => Bs(a | b),
        _ => return Err(WRONG_TYPE.to_owned()),
    })
}

/// What DELETE leaves of a set; nothing when it would be empty.
fn without(
    old: &AttributeValue,
    operand: &AttributeValue,
) -> Result<Option<AttributeValue>, String> {
    use AttributeValue::{Bs, Ns, Ss};
    let (rest, empty) = match (old, operand) {
        (Ss(a), Ss(b)) => (Ss(a - b), a.is_subset(b)),
        (Ns(a), Ns(b)) => (Ns(a - b), a.is_subset(b)),
        (Bs(a), Bs(b)) => (Bs(a - b), a.is_subset(b)),
        _ => return Err(WRONG_TYPE.to_owned()),
    };
    Ok((!empty).then_some(rest))
}

/// The value that holds what a path of more than one step leads to, and the last step.
fn parent<'a, 'b>(
    item: &'a mut Item,
    path: &'b Path,
) -> Result<Option<(&'a mut AttributeValue, &'b Step)>, String> {
    let Some((last, before)) = path.steps.split_last() else { return Ok(None) };
    let root = item.get_mut(&path.root);
    let parent = root.and_then(|root| before.iter().try_fold(root, child_mut));
    parent.map(|parent| Some((parent, last))).ok_or_else(|| INVALID_PATH.to_owned())
}

fn put(item: &mut Item, path: &Path, value: AttributeValue) -> Result<(), String> {
    match parent(item, path)? {
        None => {
            item.insert(path.root.clone(), value);
        }
        Some((AttributeValue::M(map), Step::Name(name))) => {
            map.insert(name.clone(), value);
        }
        Some((AttributeValue::L(list), Step::Index(index))) => match list.get_mut(*index) {
            Some(element) => *element = value,
            None => list.push(value),
        },
        Some(_) => return Err(INVALID_PATH.to_owned()),
    }
    Ok(())
}

fn remove(item: &mut Item, path: &Path) -> Result<(), String> {
    match parent(item, path)? {
        None => {
            item.remove(&path.root);
        }
        Some((AttributeValue::M(map), Step::Name(name))) => {
            map.remove(name);
        }
        Some((AttributeValue::L(list), Step::Index(index))) => {
            if *index < list.len() {
                list.remove(*index);
            }
        }
        Some(_) => return Err(INVALID_PATH.to_owned()),
    }
    Ok(())
}
