//! Members that would change what a call leads to and are not built here: to ignore them would
//! mislead, so each is refused by name.

use serde_json::Value;

/// The first of the members that a call of an operation gives, by its path in the input. The parts of
/// the paths are joined by dots and begin with the operation; `*` stands for every operation or key
/// of a map, lists are passed through.
pub(super) fn first(
    paths: &[&'static str],
    operation: &str,
    input: &Value,
) -> Option<&'static str> {
    paths.iter().find_map(|path| {
        let of_operation = || path.strip_prefix(operation)?.strip_prefix('.');
        let member = path.strip_prefix("*.").or_else(of_operation)?;
        is_given(member, input).then_some(member)
    })
}

fn is_given(path: &str, value: &Value) -> bool {
    if let Value::Array(items) = value {
        return items.iter().any(|item| is_given(path, item));
    }
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let inside =
        |value: &Value| rest.map_or_else(|| says_something(value), |rest| is_given(rest, value));
    match value {
        Value::Object(members) if name == "*" => members.values().any(inside),
        Value::Object(members) => members.get(name).is_some_and(inside),
        _ => false,
    }
}

/// Whether a value asks for more than its absence would.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty() && text != "false",
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_is_found_below_lists_and_maps() {
        let input = json!({"Tables": {"a": {"Keys": [{"Old": 1}]}}, "Flag": true});
        let first = |path: &'static str| first(&[path], "Get", &input);
        assert_eq!(first("Get.Tables.*.Keys.Old"), Some("Tables.*.Keys.Old"));
        assert_eq!(first("*.Flag"), Some("Flag"));
        assert_eq!(first("Put.Flag"), None);
        assert_eq!(first("Get.Tables.b.Keys.Old").or(first("Get.Keys")), None);
    }

    #[test]
    fn what_is_empty_or_false_asks_for_nothing() {
        let input = json!({"a": null, "b": [], "c": {}, "d": "", "e": false, "f": "false"});
        for path in ["*.a", "*.b", "*.c", "*.d", "*.e", "*.f"] {
            assert_eq!(first(&[path], "Get", &input), None, "{path}");
        }
    }
}
