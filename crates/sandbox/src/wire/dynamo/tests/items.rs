use super::*;

#[test]
fn every_type_comes_back_as_it_was_put() {
    let mut client = Client::with_hash_table();
    let item = json!({
        "key": {"S": "k"}, "n": {"N": "-1.5"}, "b": {"B": "AAEC"}, "t": {"BOOL": true},
        "z": {"NULL": true}, "l": {"L": [{"S": "a"}, {"N": "1"}]},
        "m": {"M": {"x": {"M": {}}, "y": {"L": []}}},
        "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["2", "10"]}, "bs": {"BS": ["AA==", "AQ=="]},
    });
    client.put(item.clone());
    assert_eq!(client.get("k"), item);
}

#[test]
fn numbers_come_back_in_canonical_form() {
    let mut client = Client::with_hash_table();
    client.put(json!({"key": {"S": "k"}, "n": {"N": "001.50e1"}}));
    assert_eq!(client.get("k")["n"], json!({"N": "15"}));
}

#[test]
fn values_that_aws_refuses_are_refused_in_its_words() {
    let mut client = Client::with_hash_table();
    for (value, message) in [
        (
            json!({}),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        ),
        (
            json!({"S": "a", "N": "1"}),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        ),
        (json!({"N": "x"}), "The parameter cannot be converted to a numeric value: x"),
        (json!({"N": ""}), "The parameter cannot be converted to a numeric value"),
        (
            json!({"NULL": false}),
            "One or more parameter values were invalid: Null attribute value types must have the value of true",
        ),
        (
            json!({"SS": []}),
            "One or more parameter values were invalid: An string set  may not be empty",
        ),
        (
            json!({"SS": ["a", "a"]}),
            "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
        ),
        (json!({"NS": ["1", "1.0"]}), "Input collection contains duplicates"),
    ] {
        let put = json!({"TableName": "tbl", "Item": {"key": {"S": "k"}, "a": value}});
        assert_eq!(client.invalid("PutItem", put), message);
    }
}

#[test]
fn documents_may_nest_32_levels_deep() {
    let mut client = Client::with_hash_table();
    let nested = |levels: usize| {
        let value = (0..levels).fold(json!({"S": "x"}), |value, _| json!({ "L": [value] }));
        json!({"TableName": "tbl", "Item": {"key": {"S": "k"}, "a": value}})
    };
    client.ok("PutItem", nested(32));
    let message = client.invalid("PutItem", nested(33));
    assert_eq!(message, "Nesting Levels have exceeded supported limits: 32 levels");
}

#[test]
fn a_key_that_does_not_fit_the_schema_is_refused() {
    let mut client = Client::with_hash_table();
    for key in [json!({}), json!({"key": {"N": "1"}}), json!({"key": {"S": "k"}, "x": {"S": "y"}})]
    {
        let message = client.invalid("GetItem", json!({"TableName": "tbl", "Key": key}));
        assert_eq!(message, "The provided key element does not match the schema");
    }
    let missing = client.invalid("PutItem", json!({"TableName": "tbl", "Item": {"a": {"S": "b"}}}));
    assert_eq!(
        missing,
        "One or more parameter values were invalid: Missing the key key in the item"
    );
    let mistyped =
        client.invalid("PutItem", json!({"TableName": "tbl", "Item": {"key": {"N": "1"}}}));
    assert_eq!(
        mistyped,
        "One or more parameter values were invalid: Type mismatch for key key expected: S actual: N"
    );
    let empty = client.invalid("PutItem", json!({"TableName": "tbl", "Item": {"key": {"S": ""}}}));
    assert_eq!(
        empty,
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot \
         contain an empty string value. Key: key"
    );
}

#[test]
fn an_item_may_have_400_kb_with_its_names() {
    let mut client = Client::with_hash_table();
    // `key` + `k` + `a` are 5 bytes.
    let sized = |bytes: usize| {
        let text = "x".repeat(bytes - 5);
        json!({"TableName": "tbl", "Item": {"key": {"S": "k"}, "a": {"S": text}}})
    };
    client.ok("PutItem", sized(400 * 1024));
    let message = client.invalid("PutItem", sized(400 * 1024 + 1));
    assert_eq!(message, "Item size has exceeded the maximum allowed size");
}

