//! Operations on tables.

use serde::Deserialize;
use serde_json::{Value, json};

use super::constraint::{choice, limit, required, table_name};
use super::validation;
use crate::model::dynamo::{Billing, KeyAttribute, KeySchema, KeyType, Table};
use crate::model::{ApiError, Scope};
use crate::wire::Call;

/// The most tables of one page of ListTables, which is the default, too.
const MAX_LISTED: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateTable {
    table_name: Option<String>,
    attribute_definitions: Option<Vec<AttributeDefinition>>,
    key_schema: Option<Vec<KeySchemaElement>>,
    billing_mode: Option<String>,
    provisioned_throughput: Option<ProvisionedThroughput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AttributeDefinition {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeySchemaElement {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProvisionedThroughput {
    read_capacity_units: u64,
    write_capacity_units: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NamedTable {
    table_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListTables {
    exclusive_start_table_name: Option<String>,
    limit: Option<i64>,
}

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: CreateTable = call.input(input)?;
    let name = table_name(input.table_name)?;
    let billing = billing(input.billing_mode.as_deref(), input.provisioned_throughput)?;
    let schema = key_schema(
        &required(input.key_schema, "keySchema")?,
        &required(input.attribute_definitions, "attributeDefinitions")?,
    )?;
    let table = call.cloud.region(&call.scope).dynamo.create(&name, schema, billing, call.now)?;
    Ok(json!({ "TableDescription": description(&name, table, "ACTIVE", &call.scope) }))
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: NamedTable = call.input(input)?;
    let name = table_name(input.table_name)?;
    let tables = &call.cloud.region(&call.scope).dynamo;
    let table = tables.table(&name).map_err(|error| named(error, &name))?;
    Ok(json!({ "Table": description(&name, table, "ACTIVE", &call.scope) }))
}

pub(super) fn delete(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: NamedTable = call.input(input)?;
    let name = table_name(input.table_name)?;
    let tables = &mut call.cloud.region(&call.scope).dynamo;
    let table = tables.delete(&name).map_err(|error| named(error, &name))?;
    Ok(json!({ "TableDescription": description(&name, &table, "DELETING", &call.scope) }))
}

pub(super) fn list(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ListTables = call.input(input)?;
    let limit = limit(input.limit, MAX_LISTED as i64)?.unwrap_or(MAX_LISTED);
    let start = input.exclusive_start_table_name.unwrap_or_default();
    let tables = &call.cloud.region(&call.scope).dynamo;
    let mut names: Vec<&str> =
        tables.names().filter(|name| *name > start.as_str()).take(limit + 1).collect();
    let more = names.len() > limit;
    names.truncate(limit);
    let mut answer = json!({ "TableNames": names });
    if more {
        answer["LastEvaluatedTableName"] = json!(names.last());
    }
    Ok(answer)
}

/// The operations on tables name the one that they miss; those on items do not.
fn named(error: ApiError, table: &str) -> ApiError {
    let message = format!("{}: Table: {table} not found", error.message);
    ApiError { message, ..error }
}

fn billing(
    mode: Option<&str>,
    throughput: Option<ProvisionedThroughput>,
) -> Result<Billing, ApiError> {
    let provisioned =
        choice(mode, "billingMode", &[("PROVISIONED", true), ("PAY_PER_REQUEST", false)])?;
    match (provisioned, throughput) {
        (false, None) => Ok(Billing::PayPerRequest),
        (true, Some(units)) if units.read_capacity_units > 0 && units.write_capacity_units > 0 => {
            Ok(Billing::Provisioned {
                read: units.read_capacity_units,
                write: units.write_capacity_units,
            })
        }
        (false, Some(_)) => Err(invalid(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode \
             is PAY_PER_REQUEST",
        )),
        (true, _) => Err(invalid(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is \
             PROVISIONED",
        )),
    }
}

fn key_schema(
    elements: &[KeySchemaElement],
    definitions: &[AttributeDefinition],
) -> Result<KeySchema, ApiError> {
    let attribute = |element: &KeySchemaElement| attribute(element, elements, definitions);
    let (hash, range) = match elements {
        [hash] => (hash, None),
        [hash, range] => (hash, Some(range)),
        _ => return Err(validation("The KeySchema must have one or two elements")),
    };
    let schema = KeySchema { hash: attribute(hash)?, range: range.map(attribute).transpose()? };
    check_roles(hash, range)?;
    if definitions.len() != elements.len() {
        return Err(invalid(
            "Number of attributes in KeySchema does not exactly match number of attributes \
             defined in AttributeDefinitions",
        ));
    }
    Ok(schema)
}

fn check_roles(hash: &KeySchemaElement, range: Option<&KeySchemaElement>) -> Result<(), ApiError> {
    let message = if range.is_some_and(|range| range.attribute_name == hash.attribute_name) {
        "Both the Hash Key and the Range Key element in the KeySchema have the same name"
    } else if hash.key_type != "HASH" {
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
    } else if range.is_some_and(|range| range.key_type != "RANGE") {
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
    } else {
        return Ok(());
    };
    Err(validation(message))
}

/// The attribute that an element of the key schema names, with its defined type.
fn attribute(
    element: &KeySchemaElement,
    elements: &[KeySchemaElement],
    definitions: &[AttributeDefinition],
) -> Result<KeyAttribute, ApiError> {
    let name = &element.attribute_name;
    let defined = definitions.iter().find(|defined| defined.attribute_name == *name);
    let Some(defined) = defined else {
        let keys: Vec<&str> = elements.iter().map(|key| key.attribute_name.as_str()).collect();
        let names: Vec<&str> = definitions.iter().map(|d| d.attribute_name.as_str()).collect();
        return Err(invalid(&format!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], \
             AttributeDefinitions: [{}]",
            keys.join(", "),
            names.join(", ")
        )));
    };
    let types = [("S", KeyType::S), ("N", KeyType::N), ("B", KeyType::B)];
    let kind = choice(Some(&defined.attribute_type), "attributeDefinitions.attributeType", &types)?;
    Ok(KeyAttribute::new(name, kind))
}

fn description(name: &str, table: &Table, status: &str, scope: &Scope) -> Value {
    let (read, write) = match table.billing {
        Billing::PayPerRequest => (0, 0),
        Billing::Provisioned { read, write } => (read, write),
    };
    let roles = ["HASH", "RANGE"];
    let keys = || table.schema.attributes().zip(roles);
    let mut description = json!({
        "TableName": name,
        "TableArn": format!("arn:aws:dynamodb:{}:{}:table/{name}", scope.region, scope.account),
        "TableStatus": status,
        "CreationDateTime": table.created.epoch_seconds(),
        "KeySchema": keys()
            .map(|(key, role)| json!({ "AttributeName": key.name, "KeyType": role }))
            .collect::<Value>(),
        "AttributeDefinitions": keys()
            .map(|(key, _)| json!({ "AttributeName": key.name, "AttributeType": key.kind.name() }))
            .collect::<Value>(),
        "ProvisionedThroughput": {
            "ReadCapacityUnits": read, "WriteCapacityUnits": write, "NumberOfDecreasesToday": 0,
        },
        "ItemCount": table.len(),
        "TableSizeBytes": table.size(),
        "DeletionProtectionEnabled": false,
    });
    if table.billing == Billing::PayPerRequest {
        description["BillingModeSummary"] = json!({ "BillingMode": "PAY_PER_REQUEST" });
    }
    description
}

fn invalid(message: &str) -> ApiError {
    validation(format!("One or more parameter values were invalid: {message}"))
}
