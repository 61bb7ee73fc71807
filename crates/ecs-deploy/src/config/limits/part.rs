//! Parts of a call's JSON that know where they are in it.

use serde_json::Value;

/// One of the two calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Register,
    Create,
}

/// One step down into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Member(&'static str),
    Element(usize),
}

/// Where something is in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) call: Call,
    pub(super) steps: Vec<Step>,
}

impl Spot {
    fn below(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { call: self.call, steps }
    }
}

/// Something that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) spot: Spot,
    /// Why, and what to do.
    pub(super) why: String,
}

/// A value in a call's JSON.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    value: &'a Value,
    spot: Spot,
}

impl<'a> Part<'a> {
    pub(super) fn of_register(value: &'a Value) -> Self {
        Self { value, spot: Spot { call: Call::Register, steps: Vec::new() } }
    }

    pub(super) fn of_create(value: &'a Value) -> Self {
        Self { value, spot: Spot { call: Call::Create, steps: Vec::new() } }
    }

    /// A member that is there.
    pub(super) fn member(&self, name: &'static str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self { value, spot: self.spot.below(Step::Member(name)) })
    }

    /// The elements of a member that is a list; none where it is absent.
    pub(super) fn elements(&self, name: &'static str) -> Vec<Self> {
        let Some(list) = self.member(name) else {
            return Vec::new();
        };
        let elements = list.value.as_array().into_iter().flatten().enumerate();
        let below = |index| list.spot.below(Step::Element(index));
        elements.map(|(index, value)| Self { value, spot: below(index) }).collect()
    }

    /// The value as text; nothing where it is empty.
    pub(super) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str().filter(|text| !text.is_empty())
    }

    /// A member that is a text; empty text counts as absent.
    pub(super) fn text(&self, name: &'static str) -> Option<&'a str> {
        self.value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A member that is a whole number.
    pub(super) fn integer(&self, name: &'static str) -> Option<i64> {
        self.value.get(name).and_then(Value::as_i64)
    }

    /// A member that is true or false.
    pub(super) fn boolean(&self, name: &'static str) -> Option<bool> {
        self.value.get(name).and_then(Value::as_bool)
    }

    /// The keys of a member that is a map.
    pub(super) fn keys(&self, name: &'static str) -> impl Iterator<Item = &'a str> {
        let map = self.value.get(name).and_then(Value::as_object);
        map.into_iter().flat_map(|map| map.keys().map(String::as_str))
    }

    /// Whether there is nothing in it: no text, element, member or truth.
    pub(super) fn is_empty(&self) -> bool {
        match self.value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(elements) => elements.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::Number(number) => number.as_i64() == Some(0),
            Value::Bool(true) => false,
        }
    }

    pub(super) fn is_structure(&self) -> bool {
        self.value.is_object()
    }

    /// Whether it is an empty text or list.
    pub(super) fn is_blank(&self) -> bool {
        self.value.as_str() == Some("") || self.value.as_array().is_some_and(Vec::is_empty)
    }

    /// How many bytes its JSON has.
    pub(super) fn length(&self) -> usize {
        self.value.to_string().len()
    }

    /// Says that AWS would refuse it.
    pub(super) fn refuse(&self, why: impl Into<String>) -> Finding {
        Finding { spot: self.spot.clone(), why: why.into() }
    }

    /// Says that AWS would refuse a member, which need not be there.
    pub(super) fn refuse_member(&self, name: &'static str, why: impl Into<String>) -> Finding {
        Finding { spot: self.spot.below(Step::Member(name)), why: why.into() }
    }

    /// Refuses a number that is there and not within the bounds.
    pub(super) fn within(
        &self,
        name: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
        unit: &str,
    ) -> Option<Finding> {
        let number = self.integer(name).filter(|number| !bounds.contains(number))?;
        let (from, to) = bounds.into_inner();
        Some(
            self.refuse_member(name, format!("it is {number}, and AWS takes {from} to {to}{unit}")),
        )
    }

    /// Refuses a text that is there and none of the words.
    pub(super) fn one_of(&self, name: &'static str, words: &[&str]) -> Option<Finding> {
        self.text(name).filter(|text| !words.contains(text))?;
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        Some(self.refuse_member(name, format!("expected {}", words.join(" or "))))
    }
}
