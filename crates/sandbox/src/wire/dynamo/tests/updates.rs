use super::*;

/// An update of the item `k`.
fn update(expression: &str, names: Value, values: Value) -> Value {
    let mut input = json!({
        "TableName": "tbl", "Key": {"key": {"S": "k"}}, "UpdateExpression": expression,
    });
    for (member, placeholders) in
        [("ExpressionAttributeNames", names), ("ExpressionAttributeValues", values)]
    {
        if placeholders.as_object().is_some_and(|placeholders| !placeholders.is_empty()) {
            input[member] = placeholders;
        }
    }
    input
}

fn with(item: Value) -> Client {
    let mut client = Client::with_hash_table();
    let mut item = item;
    item["key"] = json!({"S": "k"});
    client.put(item);
    client
}

const INVALID_PATH: &str =
    "The document path provided in the update expression is invalid for update";
const WRONG_TYPE: &str = "An operand in the update expression has an incorrect data type";

#[test]
fn an_update_makes_an_item_that_is_not_there() {
    let mut client = Client::with_hash_table();
    client.ok("UpdateItem", json!({"TableName": "tbl", "Key": {"key": {"S": "bare"}}}));
    assert_eq!(client.get("bare"), json!({"key": {"S": "bare"}}));
    client.ok("UpdateItem", update("ADD n :n", json!({}), json!({":n": {"N": "2"}})));
    assert_eq!(client.get("k"), json!({"key": {"S": "k"}, "n": {"N": "2"}}));
}

#[test]
fn a_tag_is_set_and_removed_in_a_map_but_not_in_null_or_nothing() {
    let names = || json!({"#key": "SHA"});
    let value = || json!({":value": {"S": "abc"}});
    let set = || update("SET Tags.#key = :value", names(), value());
    let remove = || update("REMOVE Tags.#key", names(), json!({}));

    let mut client = with(json!({"Tags": {"M": {}}}));
    client.ok("UpdateItem", set());
    assert_eq!(client.get("k")["Tags"], json!({"M": {"SHA": {"S": "abc"}}}));
    client.ok("UpdateItem", remove());
    client.ok("UpdateItem", remove());
    assert_eq!(client.get("k")["Tags"], json!({"M": {}}));

    for item in [json!({"Tags": {"NULL": true}}), json!({})] {
        let mut client = with(item);
        assert_eq!(client.invalid("UpdateItem", set()), INVALID_PATH);
        assert_eq!(client.invalid("UpdateItem", remove()), INVALID_PATH);
    }
}

#[test]
fn all_sections_act_at_once_on_the_item_as_it_was() {
    let mut client = with(json!({
        "a": {"N": "1"}, "b": {"N": "10"}, "gone": {"S": "x"}, "set": {"SS": ["x", "y"]},
        "n": {"N": "5"},
    }));
    client.ok(
        "UpdateItem",
        update(
            "DELETE #set :x\nADD n :one SET a = b + :one, b = a - :one REMOVE gone",
            json!({"#set": "set"}),
            json!({":one": {"N": "1"}, ":x": {"SS": ["x"]}}),
        ),
    );
    assert_eq!(
        client.get("k"),
        json!({"key": {"S": "k"}, "a": {"N": "11"}, "b": {"N": "0"}, "n": {"N": "6"}, "set": {"SS": ["y"]}})
    );
}

#[test]
fn lists_grow_at_their_end_and_indexes_mean_the_list_as_it_was() {
    let mut client = with(json!({"l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]}}));
    client.ok(
        "UpdateItem",
        update(
            "REMOVE l[0], l[1] SET l[9] = :b, l[8] = :a",
            json!({}),
            json!({":a": {"S": "a"}, ":b": {"S": "b"}}),
        ),
    );
    assert_eq!(client.get("k")["l"], json!({"L": [{"N": "2"}, {"S": "a"}, {"S": "b"}]}));
    client.ok(
        "UpdateItem",
        update(
            "SET l = list_append(:first, l), d = if_not_exists(d, :zero)",
            json!({}),
            json!({":first": {"L": [{"S": "f"}]}, ":zero": {"N": "0"}}),
        ),
    );
    let item = client.get("k");
    assert_eq!(item["l"]["L"][0], json!({"S": "f"}));
    assert_eq!(item["d"], json!({"N": "0"}));
}

#[test]
fn a_set_without_members_disappears() {
    let mut client = with(json!({"s": {"NS": ["1", "2"]}}));
    client.ok(
        "UpdateItem",
        update("DELETE s :s", json!({}), json!({":s": {"NS": ["1", "2.0", "3"]}})),
    );
    assert_eq!(client.get("k"), json!({"key": {"S": "k"}}));
}

#[test]
fn what_an_update_returns_is_what_was_asked_for() {
    let item = || json!({"a": {"N": "1"}, "b": {"N": "2"}, "m": {"M": {"x": {"N": "3"}, "y": {"N": "4"}}}});
    for (asked, expected) in [
        ("NONE", json!({})),
        ("UPDATED_OLD", json!({"Attributes": {"a": {"N": "1"}, "m": {"M": {"x": {"N": "3"}}}}})),
        ("UPDATED_NEW", json!({"Attributes": {"a": {"N": "9"}, "m": {"M": {"x": {"N": "9"}}}}})),
    ] {
        let mut client = with(item());
        let mut input = update("SET a = :v, m.x = :v", json!({}), json!({":v": {"N": "9"}}));
        input["ReturnValues"] = json!(asked);
        assert_eq!(client.ok("UpdateItem", input), expected, "{asked}");
    }
    for (asked, a) in [("ALL_OLD", "1"), ("ALL_NEW", "9")] {
        let mut client = with(item());
        let mut input = update("SET a = :v", json!({}), json!({":v": {"N": "9"}}));
        input["ReturnValues"] = json!(asked);
        let attributes = client.ok("UpdateItem", input)["Attributes"].take();
        assert_eq!((&attributes["a"]["N"], &attributes["b"]["N"]), (&json!(a), &json!("2")));
    }
}

#[test]
fn operands_of_the_wrong_type_are_refused_and_nothing_is_written() {
    let mut client = with(json!({"s": {"S": "x"}, "n": {"N": "1"}}));
    let before = client.get("k");
    for (expression, value, message) in [
        ("SET n = s + :v", json!({"N": "1"}), WRONG_TYPE),
        ("ADD s :v", json!({"N": "1"}), WRONG_TYPE),
        ("DELETE n :v", json!({"SS": ["x"]}), WRONG_TYPE),
        ("SET n = :v, absent.x = :v", json!({"N": "1"}), INVALID_PATH),
        (
            "SET n = absent + :v",
            json!({"N": "1"}),
            "The provided expression refers to an attribute that does not exist in the item",
        ),
    ] {
        let input = update(expression, json!({}), json!({ ":v": value }));
        assert_eq!(client.invalid("UpdateItem", input), message, "{expression}");
    }
    assert_eq!(client.get("k"), before);
}

#[test]
fn the_key_cannot_be_updated() {
    let mut client = with(json!({}));
    let input = update("SET #k = :v", json!({"#k": "key"}), json!({":v": {"S": "x"}}));
    assert_eq!(
        client.invalid("UpdateItem", input),
        "One or more parameter values were invalid: Cannot update attribute key. \
         This attribute is part of the key"
    );
}
