//! The lock's table over the SDK.

mod attribute;
mod expression;

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamolock::{Held, Item, Outcome, PutCondition, Table, TableError, Update, names};
use ecs_deploy::cloud::CloudError;

use crate::call::Call;
use crate::tables;
use expression::Expression;

/// The table that holds the locks.
pub const LOCK_TABLE: &str = "DeployLock";

/// The lock table in one account and region.
pub(crate) struct LockTable {
    client: Client,
}

impl LockTable {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    fn outcome<T>(&self, answer: Result<T, CloudError>) -> Result<Outcome, TableError> {
        match answer {
            Ok(_) => Ok(Outcome::Done),
            Err(error) if error.code.as_deref() == Some("ConditionalCheckFailedException") => {
                Ok(Outcome::ConditionFailed)
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    fn failed(&self, error: CloudError) -> TableError {
        failed(tables::named(error, &self.client, LOCK_TABLE, &[(names::KEY, "S")]))
    }
}

#[async_trait]
impl Table for LockTable {
    fn name(&self) -> &str {
        LOCK_TABLE
    }

    async fn get(&self, key: &str) -> Result<Option<Item>, TableError> {
        let call = Call::lock("dynamodb:GetItem");
        let request = self
            .client
            .get_item()
            .table_name(LOCK_TABLE)
            .set_key(Some(row_key(key)))
            .consistent_read(true)
            .customize()
            .interceptor(call.fence());
        let answer = call.answer(request.send()).await.map_err(|error| self.failed(error))?;
        answer.item.map(attribute::item).transpose().map_err(TableError::refused)
    }

    async fn put(&self, item: Item, condition: PutCondition) -> Result<Outcome, TableError> {
        let call = Call::lock("dynamodb:PutItem");
        let mut expression = Expression::default();
        let request = self
            .client
            .put_item()
            .table_name(LOCK_TABLE)
            .set_item(Some(attribute::row(item)))
            .condition_expression(expression.put_condition(&condition))
            .set_expression_attribute_names(Some(std::mem::take(&mut expression.names)))
            .set_expression_attribute_values(expression.values())
            .customize()
            .interceptor(call.fence());
        self.outcome(call.answer(request.send()).await)
    }

    async fn update(&self, key: &str, update: Update, held: Held) -> Result<Outcome, TableError> {
        let call = Call::lock("dynamodb:UpdateItem");
        let mut expression = Expression::default();
        let request = self
            .client
            .update_item()
            .table_name(LOCK_TABLE)
            .set_key(Some(row_key(key)))
            .update_expression(expression.update(&update))
            .condition_expression(expression.held(&held))
            .set_expression_attribute_names(Some(std::mem::take(&mut expression.names)))
            .set_expression_attribute_values(expression.values())
            .customize()
            .interceptor(call.fence());
        self.outcome(call.answer(request.send()).await)
    }

    async fn delete(&self, key: &str, held: Held) -> Result<Outcome, TableError> {
        let call = Call::lock("dynamodb:DeleteItem");
        let mut expression = Expression::default();
        let request = self
            .client
            .delete_item()
            .table_name(LOCK_TABLE)
            .set_key(Some(row_key(key)))
            .condition_expression(expression.held(&held))
            .set_expression_attribute_names(Some(std::mem::take(&mut expression.names)))
            .set_expression_attribute_values(expression.values())
            .customize()
            .interceptor(call.fence());
        self.outcome(call.answer(request.send()).await)
    }
}

fn row_key(key: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([(names::KEY.to_owned(), AttributeValue::S(key.to_owned()))])
}

fn failed(error: CloudError) -> TableError {
    if is_too_large(&error) {
        return TableError::TooLarge(error.into());
    }
    if error.class.is_certain() { TableError::refused(error) } else { TableError::ambiguous(error) }
}

/// DynamoDB has no code of its own for it, and words it in two ways: "Item size has exceeded …" and
/// "Item size to update has exceeded …".
fn is_too_large(error: &CloudError) -> bool {
    error.code.as_deref() == Some("ValidationException")
        && error.message.starts_with("Item size")
        && error.message.contains("exceeded the maximum allowed size")
}

#[cfg(test)]
mod tests {
    use ecs_deploy::cloud::ErrorClass;

    use super::*;

    #[test]
    fn only_an_answer_that_is_missing_leaves_open_what_happened() {
        let error = |class| CloudError::new("dynamodb:PutItem", class, "x");
        assert!(failed(error(ErrorClass::Transient)).is_ambiguous());
        for class in [ErrorClass::Throttled, ErrorClass::Denied, ErrorClass::NotFound] {
            assert!(!failed(error(class)).is_ambiguous(), "{class:?}");
        }
    }

    #[test]
    fn an_item_over_the_limit_is_told_apart_from_other_calls_that_make_no_sense() {
        let refused = |message: &str| {
            let error = CloudError::new("dynamodb:PutItem", ErrorClass::Unknown, message);
            failed(CloudError { code: Some("ValidationException".into()), ..error })
        };
        for message in [
            "Item size has exceeded the maximum allowed size",
            "Item size to update has exceeded the maximum allowed size",
        ] {
            assert!(matches!(refused(message), TableError::TooLarge(_)), "{message}");
        }
        let other = refused("Invalid UpdateExpression: Syntax error");
        assert!(matches!(other, TableError::Refused(_)), "{other:?}");
    }
}
