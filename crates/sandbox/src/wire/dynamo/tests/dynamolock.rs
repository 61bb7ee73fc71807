//! The requests of the Go lock client, to the letter.

use super::*;

const ACQUIRE: &str = r"(attribute_not_exists (#0)) OR ((attribute_exists (#0)) AND (#1 = :0))";
const MINE: &str = "((attribute_exists (#0)) AND (#1 = :0)) AND (#2 = :1)";

fn acquire(version: &str) -> Value {
    json!({
        "TableName": "tbl",
        "Item": {
            "key": {"S": "shop-dev"}, "ownerName": {"S": "me"}, "leaseDuration": {"S": "10s"},
            "recordVersionNumber": {"S": version}, "data": {"B": "e30="},
        },
        "ConditionExpression": ACQUIRE,
        "ExpressionAttributeNames": {"#0": "key", "#1": "isReleased"},
        "ExpressionAttributeValues": {":0": {"S": "1"}},
    })
}

fn write_mine(update: &str, version: &str, extra_names: Value, extra_values: Value) -> Value {
    let mut names = json!({"#0": "key", "#1": "recordVersionNumber", "#2": "ownerName"});
    let mut values = json!({":0": {"S": version}, ":1": {"S": "me"}});
    names.as_object_mut().unwrap().extend(extra_names.as_object().unwrap().clone());
    values.as_object_mut().unwrap().extend(extra_values.as_object().unwrap().clone());
    json!({
        "TableName": "tbl", "Key": {"key": {"S": "shop-dev"}},
        "ConditionExpression": MINE, "UpdateExpression": update,
        "ExpressionAttributeNames": names, "ExpressionAttributeValues": values,
    })
}

#[test]
fn a_lock_is_acquired_heartbeated_released_and_acquired_again() {
    let mut client = Client::with_hash_table();
    client.ok("PutItem", acquire("v1"));
    let (code, message, _) = client.error("PutItem", acquire("v2"));
    assert_eq!(code, "ConditionalCheckFailedException");
    assert_eq!(message, "The conditional request failed");

    let heartbeat = |from: &str, to: &str| {
        write_mine(
            "SET #3 = :2, #1 = :3\n",
            from,
            json!({"#3": "leaseDuration"}),
            json!({":2": {"S": "1m0s"}, ":3": {"S": to}}),
        )
    };
    client.ok("UpdateItem", heartbeat("v1", "v2"));
    assert_eq!(client.get("shop-dev")["leaseDuration"], json!({"S": "1m0s"}));
    let (code, ..) = client.error("UpdateItem", heartbeat("v1", "v3"));
    assert_eq!(code, "ConditionalCheckFailedException");

    let release =
        write_mine("SET #3 = :2\n", "v2", json!({"#3": "isReleased"}), json!({":2": {"S": "1"}}));
    client.ok("UpdateItem", release);
    client.ok("PutItem", acquire("v4"));
    let row = client.get("shop-dev");
    assert_eq!(row["recordVersionNumber"], json!({"S": "v4"}));
    assert!(row.get("isReleased").is_none(), "the Put writes the whole row: {row}");
}

#[test]
fn an_expired_lock_is_taken_over_only_at_the_version_that_was_seen() {
    let mut client = Client::with_hash_table();
    client.ok("PutItem", acquire("v1"));
    let take = |seen: &str| {
        let mut put = acquire("v9");
        put["ConditionExpression"] = json!("(attribute_exists (#0)) AND (#1 = :0)");
        put["ExpressionAttributeNames"]["#1"] = json!("recordVersionNumber");
        put["ExpressionAttributeValues"][":0"] = json!({ "S": seen });
        put
    };
    let (code, ..) = client.error("PutItem", take("v0"));
    assert_eq!(code, "ConditionalCheckFailedException");
    client.ok("PutItem", take("v1"));
}

#[test]
fn a_row_that_does_not_exist_is_answered_without_an_item() {
    let mut client = Client::with_hash_table();
    let key = json!({"TableName": "tbl", "Key": {"key": {"S": "none"}}, "ConsistentRead": true});
    assert_eq!(client.ok("GetItem", key), json!({}));
}

#[test]
fn deleting_on_release_needs_the_same_condition() {
    let mut client = Client::with_hash_table();
    client.ok("PutItem", acquire("v1"));
    let delete = |version: &str| {
        let mut delete = write_mine("", version, json!({}), json!({}));
        delete.as_object_mut().unwrap().remove("UpdateExpression");
        delete
    };
    let (code, ..) = client.error("DeleteItem", delete("v0"));
    assert_eq!(code, "ConditionalCheckFailedException");
    client.ok("DeleteItem", delete("v1"));
    assert_eq!(client.get("shop-dev"), Value::Null);
}
