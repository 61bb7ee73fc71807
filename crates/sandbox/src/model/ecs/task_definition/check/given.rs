//! Reading members that have no type here. A null says as much as a member that is left out.

use serde_json::{Map, Value};

/// A structure as a client gave it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Given<'a> {
    /// A member's value.
    pub(super) fn member(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A structure in it.
    pub(super) fn inside(self, name: &str) -> Option<Self> {
        self.member(name)?.as_object().map(Self)
    }

    /// The structures of a list in it.
    pub(super) fn list(self, name: &str) -> impl Iterator<Item = Self> {
        self.values(name).iter().filter_map(Value::as_object).map(Self)
    }

    /// The texts of a list in it.
    pub(super) fn texts(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.values(name).iter().filter_map(Value::as_str)
    }

    /// The values of a list in it.
    pub(super) fn values(self, name: &str) -> &'a [Value] {
        self.member(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A text that is not empty.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.member(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A whole number.
    pub(super) fn number(self, name: &str) -> Option<i64> {
        self.member(name)?.as_i64()
    }

    /// Whether a member asks for more than its absence would.
    pub(super) fn says(self, name: &str) -> bool {
        match self.member(name) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            Some(Value::Bool(true) | Value::Number(_)) => true,
        }
    }

    /// Every value at a dotted path; lists on the way are passed through.
    pub(super) fn at(self, path: &str) -> Vec<&'a Value> {
        match path.split_once('.') {
            None => self.member(path).into_iter().collect(),
            Some((name, rest)) => match self.member(name) {
                Some(Value::Object(members)) => Self(members).at(rest),
                _ => self.list(name).flat_map(|item| item.at(rest)).collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_through_lists_and_structures() {
        let value = json!({"a": [{"b": {"c": 1}}, {"b": null}, {"b": {"c": 2}}], "d": [3]});
        let given = Given(value.as_object().unwrap());
        assert_eq!(given.at("a.b.c"), [&json!(1), &json!(2)]);
        assert_eq!(given.at("d"), [&json!([3])]);
        assert!(given.at("a.x").is_empty());
    }

    #[test]
    fn what_is_null_empty_or_false_says_nothing() {
        let value = json!({"a": null, "b": "", "c": [], "d": {}, "e": false, "f": 0});
        let given = Given(value.as_object().unwrap());
        assert_eq!(
            ["a", "b", "c", "d", "e", "f", "g"].map(|name| given.says(name)),
            [false, false, false, false, false, true, false]
        );
    }
}
