//! Attribute values, both ways and of every type: a row's additional attributes must survive.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamolock::{Attribute, Item};

/// DynamoDB answered with an attribute of a type that this program does not know.
#[derive(Debug, thiserror::Error)]
#[error("attribute `{0}` is of a type that this program does not know")]
pub(super) struct UnknownType(String);

/// A row as the lock knows it.
pub(super) fn item(row: HashMap<String, AttributeValue>) -> Result<Item, UnknownType> {
    let attribute = |(name, value)| match from_sdk(value) {
        Some(attribute) => Ok((name, attribute)),
        None => Err(UnknownType(name)),
    };
    row.into_iter().map(attribute).collect()
}

/// A row as the SDK knows it.
pub(super) fn row(item: Item) -> HashMap<String, AttributeValue> {
    item.into_iter().map(|(name, value)| (name, to_sdk(value))).collect()
}

pub(super) fn to_sdk(attribute: Attribute) -> AttributeValue {
    match attribute {
        Attribute::S(text) => AttributeValue::S(text),
        Attribute::N(number) => AttributeValue::N(number),
        Attribute::B(bytes) => AttributeValue::B(Blob::new(bytes)),
        Attribute::Bool(truth) => AttributeValue::Bool(truth),
        Attribute::Null => AttributeValue::Null(true),
        Attribute::L(list) => AttributeValue::L(list.into_iter().map(to_sdk).collect()),
        Attribute::M(map) => AttributeValue::M(row(map)),
        Attribute::Ss(texts) => AttributeValue::Ss(texts),
        Attribute::Ns(numbers) => AttributeValue::Ns(numbers),
        Attribute::Bs(all) => AttributeValue::Bs(all.into_iter().map(Blob::new).collect()),
    }
}

fn from_sdk(value: AttributeValue) -> Option<Attribute> {
    Some(match value {
        AttributeValue::S(text) => Attribute::S(text),
        AttributeValue::N(number) => Attribute::N(number),
        AttributeValue::B(blob) => Attribute::B(blob.into_inner()),
        AttributeValue::Bool(truth) => Attribute::Bool(truth),
        AttributeValue::Null(_) => Attribute::Null,
        AttributeValue::L(list) => {
            Attribute::L(list.into_iter().map(from_sdk).collect::<Option<_>>()?)
        }
        AttributeValue::M(map) => Attribute::M(item(map).ok()?),
        AttributeValue::Ss(texts) => Attribute::Ss(texts),
        AttributeValue::Ns(numbers) => Attribute::Ns(numbers),
        AttributeValue::Bs(blobs) => {
            Attribute::Bs(blobs.into_iter().map(Blob::into_inner).collect())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_attribute_survives_both_ways() {
        let all = Item::from([
            ("s".to_owned(), Attribute::S(String::new())),
            ("n".to_owned(), Attribute::N("1.0000000000000000000000000000000001".to_owned())),
            ("b".to_owned(), Attribute::B(vec![0, 255])),
            ("bool".to_owned(), Attribute::Bool(false)),
            ("null".to_owned(), Attribute::Null),
            ("l".to_owned(), Attribute::L(vec![Attribute::Null, Attribute::S("x".to_owned())])),
            ("m".to_owned(), Attribute::M(Item::from([("x".to_owned(), Attribute::Bool(true))]))),
            ("ss".to_owned(), Attribute::Ss(vec!["a".to_owned()])),
            ("ns".to_owned(), Attribute::Ns(vec!["-1".to_owned()])),
            ("bs".to_owned(), Attribute::Bs(vec![vec![1]])),
        ]);
        assert_eq!(item(row(all.clone())).unwrap(), all);
    }
}
