use super::*;

#[test]
fn a_new_table_is_active_at_once_and_described() {
    let mut client = Client::with_range_table();
    let table = client.ok("DescribeTable", json!({"TableName": "ArtifactDB"}))["Table"].take();
    assert_eq!(table["TableStatus"], "ACTIVE");
    assert_eq!(table["TableArn"], "arn:aws:dynamodb:us-east-1:111111111111:table/ArtifactDB");
    assert_eq!(
        table["KeySchema"],
        json!([
            {"AttributeName": "ProjectName", "KeyType": "HASH"},
            {"AttributeName": "BuildNumber", "KeyType": "RANGE"},
        ])
    );
    assert_eq!(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
}

#[test]
fn a_table_can_be_made_once_and_deleted_once() {
    let mut client = Client::with_hash_table();
    let create = json!({
        "TableName": "tbl",
        "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2},
    });
    let (code, message, _) = client.error("CreateTable", create.clone());
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("ResourceInUseException", "Table already exists: tbl")
    );
    let deleted = client.ok("DeleteTable", json!({"TableName": "tbl"}));
    assert_eq!(deleted["TableDescription"]["TableStatus"], "DELETING");
    let (code, message, _) = client.error("DeleteTable", json!({"TableName": "tbl"}));
    assert_eq!(code, "ResourceNotFoundException");
    assert_eq!(message, "Requested resource not found: Table: tbl not found");
    let created = client.ok("CreateTable", create);
    assert_eq!(created["TableDescription"]["ProvisionedThroughput"]["WriteCapacityUnits"], 2);
}

#[test]
fn tables_are_listed_in_order_page_by_page() {
    let mut client = Client::new();
    for name in ["tbl-c", "tbl-a", "tbl-b"] {
        client.ok(
            "CreateTable",
            json!({
                "TableName": name, "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
            }),
        );
    }
    assert_eq!(
        client.ok("ListTables", json!({"Limit": 2})),
        json!({"TableNames": ["tbl-a", "tbl-b"], "LastEvaluatedTableName": "tbl-b"})
    );
    assert_eq!(
        client.ok("ListTables", json!({"ExclusiveStartTableName": "tbl-b"})),
        json!({"TableNames": ["tbl-c"]})
    );
}

#[test]
fn what_makes_no_table_is_refused() {
    let mut client = Client::new();
    let create = |definitions: Value, schema: Value| {
        json!({
            "TableName": "tbl", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": definitions, "KeySchema": schema,
        })
    };
    let s = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    for (input, message) in [
        (
            create(json!([s("a")]), json!([key("b", "HASH")])),
            "One or more parameter values were invalid: Some index key attributes are not defined \
             in AttributeDefinitions. Keys: [b], AttributeDefinitions: [a]",
        ),
        (
            create(json!([s("a")]), json!([key("a", "RANGE")])),
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            create(json!([s("a"), s("b")]), json!([key("a", "HASH")])),
            "One or more parameter values were invalid: Number of attributes in KeySchema does not \
             exactly match number of attributes defined in AttributeDefinitions",
        ),
        (
            json!({"TableName": "a!"}),
            "1 validation error detected: Value 'a!' at 'tableName' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        ),
        (
            json!({}),
            "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: \
             Member must not be null",
        ),
    ] {
        assert_eq!(client.invalid("CreateTable", input), message);
    }
}

#[test]
fn accounts_and_regions_have_tables_of_their_own() {
    use crate::model::Scope;
    let mut client = Client::with_hash_table();
    let elsewhere = Scope { account: "111111111111".into(), region: "eu-west-1".into() };
    assert_eq!(client.cloud.region(&elsewhere).dynamo.names().count(), 0);
    let here = Scope { region: "us-east-1".into(), ..elsewhere };
    assert_eq!(client.cloud.region(&here).dynamo.names().collect::<Vec<_>>(), ["tbl"]);
}
