//! What conditions, filters and key conditions are made of.

use super::path::Path;
use crate::model::dynamo::AttributeValue;

/// A condition on an item; [`holds`](Self::holds) asks it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Operand, Comparator, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    HasType(Path, &'static str),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
}

/// What a condition compares.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    /// What stands at a path of the item.
    Path(Path),
    /// A value of the request.
    Value(AttributeValue),
    /// How large what stands at a path is.
    Size(Path),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparator {
    /// The comparator that a symbol stands for.
    pub(super) fn new(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Whether it asks for an order, which only strings, numbers and bytes have.
    pub(super) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// The comparator that says the same with its operands exchanged.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}

impl Condition {
    /// Every path that it names.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::paths).collect(),
            Self::Not(part) => part.paths(),
            Self::Exists(path) | Self::HasType(path, _) => vec![path],
            Self::Compare(a, _, b) | Self::BeginsWith(a, b) | Self::Contains(a, b) => {
                paths_of([a, b])
            }
            Self::Between(value, low, high) => paths_of([value, low, high]),
            Self::In(value, among) => paths_of(std::iter::once(value).chain(among)),
        }
    }
}

fn paths_of<'a>(operands: impl IntoIterator<Item = &'a Operand>) -> Vec<&'a Path> {
    operands
        .into_iter()
        .filter_map(|operand| match operand {
            Operand::Path(path) | Operand::Size(path) => Some(path),
            Operand::Value(_) => None,
        })
        .collect()
}
