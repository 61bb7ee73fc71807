//! A table that is not there, and the command that makes it.

use aws_sdk_dynamodb::Client;
use ecs_deploy::cloud::{CloudError, ErrorClass};

/// An attribute of a table's key: its name and its type.
pub(crate) type KeyAttribute = (&'static str, &'static str);

/// Tells which table is missing: DynamoDB itself does not say it.
pub(crate) fn named(
    error: CloudError,
    client: &Client,
    table: &str,
    key: &[KeyAttribute],
) -> CloudError {
    if error.class != ErrorClass::NotFound {
        return error;
    }
    let region = client.config().region().map_or("AWS_REGION", |region| region.as_ref());
    let message = format!(
        "there is no table {table} in {region}; check the account and the region, or make it with \
         `{}`",
        command(region, table, key)
    );
    // AWS's code and request id would add nothing to that.
    CloudError::new(error.action, error.class, message)
}

/// The command of the AWS CLI that makes a table; the first attribute is the hash key.
fn command(region: &str, table: &str, key: &[KeyAttribute]) -> String {
    let attributes: Vec<String> = key
        .iter()
        .map(|(name, kind)| format!("AttributeName={name},AttributeType={kind}"))
        .collect();
    let schema: Vec<String> = key
        .iter()
        .zip(["HASH", "RANGE"])
        .map(|((name, _), role)| format!("AttributeName={name},KeyType={role}"))
        .collect();
    format!(
        "aws dynamodb create-table --region {region} --table-name {table} \
         --attribute-definitions {} --key-schema {} --billing-mode PAY_PER_REQUEST",
        attributes.join(" "),
        schema.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_names_each_attribute_with_its_type_and_its_role() {
        assert_eq!(
            command("eu-west-1", "T", &[("Project", "S"), ("Build", "N")]),
            "aws dynamodb create-table --region eu-west-1 --table-name T \
             --attribute-definitions AttributeName=Project,AttributeType=S \
             AttributeName=Build,AttributeType=N --key-schema AttributeName=Project,KeyType=HASH \
             AttributeName=Build,KeyType=RANGE --billing-mode PAY_PER_REQUEST"
        );
    }
}
