use super::*;

/// Builds 1 to 12 of `shop` and one of `other`; every third is tagged.
fn builds() -> Client {
    let mut client = Client::with_range_table();
    let mut put = |project: &str, build: u32| {
        let tag = if build.is_multiple_of(3) {
            json!({"M": {"ok": {"S": "yes"}}})
        } else {
            json!({"NULL": true})
        };
        let item = json!({
            "ProjectName": {"S": project}, "BuildNumber": {"N": build.to_string()}, "Tags": tag,
        });
        client.ok("PutItem", json!({"TableName": "ArtifactDB", "Item": item}));
    };
    (1..=12).for_each(|build| put("shop", build));
    put("other", 99);
    client
}

fn query(condition: &str, values: Value) -> Value {
    let mut query = json!({
        "TableName": "ArtifactDB", "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
    });
    query["ExpressionAttributeValues"][":p"] = json!({"S": "shop"});
    query
}

fn numbers(answer: &Value) -> Vec<u32> {
    let items = answer["Items"].as_array().unwrap();
    items.iter().map(|item| item["BuildNumber"]["N"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn range_keys_are_ordered_as_numbers_in_both_directions() {
    let mut client = builds();
    let mut input = query("ProjectName = :p", json!({}));
    assert_eq!(numbers(&client.ok("Query", input.clone())), (1..=12).collect::<Vec<_>>());
    input["ScanIndexForward"] = json!(false);
    assert_eq!(numbers(&client.ok("Query", input)), (1..=12).rev().collect::<Vec<_>>());
}

#[test]
fn every_key_operator_selects_its_range() {
    let mut client = builds();
    let three = json!({":n": {"N": "3"}});
    for (condition, expected) in [
        ("ProjectName = :p AND BuildNumber = :n", vec![3]),
        ("ProjectName = :p and BuildNumber < :n", vec![1, 2]),
        ("(BuildNumber <= :n) AND (ProjectName = :p)", vec![1, 2, 3]),
        ("ProjectName = :p AND BuildNumber >= :n", (3..=12).collect()),
        ("ProjectName = :p AND :n < BuildNumber", (4..=12).collect()),
    ] {
        assert_eq!(
            numbers(&client.ok("Query", query(condition, three.clone()))),
            expected,
            "{condition}"
        );
    }
    let between = query(
        "ProjectName = :p AND BuildNumber BETWEEN :a AND :b",
        json!({":a": {"N": "9"}, ":b": {"N": "11"}}),
    );
    assert_eq!(numbers(&client.ok("Query", between)), [9, 10, 11]);
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let mut client = builds();
    for forward in [true, false] {
        let mut input = query("ProjectName = :p", json!({}));
        input["Limit"] = json!(5);
        input["ScanIndexForward"] = json!(forward);
        let mut seen = Vec::new();
        loop {
            let page = client.ok("Query", input.clone());
            seen.extend(numbers(&page));
            let Some(last) = page.get("LastEvaluatedKey") else { break };
            input["ExclusiveStartKey"] = last.clone();
        }
        if !forward {
            seen.reverse();
        }
        assert_eq!(seen, (1..=12).collect::<Vec<_>>());
    }
}

#[test]
fn a_full_page_names_its_last_key_even_at_the_end() {
    let mut client = builds();
    let mut input = query("ProjectName = :p", json!({}));
    input["Limit"] = json!(12);
    let page = client.ok("Query", input.clone());
    assert_eq!(
        page["LastEvaluatedKey"],
        json!({"ProjectName": {"S": "shop"}, "BuildNumber": {"N": "12"}})
    );
    input["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    assert_eq!(client.ok("Query", input), json!({"Count": 0, "ScannedCount": 0, "Items": []}));
}

#[test]
fn a_page_ends_after_one_megabyte() {
    let mut client = Client::with_range_table();
    for build in 1..=4 {
        let item = json!({
            "ProjectName": {"S": "shop"}, "BuildNumber": {"N": build.to_string()},
            "Value": {"S": "x".repeat(390 * 1024)},
        });
        client.ok("PutItem", json!({"TableName": "ArtifactDB", "Item": item}));
    }
    let page = client.ok("Query", query("ProjectName = :p", json!({})));
    assert_eq!(numbers(&page), [1, 2, 3]);
    assert_eq!(page["LastEvaluatedKey"]["BuildNumber"], json!({"N": "3"}));
}

#[test]
fn a_filter_drops_items_after_they_were_counted_as_read() {
    let mut client = builds();
    let mut input = query("ProjectName = :p", json!({":v": {"S": "yes"}}));
    input["FilterExpression"] = json!("Tags.#k = :v");
    input["ExpressionAttributeNames"] = json!({"#k": "ok"});
    let page = client.ok("Query", input.clone());
    assert_eq!(numbers(&page), [3, 6, 9, 12]);
    assert_eq!((&page["Count"], &page["ScannedCount"]), (&json!(4), &json!(12)));
    input["Select"] = json!("COUNT");
    assert_eq!(client.ok("Query", input), json!({"Count": 4, "ScannedCount": 12}));
}

#[test]
fn a_scan_reads_every_item_once_page_by_page() {
    let mut client = builds();
    let mut input =
        json!({"TableName": "ArtifactDB", "Limit": 4, "ProjectionExpression": "BuildNumber"});
    let mut seen = Vec::new();
    loop {
        let page = client.ok("Scan", input.clone());
        seen.extend(numbers(&page));
        let Some(last) = page.get("LastEvaluatedKey") else { break };
        input["ExclusiveStartKey"] = last.clone();
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=12).chain([99]).collect::<Vec<_>>());
}

#[test]
fn strings_are_found_by_their_beginning() {
    let mut client = Client::new();
    client.ok(
        "CreateTable",
        json!({
            "TableName": "tbl", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "h", "AttributeType": "B"}, {"AttributeName": "r", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "h", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"},
            ],
        }),
    );
    for range in ["ab", "abc", "b"] {
        client.put(json!({"h": {"B": "AA=="}, "r": {"S": range}}));
    }
    let found = client.ok(
        "Query",
        json!({
            "TableName": "tbl", "KeyConditionExpression": "h = :h AND begins_with (r, :r)",
            "ExpressionAttributeValues": {":h": {"B": "AA=="}, ":r": {"S": "ab"}},
        }),
    );
    assert_eq!(found["Count"], 2);
}

#[test]
fn key_conditions_that_no_index_serves_are_refused() {
    let mut client = builds();
    let n = json!({":n": {"N": "3"}});
    for (condition, values, message) in [
        ("ProjectName < :p", json!({}), "Query key condition not supported"),
        (
            "ProjectName = :p AND BuildNumber <> :n",
            n.clone(),
            "Invalid operator used in KeyConditionExpression: <>",
        ),
        (
            "ProjectName = :p OR BuildNumber = :n",
            n.clone(),
            "Invalid operator used in KeyConditionExpression: OR",
        ),
        (
            "ProjectName = :p AND Elsewhere = :n",
            n.clone(),
            "Query condition missed key schema element: BuildNumber",
        ),
        (
            "ProjectName = :p AND BuildNumber > :n AND BuildNumber < :n",
            n,
            "KeyConditionExpressions must only contain one condition per key",
        ),
        (
            "ProjectName = :p AND BuildNumber = :p",
            json!({}),
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ),
    ] {
        assert_eq!(client.invalid("Query", query(condition, values)), message, "{condition}");
    }
    let by_build = json!({
        "TableName": "ArtifactDB", "KeyConditionExpression": "BuildNumber = :n",
        "ExpressionAttributeValues": {":n": {"N": "1"}},
    });
    assert_eq!(
        client.invalid("Query", by_build),
        "Query condition missed key schema element: ProjectName"
    );
}

#[test]
fn a_filter_may_not_name_the_key() {
    let mut client = builds();
    let mut input = query("ProjectName = :p", json!({":n": {"N": "1"}}));
    input["FilterExpression"] = json!("BuildNumber > :n");
    assert_eq!(
        client.invalid("Query", input),
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: BuildNumber"
    );
}
