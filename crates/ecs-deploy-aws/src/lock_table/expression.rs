//! The lock's conditions and updates, in DynamoDB's language.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use dynamolock::{Held, PutCondition, Update, names};

use super::attribute;

/// An expression under construction: the names and values that its placeholders stand for. All
/// names are placeholders, as some are reserved words.
#[derive(Default)]
pub(super) struct Expression {
    pub(super) names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expression {
    /// The values, if there are any: an empty map is refused.
    pub(super) fn values(self) -> Option<HashMap<String, AttributeValue>> {
        (!self.values.is_empty()).then_some(self.values)
    }

    fn name(&mut self, name: &str) -> String {
        let placeholder = format!("#{name}");
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    fn equals(&mut self, name: &str, text: &str) -> String {
        let value = self.value(AttributeValue::S(text.to_owned()));
        format!("{} = {value}", self.name(name))
    }

    /// The condition of a put.
    pub(super) fn put_condition(&mut self, condition: &PutCondition) -> String {
        let key = self.name(names::KEY);
        match condition {
            PutCondition::Absent => format!("attribute_not_exists({key})"),
            PutCondition::Released(version) => {
                let released = self.equals(names::IS_RELEASED, "1");
                let seen = format!("attribute_exists({key}) AND {released}");
                let Some(version) = version else { return seen };
                format!("{seen} AND {}", self.equals(names::RECORD_VERSION_NUMBER, version))
            }
            PutCondition::Version(version) => {
                let same = self.equals(names::RECORD_VERSION_NUMBER, version);
                format!("attribute_exists({key}) AND {same}")
            }
        }
    }

    /// The condition of every write by the holder.
    pub(super) fn held(&mut self, held: &Held) -> String {
        let key = self.name(names::KEY);
        let version = self.equals(names::RECORD_VERSION_NUMBER, &held.version);
        let owner = self.equals(names::OWNER_NAME, &held.owner);
        format!("attribute_exists({key}) AND {version} AND {owner}")
    }

    /// What the holder writes.
    pub(super) fn update(&mut self, update: &Update) -> String {
        let mut set = Vec::new();
        for (name, value) in update.set() {
            let value = self.value(attribute::to_sdk(value.clone()));
            set.push(format!("{} = {value}", self.name(name)));
        }
        let mut expression = format!("SET {}", set.join(", "));
        let remove: Vec<_> = update.remove().iter().map(|name| self.name(name)).collect();
        if !remove.is_empty() {
            expression.push_str(&format!(" REMOVE {}", remove.join(", ")));
        }
        expression
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_put_was_absent_or_released_by_the_owner_that_was_seen() {
        let condition = |it| Expression::default().put_condition(&it);
        assert_eq!(condition(PutCondition::Absent), "attribute_not_exists(#key)");
        assert_eq!(
            condition(PutCondition::Released(Some("7".to_owned()))),
            "attribute_exists(#key) AND #isReleased = :v0 AND #recordVersionNumber = :v1"
        );
        assert_eq!(
            condition(PutCondition::Released(None)),
            "attribute_exists(#key) AND #isReleased = :v0"
        );
    }

    #[test]
    fn names_and_values_stand_for_their_placeholders() {
        let mut expression = Expression::default();
        expression.put_condition(&PutCondition::Released(Some("7".to_owned())));
        assert_eq!(expression.values[":v0"], AttributeValue::S("1".to_owned()));
        assert_eq!(expression.values[":v1"], AttributeValue::S("7".to_owned()));
        assert_eq!(expression.names["#isReleased"], "isReleased");
    }

    #[test]
    fn a_holder_is_known_by_version_and_name() {
        let held = Held { owner: "me".to_owned(), version: "7".to_owned() };
        let mut expression = Expression::default();
        assert_eq!(
            expression.held(&held),
            "attribute_exists(#key) AND #recordVersionNumber = :v0 AND #ownerName = :v1"
        );
        assert_eq!(expression.values[":v0"], AttributeValue::S("7".to_owned()));
        assert_eq!(expression.values[":v1"], AttributeValue::S("me".to_owned()));
    }
}
