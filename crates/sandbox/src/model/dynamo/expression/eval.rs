//! Whether a condition holds for an item.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::condition::{Comparator, Condition, Operand};
use crate::model::dynamo::{AttributeValue, Item, Number};

impl Condition {
    /// Whether it holds; an absent item is an empty one.
    pub(crate) fn holds(&self, item: &Item) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(item)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(item)),
            Self::Not(part) => !part.holds(item),
            Self::Exists(path) => path.get(item).is_some(),
            Self::HasType(path, name) => {
                path.get(item).is_some_and(|value| value.type_name() == *name)
            }
            Self::Compare(a, comparator, b) => match (a.value(item), b.value(item)) {
                (Some(a), Some(b)) => comparator.holds(&a, &b),
                _ => *comparator == Comparator::NotEqual,
            },
            Self::Between(value, low, high) => {
                let bounded = |comparator: Comparator, bound: &Operand| {
                    both(item, value, bound, |value, bound| comparator.holds(value, bound))
                };
                bounded(Comparator::GreaterOrEqual, low) && bounded(Comparator::LessOrEqual, high)
            }
            Self::In(value, among) => {
                among.iter().any(|other| both(item, value, other, |a, b| a == b))
            }
            Self::BeginsWith(text, prefix) => both(item, text, prefix, begins_with),
            Self::Contains(whole, part) => both(item, whole, part, contains),
        }
    }
}

/// Whether both operands have a value and these meet the test.
fn both(
    item: &Item,
    a: &Operand,
    b: &Operand,
    test: impl FnOnce(&AttributeValue, &AttributeValue) -> bool,
) -> bool {
    match (a.value(item), b.value(item)) {
        (Some(a), Some(b)) => test(&a, &b),
        _ => false,
    }
}

impl Operand {
    fn value<'a>(&'a self, item: &'a Item) -> Option<Cow<'a, AttributeValue>> {
        match self {
            Self::Path(path) => path.get(item).map(Cow::Borrowed),
            Self::Value(value) => Some(Cow::Borrowed(value)),
            Self::Size(path) => {
                let size = size(path.get(item)?)?;
                Some(Cow::Owned(AttributeValue::N(Number::from(size as u64))))
            }
        }
    }
}

impl Comparator {
    /// Whether two values compare so; values of different types are merely unequal.
    pub(super) fn holds(self, a: &AttributeValue, b: &AttributeValue) -> bool {
        match self {
            Self::Equal => a == b,
            Self::NotEqual => a != b,
            _ => order(a, b).is_some_and(|order| self.holds_for(order)),
        }
    }

    /// Whether it accepts that order of its operands.
    pub(super) fn holds_for(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

fn order(a: &AttributeValue, b: &AttributeValue) -> Option<Ordering> {
    match (a, b) {
        (AttributeValue::S(a), AttributeValue::S(b)) => Some(a.cmp(b)),
        (AttributeValue::N(a), AttributeValue::N(b)) => Some(a.cmp(b)),
        (AttributeValue::B(a), AttributeValue::B(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn begins_with(text: &AttributeValue, prefix: &AttributeValue) -> bool {
    match (text, prefix) {
        (AttributeValue::S(text), AttributeValue::S(prefix)) => text.starts_with(prefix),
        (AttributeValue::B(bytes), AttributeValue::B(prefix)) => bytes.starts_with(prefix),
        _ => false,
    }
}

fn contains(whole: &AttributeValue, part: &AttributeValue) -> bool {
    match (whole, part) {
        (AttributeValue::S(text), AttributeValue::S(part)) => text.contains(part.as_str()),
        (AttributeValue::B(bytes), AttributeValue::B(part)) => {
            part.is_empty() || bytes.windows(part.len()).any(|window| window == part)
        }
        (AttributeValue::Ss(set), AttributeValue::S(part)) => set.contains(part),
        (AttributeValue::Ns(set), AttributeValue::N(part)) => set.contains(part),
        (AttributeValue::Bs(set), AttributeValue::B(part)) => set.contains(part),
        (AttributeValue::L(list), part) => list.contains(part),
        _ => false,
    }
}

/// What `size` tells: bytes of strings and binaries, members of all that has members.
fn size(value: &AttributeValue) -> Option<usize> {
    match value {
        AttributeValue::S(text) => Some(text.len()),
        AttributeValue::B(bytes) => Some(bytes.len()),
        AttributeValue::L(list) => Some(list.len()),
        AttributeValue::M(map) => Some(map.len()),
        AttributeValue::Ss(set) => Some(set.len()),
        AttributeValue::Ns(set) => Some(set.len()),
        AttributeValue::Bs(set) => Some(set.len()),
        AttributeValue::N(_) | AttributeValue::Bool(_) | AttributeValue::Null => None,
    }
}
