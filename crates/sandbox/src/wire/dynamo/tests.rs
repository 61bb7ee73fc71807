use bytes::Bytes;
use serde_json::{Value, json};

use crate::model::{Cloud, Settings, Time};
use crate::wire::handle;

mod dynamolock;
mod items;
mod reads;
mod tables;
mod updates;

/// A cloud and a client's way to speak to it.
struct Client {
    cloud: Cloud,
}

impl Client {
    fn new() -> Self {
        Self { cloud: Cloud::new(Settings::default()) }
    }

    /// With a table `t` of hash key `key` (S).
    fn with_hash_table() -> Self {
        let mut client = Self::new();
        client.ok(
            "CreateTable",
            json!({
                "TableName": "tbl", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "key", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "key", "KeyType": "HASH"}],
            }),
        );
        client
    }

    /// With a table `ArtifactDB` of hash key `ProjectName` (S) and range key `BuildNumber` (N).
    fn with_range_table() -> Self {
        let mut client = Self::new();
        client.ok(
            "CreateTable",
            json!({
                "TableName": "ArtifactDB", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": "BuildNumber", "AttributeType": "N"},
                    {"AttributeName": "ProjectName", "AttributeType": "S"},
                ],
                "KeySchema": [
                    {"AttributeName": "ProjectName", "KeyType": "HASH"},
                    {"AttributeName": "BuildNumber", "KeyType": "RANGE"},
                ],
            }),
        );
        client
    }

    fn call(&mut self, operation: &str, input: &Value) -> (u16, Value) {
        let request = http::Request::post("/")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/dynamodb/aws4_request, \
                 SignedHeaders=host, Signature=0",
            )
            .body(Bytes::from(input.to_string()))
            .unwrap();
        let response = handle(&mut self.cloud, request, Time::default());
        let body = serde_json::from_slice(response.body()).unwrap();
        (response.status().as_u16(), body)
    }

    #[track_caller]
    fn ok(&mut self, operation: &str, input: Value) -> Value {
        let (status, body) = self.call(operation, &input);
        assert_eq!(status, 200, "{operation} {input}: {body}");
        body
    }

    /// The short error code, the message and the whole body of a call that fails.
    #[track_caller]
    fn error(&mut self, operation: &str, input: Value) -> (String, String, Value) {
        let (status, body) = self.call(operation, &input);
        assert_eq!(status, 400, "{operation} {input}: {body}");
        let code = body["__type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
        let message = body["message"].as_str().unwrap().to_owned();
        (code, message, body)
    }

    /// The message of a ValidationException.
    #[track_caller]
    fn invalid(&mut self, operation: &str, input: Value) -> String {
        let (code, message, _) = self.error(operation, input);
        assert_eq!(code, "ValidationException", "{message}");
        message
    }

    #[track_caller]
    fn put(&mut self, item: Value) {
        self.ok("PutItem", json!({ "TableName": "tbl", "Item": item }));
    }

    #[track_caller]
    fn get(&mut self, key: &str) -> Value {
        let input =
            json!({ "TableName": "tbl", "Key": {"key": {"S": key}}, "ConsistentRead": true });
        self.ok("GetItem", input)["Item"].take()
    }
}