#[test]
fn put_and_delete_return_the_old_item_when_asked_to() {
    let mut client = Client::with_hash_table();
    let old = json!({"key": {"S": "k"}, "a": {"N": "1"}});
    client.put(old.clone());
    let put = json!({"TableName": "tbl", "Item": {"key": {"S": "k"}}, "ReturnValues": "ALL_OLD"});
    assert_eq!(client.ok("PutItem", put), json!({ "Attributes": old }));
    let delete = json!({"TableName": "tbl", "Key": {"key": {"S": "k"}}, "ReturnValues": "ALL_OLD"});
    let deleted = client.ok("DeleteItem", delete.clone());
    assert_eq!(deleted, json!({"Attributes": {"key": {"S": "k"}}}));
    assert_eq!(client.ok("DeleteItem", delete), json!({}));
    let wrong = json!({"TableName": "tbl", "Item": {"key": {"S": "k"}}, "ReturnValues": "ALL_NEW"});
    assert_eq!(client.invalid("PutItem", wrong), "ReturnValues can only be ALL_OLD or NONE");
}

#[test]
fn a_failed_condition_tells_the_item_when_asked_to() {
    let mut client = Client::with_hash_table();
    let item = json!({"key": {"S": "k"}, "a": {"N": "1"}});
    client.put(item.clone());
    let mut put = json!({
        "TableName": "tbl", "Item": {"key": {"S": "k"}},
        "ConditionExpression": "attribute_not_exists(#k)",
        "ExpressionAttributeNames": {"#k": "key"},
    });
    let (code, _, body) = client.error("PutItem", put.clone());
    assert_eq!(code, "ConditionalCheckFailedException");
    assert!(body.get("Item").is_none());
    put["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
    let (.., body) = client.error("PutItem", put);
    assert_eq!(body["Item"], item);
    assert_eq!(client.get("k"), item, "nothing was written");
}

#[test]
fn a_projection_picks_parts_in_their_places() {
    let mut client = Client::with_hash_table();
    client.put(json!({
        "key": {"S": "k"}, "a": {"S": "x"},
        "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}},
        "l": {"L": [{"S": "0"}, {"S": "1"}, {"S": "2"}]},
    }));
    let get = json!({
        "TableName": "tbl", "Key": {"key": {"S": "k"}},
        "ProjectionExpression": "m.#x, l[2], l[0], absent.#x",
        "ExpressionAttributeNames": {"#x": "x"},
    });
    assert_eq!(
        client.ok("GetItem", get)["Item"],
        json!({"m": {"M": {"x": {"N": "1"}}}, "l": {"L": [{"S": "0"}, {"S": "2"}]}})
    );
}

#[test]
fn a_batch_of_keys_is_read_from_several_tables_with_absent_items_left_out() {
    let mut client = Client::with_hash_table();
    client.put(json!({"key": {"S": "a"}, "v": {"N": "1"}}));
    let batch = json!({"RequestItems": {"tbl": {
        "Keys": [{"key": {"S": "a"}}, {"key": {"S": "b"}}], "ProjectionExpression": "v",
    }}});
    assert_eq!(
        client.ok("BatchGetItem", batch),
        json!({"Responses": {"tbl": [{"v": {"N": "1"}}]}, "UnprocessedKeys": {}})
    );
    let twice =
        json!({"RequestItems": {"tbl": {"Keys": [{"key": {"S": "a"}}, {"key": {"S": "a"}}]}}});
    assert_eq!(
        client.invalid("BatchGetItem", twice),
        "Provided list of item keys contains duplicates"
    );
}

#[test]
fn legacy_parameters_are_refused_not_ignored() {
    let mut client = Client::with_hash_table();
    for (operation, member) in [
        ("PutItem", "Expected"),
        ("UpdateItem", "AttributeUpdates"),
        ("Query", "KeyConditions"),
        ("GetItem", "AttributesToGet"),
        ("Scan", "ScanFilter"),
    ] {
        let mut input = json!({"TableName": "tbl", "Key": {"key": {"S": "k"}}});
        input[member] = json!({"a": {}});
        let message = client.invalid(operation, input);
        assert!(message.ends_with(member), "{message}");
    }
}

#[test]
fn operations_on_a_table_that_does_not_exist_say_so() {
    let mut client = Client::new();
    let input = json!({"TableName": "none", "Key": {"key": {"S": "k"}}});
    let (code, message, _) = client.error("GetItem", input);
    assert_eq!(code, "ResourceNotFoundException");
    assert_eq!(message, "Requested resource not found");
}
